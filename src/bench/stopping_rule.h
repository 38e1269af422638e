#pragma once

#include <optional>
#include <vector>

#include "measurement/replicates.h"

namespace wattfor {

// Says when a cell has been measured well enough: the 95 % half-width of Student's t over the means
// of independent replicates is within `target` of the mean. Means of replicates and not of batches,
// because batches of one run are autocorrelated and stop a rule early on a wrong value.
//
// Looking after every replicate costs a little of the interval's confidence: with the fewest at
// four, it holds the truth in 92 to 95 % of normal samples whatever the noise (the test counts).
class StoppingRule {
 public:
  static constexpr int fewest_replicates = 4;

  // `target` is relative, 0.01 for 1 %.
  explicit StoppingRule(double target) : target_(target) {}

  void add(double value) { values_.push_back(value); }

  // Enough replicates, and close enough.
  bool satisfied() const;
  // Close enough, however few the replicates: two may do where their batches alone eat the time.
  bool within_target() const;
  int replicates() const { return static_cast<int>(values_.size()); }
  std::optional<ReplicateMean> mean() const { return replicate_mean(values_); }

 private:
  double target_;
  std::vector<double> values_;
};

}  // namespace wattfor
