#include "analysis/model_traits.h"

namespace wattfor {

TraitColumns traits_of(std::span<const ModelKey> models) {
  TraitColumns traits{.model_class = std::vector<double>(models.size(), not_known),
                      .family = std::vector<double>(models.size(), not_known),
                      .year = std::vector<double>(models.size(), not_known)};
  const ModelFamily* family = nullptr;
  for (std::size_t row = 0; row < models.size(); ++row) {
    const bool is_same_model = row > 0 && models[row].model == models[row - 1].model;
    if (!is_same_model) family = family_of(models[row].model);
    if (family == nullptr) continue;
    traits.model_class[row] = number_of(family->model_class);
    traits.family[row] = static_cast<double>(family - model_families().data());
    traits.year[row] = family->year;
  }
  return traits;
}

double number_of(ModelClass model_class) { return static_cast<double>(model_class); }

}  // namespace wattfor
