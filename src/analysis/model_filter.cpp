#include "analysis/model_filter.h"

#include <array>
#include <bit>
#include <cassert>

namespace wattfor {
namespace {

// No branches: what a row comes to is as good as random.
RemovedByLimit mark_unmet(const ColumnLimit& limit, std::uint32_t bit,
                          std::span<std::uint32_t> unmet) {
  std::uint32_t failed = 0;
  std::uint32_t unknown = 0;
  for (std::size_t row = 0; row < unmet.size(); ++row) {
    const double value = limit.column[row];
    const std::uint32_t is_candidate = unmet[row] < no_candidate ? 1 : 0;
    const bool is_met = (value >= limit.least) & (value <= limit.most);
    const std::uint32_t is_failed = is_met ? 0 : is_candidate;
    failed += is_failed;
    unknown += value != value ? is_candidate : 0;
    unmet[row] |= is_failed * bit;
  }
  return {.beyond = failed - unknown, .unknown = unknown};
}

RemovedByLimit mark_all_unknown(std::uint32_t bit, std::span<std::uint32_t> unmet) {
  RemovedByLimit removed;
  for (std::uint32_t& of_row : unmet) {
    if (of_row >= no_candidate) continue;
    of_row |= bit;
    ++removed.unknown;
  }
  return removed;
}

// The rows that pass, and of each limit those that it alone removes; without branches, too.
void collect(FilteredRows& filtered) {
  constexpr std::size_t no_single_limit = most_limits;
  std::array<std::size_t, most_limits + 1> only{};
  filtered.rows.resize(filtered.unmet.size());
  std::size_t passed = 0;
  for (std::size_t row = 0; row < filtered.unmet.size(); ++row) {
    const std::uint32_t unmet = filtered.unmet[row];
    filtered.rows[passed] = row;
    passed += unmet == 0 ? 1 : 0;
    const bool is_single = (unmet & (unmet - 1)) == 0 && unmet - 1 < no_candidate - 1;
    ++only[is_single ? static_cast<std::size_t>(std::countr_zero(unmet)) : no_single_limit];
  }
  filtered.rows.resize(passed);
  for (std::size_t i = 0; i < filtered.removed.size(); ++i) filtered.removed[i].only = only[i];
}

}  // namespace

FilteredRows filter_rows(std::span<const double> required, std::span<const ColumnLimit> limits) {
  assert(limits.size() <= most_limits);
  FilteredRows filtered;
  filtered.unmet.resize(required.size());
  for (std::size_t row = 0; row < required.size(); ++row) {
    filtered.unmet[row] = required[row] == required[row] ? 0 : no_candidate;
  }
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::uint32_t bit = std::uint32_t{1} << i;
    const ColumnLimit& limit = limits[i];
    assert(limit.column.empty() || limit.column.size() == required.size());
    filtered.removed.push_back(limit.column.empty() ? mark_all_unknown(bit, filtered.unmet)
                                                    : mark_unmet(limit, bit, filtered.unmet));
  }
  collect(filtered);
  return filtered;
}

std::vector<std::size_t> rows_that_fail_only(const FilteredRows& filtered, std::size_t limit) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < filtered.unmet.size(); ++row) {
    if (filtered.unmet[row] == std::uint32_t{1} << limit) rows.push_back(row);
  }
  return rows;
}

std::vector<std::size_t> rows_that_fail_fewest(const FilteredRows& filtered) {
  std::vector<std::size_t> rows;
  int fewest = std::numeric_limits<int>::max();
  for (std::size_t row = 0; row < filtered.unmet.size(); ++row) {
    const std::uint32_t unmet = filtered.unmet[row];
    const int count = std::popcount(unmet);
    if (unmet == 0 || unmet >= no_candidate || count > fewest) continue;
    if (count < fewest) rows.clear();
    fewest = count;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace wattfor
