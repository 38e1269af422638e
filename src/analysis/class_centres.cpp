#include "analysis/class_centres.h"

#include <cmath>

namespace wattfor {

std::vector<const ModelFamily*> families_of(const ModelTable& table) {
  std::vector<const ModelFamily*> families(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool is_same = row > 0 && table.models[row].model == table.models[row - 1].model;
    families[row] = is_same ? families[row - 1] : family_of(table.models[row].model);
  }
  return families;
}

std::vector<ClassCentre> class_centres(const JudgedModels& models,
                                       std::span<const ModelFamily* const> families) {
  std::vector<ClassCentre> centres;
  for (const ModelClass model_class : enumerators<ModelClass>) {
    ClassCentre centre{.model_class = model_class};
    double sum_of_logarithms = 0.0;
    double sum_of_accuracies = 0.0;
    for (std::size_t i = 0; i < models.rows.size(); ++i) {
      const ModelFamily* family = families[models.rows[i]];
      if (family == nullptr || family->model_class != model_class) continue;
      ++centre.models;
      sum_of_logarithms += std::log(models.points[i].energy.value());
      sum_of_accuracies += models.points[i].accuracy_percent;
    }
    if (centre.models == 0) continue;
    const auto count = static_cast<double>(centre.models);
    centre.energy_j = std::exp(sum_of_logarithms / count);
    centre.accuracy_percent = sum_of_accuracies / count;
    centres.push_back(centre);
  }
  return centres;
}

}  // namespace wattfor
