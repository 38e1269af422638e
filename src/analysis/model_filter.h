#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace wattfor {

// What a quantity of a model may be, both ends included. A kind (a class, a family) is a column of
// numbers, too, with `least` equal to `most`.
struct ColumnLimit {
  // One number a row of the table, NaN where it is unknown; no number at all where it is so of all.
  std::span<const double> column;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

// What one limit removes, whatever the others do.
struct RemovedByLimit {
  std::size_t beyond = 0;
  std::size_t unknown = 0;  // the quantity is not known, so the model doesn't pass
  std::size_t only = 0;     // would pass without this limit: all others are met
};

struct FilteredRows {
  std::vector<std::size_t> rows;        // that meet every limit, in the table's order
  std::vector<RemovedByLimit> removed;  // one a limit
  // By row, bit i for a limit i that is not met.
  std::vector<std::uint32_t> unmet;
};

inline constexpr std::size_t most_limits = 31;
// What `unmet` has for a row that is no candidate.
inline constexpr std::uint32_t no_candidate = std::uint32_t{1} << most_limits;

// The candidates that meet all limits, at most `most_limits` of them. A candidate is a row whose
// number in `required` is known, which is one a row of the table. One pass a limit over its column.
FilteredRows filter_rows(std::span<const double> required, std::span<const ColumnLimit> limits);

// The candidates that would pass if this limit were dropped.
std::vector<std::size_t> rows_that_fail_only(const FilteredRows& filtered, std::size_t limit);

// The candidates that fail the fewest limits, but some; none where every candidate passes.
std::vector<std::size_t> rows_that_fail_fewest(const FilteredRows& filtered);

}  // namespace wattfor
