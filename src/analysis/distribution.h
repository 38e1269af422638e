#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace wattfor {

// How numbers above zero are spread. The geometric figures are as in log_ratio.h.
struct Distribution {
  std::size_t count = 0;
  double geometric_mean = 0.0;
  double geometric_deviation = 1.0;
  double least = 0.0;
  double low = 0.0;  // the 2.5 % quantile …
  double median = 0.0;
  double high = 0.0;  // … and the 97.5 % quantile
  double greatest = 0.0;
};

// Undefined for fewer than two numbers, and where one is not finite or not above zero. n·log n.
std::optional<Distribution> distribution_of(std::vector<double> numbers);

// Of numbers in ascending order, at least one: the value below which that share of them lies, on
// the straight line between the two next to it (type 7 of Hyndman and Fan, "Sample Quantiles in
// Statistical Packages", 1996, as numpy and R take it).
double quantile(const std::vector<double>& ascending, double share);

}  // namespace wattfor
