#include "analysis/judged_models.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/ranking.h"

namespace wattfor {

JudgedModels judged_models(const SetupColumns& setup, std::span<const double> accuracy_percent) {
  JudgedModels models;
  for (std::size_t row = 0; row < setup.energy_j.values().size(); ++row) {
    const double energy_j = setup.energy_j[row];
    if (!(energy_j > 0.0) || std::isnan(accuracy_percent[row])) continue;
    models.rows.push_back(row);
    models.points.push_back(
        {.accuracy_percent = accuracy_percent[row], .energy = Joules(energy_j)});
  }
  return models;
}

JudgedModels front_of(const JudgedModels& models) {
  const std::vector<bool> is_on_front = pareto_front(models.points);
  std::vector<std::size_t> places(models.rows.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::erase_if(places, [&](std::size_t place) { return !is_on_front[place]; });
  std::ranges::stable_sort(places, {},
                           [&](std::size_t place) { return models.points[place].energy; });
  JudgedModels front;
  for (const std::size_t place : places) {
    front.rows.push_back(models.rows[place]);
    front.points.push_back(models.points[place]);
  }
  return front;
}

std::vector<double> mean_accuracy(const ModelTable& table, std::span<const std::string> test_sets) {
  std::vector<std::span<const double>> columns;
  columns.reserve(test_sets.size());
  for (const std::string& test_set : test_sets) {
    const TestSetColumn* column = table.test_set(test_set);
    columns.push_back(column == nullptr ? std::span<const double>()
                                        : column->top1_percent.values());
  }
  return mean_of(columns, table.rows());
}

}  // namespace wattfor
