#include "bench/stopping_rule.h"

#include <cmath>

namespace wattfor {

bool StoppingRule::satisfied() const {
  return replicates() >= fewest_replicates && within_target();
}

bool StoppingRule::within_target() const {
  const auto estimate = mean();
  return estimate && estimate->half_width <= target_ * std::abs(estimate->mean);
}

}  // namespace wattfor
