#pragma once

#include <optional>
#include <span>

namespace wattfor {

// What statistics of columns are made from.

bool all_finite(std::span<const double> column);

// Means of two columns and the sums of squares and products about them, in the columns' units.
struct Moments {
  double mean_x = 0.0;
  double mean_y = 0.0;
  double xx = 0.0;
  double xy = 0.0;
  double yy = 0.0;
};

// In two passes, the second about the means of the first and corrected for their rounding (Chan,
// Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983), so a small spread on a
// large mean keeps its digits; of a constant column the sums are exactly zero. Nothing where the
// columns are empty or of unequal length, a number in them is not finite, or a sum overflows.
std::optional<Moments> moments_of(std::span<const double> x, std::span<const double> y);

}  // namespace wattfor
