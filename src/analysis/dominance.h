#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace wattfor {

// The rows that keep `row` off the Pareto front: at least its accuracy for at most its energy, one
// of them strict. The least energy first; among equals the greatest accuracy, then the first row.
// Numbers that are NaN are beaten by none and beat none.
std::vector<std::size_t> rows_that_beat(std::size_t row, std::span<const double> accuracy_percent,
                                        std::span<const double> energy_j);

}  // namespace wattfor
