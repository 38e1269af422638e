#pragma once

#include <cstddef>
#include <vector>

#include "measurement/model_table.h"

namespace wattfor {

// The numbers of two columns, in the rows that have both.
struct KnownPairs {
  std::vector<std::size_t> rows;
  std::vector<double> x;
  std::vector<double> y;
};

// `is_left_out`, of a row, leaves further ones out.
template <class LeftOut>
KnownPairs known_pairs(const NumberColumn& x, const NumberColumn& y, LeftOut is_left_out) {
  KnownPairs pairs;
  if (x.is_empty() || y.is_empty()) return pairs;
  for (std::size_t row = 0; row < x.values().size(); ++row) {
    const bool are_known = x[row] == x[row] && y[row] == y[row];  // NaN equals nothing
    if (!are_known || is_left_out(row)) continue;
    pairs.rows.push_back(row);
    pairs.x.push_back(x[row]);
    pairs.y.push_back(y[row]);
  }
  return pairs;
}

inline KnownPairs known_pairs(const NumberColumn& x, const NumberColumn& y) {
  return known_pairs(x, y, [](std::size_t) { return false; });
}

}  // namespace wattfor
