#include "analysis/dominance.h"

#include <algorithm>
#include <tuple>

namespace wattfor {

std::vector<std::size_t> rows_that_beat(std::size_t row, std::span<const double> accuracy_percent,
                                        std::span<const double> energy_j) {
  const double accuracy = accuracy_percent[row];
  const double energy = energy_j[row];
  std::vector<std::size_t> rows;
  for (std::size_t other = 0; other < energy_j.size(); ++other) {
    const bool at_least = accuracy_percent[other] >= accuracy && energy_j[other] <= energy;
    const bool is_strict = accuracy_percent[other] > accuracy || energy_j[other] < energy;
    if (at_least && is_strict) rows.push_back(other);
  }
  std::ranges::sort(rows, [&](std::size_t a, std::size_t b) {
    return std::tuple(energy_j[a], -accuracy_percent[a], a) <
           std::tuple(energy_j[b], -accuracy_percent[b], b);
  });
  return rows;
}

}  // namespace wattfor
