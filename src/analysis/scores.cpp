#include "analysis/scores.h"

#include <cmath>

namespace wattfor {
namespace {

bool has_score(double accuracy_percent, Joules energy) {
  return accuracy_percent >= 0.0 && accuracy_percent <= 100.0 && energy > Joules(0.0) &&
         std::isfinite(energy.value());
}

}  // namespace

std::optional<double> efficiency(double accuracy_percent, Joules energy) {
  if (!has_score(accuracy_percent, energy)) return std::nullopt;
  return accuracy_percent / energy.value();
}

std::optional<double> weighted_manhattan(double accuracy_percent, Joules energy, Joules greatest,
                                         double weight) {
  const bool has_norm = greatest > Joules(0.0) && std::isfinite(greatest.value());
  const bool has_weight = weight >= 0.0 && weight <= 1.0;
  if (!has_score(accuracy_percent, energy) || !has_norm || !has_weight) return std::nullopt;
  return 100.0 -
         (weight * (energy / greatest) * 100.0 + (1.0 - weight) * (100.0 - accuracy_percent));
}

}  // namespace wattfor
