#pragma once

#include <numeric>
#include <optional>
#include <vector>

#include "measurement/replicates.h"

namespace wattfor::test {

// Mean of the replicates' means over their launches, with its 95 % half-width: launches of one
// replicate are not independent.
inline std::optional<ReplicateMean> mean_of_sets(const std::vector<std::vector<double>>& sets) {
  std::vector<double> means;
  for (const std::vector<double>& launches : sets) {
    means.push_back(std::accumulate(launches.begin(), launches.end(), 0.0) /
                    static_cast<double>(launches.size()));
  }
  return replicate_mean(means);
}

}  // namespace wattfor::test
