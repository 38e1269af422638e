#pragma once

#include <optional>
#include <span>

namespace wattfor {

// An exponential y = a·exp(rate·x) by least squares in the scale of y itself, so that its residual
// sum compares with a line's; a fit of ln y would weigh the small ones more. `log_a` is ln a, y in
// its own unit: a itself leaves the range of a double where x are years. The errors are standard
// errors of the linearised fit (n − 2 degrees of freedom).
struct ExponentialFit {
  double log_a = 0.0;
  double rate = 0.0;  // per unit of x; ln 2 / rate is the doubling time
  double log_a_error = 0.0;
  double rate_error = 0.0;
  double residual_sum_of_squares = 0.0;
  std::optional<double>
      r_squared;               // 1 − RSS / Σ(y−ȳ)², in the scale of y; nothing for a constant y
  std::optional<double> aicc;  // k = 3: a, rate, variance; nothing below five rows
};

// By Levenberg's and Marquardt's steps from the straight line through ln y. Undefined where the
// columns differ in length, have fewer than three rows, hold a number that is not finite or a y
// that is not above zero, where x is constant, or where the steps don't settle.
std::optional<ExponentialFit> fit_exponential(std::span<const double> x, std::span<const double> y);

}  // namespace wattfor
