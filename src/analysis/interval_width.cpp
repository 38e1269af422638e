#include "analysis/interval_width.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace wattfor {
namespace {

constexpr double held_share = 0.9;
// Between −1.645 and 1.645 lie 90 % of a standard normal distribution.
constexpr double normal_deviations = 1.6448536269514722;
constexpr std::size_t fewest_of_a_class = 50;

// With fewer than nine errors, none is great enough: the normal distribution's, at least.
double width_of(std::vector<double> deviations) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(held_share * static_cast<double>(deviations.size() + 1)));
  if (rank > deviations.size()) {
    deviations.push_back(normal_deviations);
    return std::ranges::max(deviations);
  }
  const auto at = deviations.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(deviations, at);
  return *at;
}

}  // namespace

IntervalWidth::IntervalWidth(std::span<const ClaimedError> errors) {
  std::vector<double> all;
  std::map<ModelClass, std::vector<double>> classes;
  for (const ClaimedError& error : errors) {
    all.push_back(error.deviations);
    if (error.model_class) classes[*error.model_class].push_back(error.deviations);
  }
  of_all_ = width_of(std::move(all));
  for (auto& [model_class, deviations] : classes) {
    if (deviations.size() < fewest_of_a_class) continue;
    of_class_[model_class] = width_of(std::move(deviations));
  }
}

double IntervalWidth::deviations(std::optional<ModelClass> model_class) const {
  if (!model_class) return of_all_;
  const auto found = of_class_.find(*model_class);
  return found == of_class_.end() ? of_all_ : found->second;
}

}  // namespace wattfor
