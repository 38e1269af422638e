#include "analysis/nested_logarithm.h"

#include <cmath>
#include <cstddef>

namespace wattfor {

void fit_linear_part(std::span<const double> z, std::span<const double> accuracy,
                     std::span<const double> weights, NestedLogarithm& curve) {
  double sum = 0.0;
  double sum_z = 0.0;
  double sum_accuracy = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    sum += weights[i];
    sum_z += weights[i] * z[i];
    sum_accuracy += weights[i] * accuracy[i];
  }
  const double mean_z = sum_z / sum;
  const double mean_accuracy = sum_accuracy / sum;
  double zz = 0.0;
  double za = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    zz += weights[i] * (z[i] - mean_z) * (z[i] - mean_z);
    za += weights[i] * (z[i] - mean_z) * (accuracy[i] - mean_accuracy);
  }
  curve.a = za / zz;
  curve.at_least = mean_accuracy - curve.a * mean_z;
}

std::optional<double> log10_energy_at_100_percent(const NestedLogarithm& curve, double least_log) {
  if (!(curve.a > 0.0)) return std::nullopt;
  const double log_energy = least_log + curve.u * std::expm1((100.0 - curve.at_least) / curve.a);
  const double decades = log_energy / std::log(10.0);
  return std::isfinite(decades) ? std::optional(decades) : std::nullopt;
}

}  // namespace wattfor
