#pragma once

#include <optional>
#include <span>

namespace wattfor {

// How many times the numbers of one column those of another are: the "reduction factor" between two
// setups. Both figures are factors, without a unit: two thirds of log-normal ratios lie between
// mean / deviation and mean · deviation.
struct LogRatio {
  double geometric_mean = 1.0;       // exp of the mean of ln(aᵢ/bᵢ)
  double geometric_deviation = 1.0;  // exp of its standard deviation, with n − 1
};

// Undefined where the columns differ in length, have fewer than two rows, or hold a number that is
// not finite or not above zero.
std::optional<LogRatio> log_ratio(std::span<const double> a, std::span<const double> b);

}  // namespace wattfor
