#pragma once

#include <cstddef>
#include <optional>

namespace wattfor {

// Akaike's criterion for least squares, corrected for few observations (Hurvich and Tsai,
// "Regression and Time Series Model Selection in Small Samples", 1989):
//
//   AICc = n·ln(RSS/n) + 2k + 2k(k+1)/(n−k−1)
//
// k counts every parameter that was fitted, the variance of the errors among them: 3 for two
// coefficients. Less is better; only curves fitted to the same y, in the same scale, compare (the
// constant n·(ln 2π + 1) is left out). Undefined where n ≤ k + 1, where the residual sum is not
// finite, and where it is zero: a curve through every point leaves no error to judge by, and one
// that misses them by rounding alone has an AICc that says no more.
std::optional<double> corrected_akaike(double residual_sum_of_squares, std::size_t observations,
                                       std::size_t parameters);

}  // namespace wattfor
