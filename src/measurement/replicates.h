#pragma once

#include <cmath>
#include <optional>
#include <span>

#include "measurement/energy.h"

namespace wattfor {

// Mean of independent replicates with the 95 % half-width of Student's t.
struct ReplicateMean {
  double mean = 0.0;
  double standard_deviation = 0.0;  // n−1
  double half_width = 0.0;          // t(0.975, n−1) · s / √n

  Interval interval() const { return {.low = mean - half_width, .high = mean + half_width}; }
  double relative_half_width() const { return half_width / std::abs(mean); }
};

// Nothing for fewer than two values: one run has no spread.
std::optional<ReplicateMean> replicate_mean(std::span<const double> values);

}  // namespace wattfor
