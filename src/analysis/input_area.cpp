#include "analysis/input_area.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/column.h"
#include "analysis/distribution.h"

namespace wattfor {
namespace {

double increase_percent(double from, double to) { return 100.0 * (to / from - 1.0); }

// The rows of one weight set that have an energy and an area.
using Sizes = std::vector<std::size_t>;

// Calls `use` with each weight set's rows: the table's order keeps them together.
template <class Use>
void for_each_weight_set(const ModelTable& table, const SetupColumns& setup, const Use& use) {
  Sizes sizes;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (row > 0 && table.models[row].model != table.models[row - 1].model) {
      use(sizes);
      sizes.clear();
    }
    const bool is_known = setup.energy_j[row] > 0.0 && table.models[row].input_size > 0;
    if (is_known) sizes.push_back(row);
  }
  use(sizes);
}

double area_of(const ModelTable& table, std::size_t row) {
  const double side = table.models[row].input_size;
  return side * side;
}

// Sizes of one weight set differ, so the areas have a spread.
double exponent_of(const ModelTable& table, const SetupColumns& setup, const Sizes& sizes) {
  std::vector<double> areas;
  std::vector<double> energies;
  for (const std::size_t row : sizes) {
    areas.push_back(std::log(area_of(table, row)));
    energies.push_back(std::log(setup.energy_j[row]));
  }
  const Moments moments = moments_of(areas, energies).value();
  return moments.xy / moments.xx;
}

// Over the area, of the steps that have the quantity.
std::optional<LineFit> line_through(const std::vector<SizeStep>& steps,
                                    double SizeStep::* quantity) {
  std::vector<double> areas;
  std::vector<double> numbers;
  for (const SizeStep& step : steps) {
    if (!std::isfinite(step.*quantity)) continue;
    areas.push_back(step.area_percent);
    numbers.push_back(step.*quantity);
  }
  return fit_line(areas, numbers);
}

}  // namespace

std::vector<InputAreaEffect> input_area_effects(const ModelTable& table,
                                                std::span<const double> accuracy_percent,
                                                std::span<const SetupColumns* const> setups) {
  std::vector<InputAreaEffect> effects;
  for (const SetupColumns* setup : setups) {
    InputAreaEffect effect;
    effect.setup = setup->setup.id;
    std::vector<double> exponents;
    for_each_weight_set(table, *setup, [&](const Sizes& sizes) {
      if (sizes.size() < 2) return;
      exponents.push_back(exponent_of(table, *setup, sizes));
      const std::size_t first = sizes.front();
      for (const std::size_t row : std::span(sizes).subspan(1)) {
        effect.steps.push_back(
            {.row = row,
             .area_percent = increase_percent(area_of(table, first), area_of(table, row)),
             .energy_percent = increase_percent(setup->energy_j[first], setup->energy_j[row]),
             .accuracy_percent = increase_percent(accuracy_percent[first], accuracy_percent[row])});
      }
    });
    if (exponents.empty()) continue;
    std::ranges::sort(exponents);
    effect.weights = exponents.size();
    effect.exponent_low = quantile(exponents, 0.025);
    effect.exponent_median = quantile(exponents, 0.5);
    effect.exponent_high = quantile(exponents, 0.975);
    effect.energy_percent = line_through(effect.steps, &SizeStep::energy_percent);
    effect.accuracy_percent = line_through(effect.steps, &SizeStep::accuracy_percent);
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace wattfor
