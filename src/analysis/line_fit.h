#pragma once

#include <cstddef>
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
  std::size_t rows = 0;
  double mean_x = 0.0;
};

// Undefined where the columns differ in length, have fewer than three rows, hold a number that is
// not finite, or where x is constant.
std::optional<LineFit> fit_line(std::span<const double> x, std::span<const double> y);

// How many standard deviations of a t distribution with the fit's degrees of freedom hold 95 %.
double t_of_95_percent(const LineFit& fit);

// What a further row at x would have, with its 95 % prediction interval: the scatter of single rows
// and what is not known of the line, wider the further x lies from the rows that were fitted
// (Draper and Smith, Applied Regression Analysis, 3rd ed., 1998, section 3.1).
struct LinePrediction {
  double value = 0.0;
  double low = 0.0;
  double high = 0.0;
};
LinePrediction predict_at(const LineFit& fit, double x);

}  // namespace wattfor
