#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace wattfor {

// Orders the rows of a table of models by columns of numbers: one a row, NaN where it is unknown.

// The mean over several columns, unknown where one of them is: an accuracy on several test sets. A
// column without any number is unknown in each of the `rows`.
std::vector<double> mean_of(std::span<const std::span<const double>> columns, std::size_t rows);

struct RankedRow {
  std::size_t row = 0;
  std::size_t rank = 0;  // from 1; equal scores share one
};

inline constexpr std::size_t all_rows = std::numeric_limits<std::size_t>::max();

// The `top` of the given rows by their scores, the greatest first; among equal scores that of the
// least cost, then the first row. A row without a score or a cost is passed over. Linear in the
// rows for a small `top`, n·log n for all.
std::vector<RankedRow> ranking(std::span<const double> scores, std::span<const double> costs,
                               std::span<const std::size_t> rows, std::size_t top = all_rows);

}  // namespace wattfor
