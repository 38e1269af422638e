#include "analysis/aicc.h"

#include <cmath>

namespace wattfor {

std::optional<double> corrected_akaike(double residual_sum_of_squares, std::size_t observations,
                                       std::size_t parameters) {
  const bool has_error = residual_sum_of_squares > 0.0 && std::isfinite(residual_sum_of_squares);
  if (!has_error || observations <= parameters + 1) return std::nullopt;
  const auto n = static_cast<double>(observations);
  const auto k = static_cast<double>(parameters);
  return n * std::log(residual_sum_of_squares / n) + 2.0 * k + 2.0 * k * (k + 1.0) / (n - k - 1.0);
}

}  // namespace wattfor
