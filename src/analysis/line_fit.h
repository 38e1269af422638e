#pragma once

#include <optional>
#include <span>

namespace wattfor {

// A straight line y = intercept + slope·x by ordinary least squares. Units: those of y, and of y
// per x. The errors are standard errors from the scatter about the line (n − 2 degrees of freedom),
// true for independent errors of one size.
struct LineFit {
  double intercept = 0.0;
  double slope = 0.0;
  double intercept_error = 0.0;
  double slope_error = 0.0;
  double residual_sum_of_squares = 0.0;
  std::optional<double> r_squared;  // 1 − RSS / Σ(y−ȳ)²; nothing where y is constant
  std::optional<double> aicc;       // k = 3: intercept, slope, variance; nothing below five rows
};

// Undefined where the columns differ in length, have fewer than three rows, hold a number that is
// not finite, or where x is constant.
std::optional<LineFit> fit_line(std::span<const double> x, std::span<const double> y);

}  // namespace wattfor
