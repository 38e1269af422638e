#include "analysis/ranking.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>

namespace wattfor {

std::vector<double> mean_of(std::span<const std::span<const double>> columns, std::size_t rows) {
  constexpr double unknown_mean = std::numeric_limits<double>::quiet_NaN();
  const auto is_unknown = [](std::span<const double> column) { return column.empty(); };
  if (columns.empty() || std::ranges::any_of(columns, is_unknown)) {
    return std::vector<double>(rows, unknown_mean);
  }
  std::vector<double> mean(columns.front().begin(), columns.front().end());
  for (const auto& column : columns.subspan(1)) {
    assert(column.size() == rows);
    for (std::size_t row = 0; row < rows; ++row) mean[row] += column[row];
  }
  const auto count = static_cast<double>(columns.size());
  for (double& each : mean) each /= count;
  return mean;
}

std::vector<RankedRow> ranking(std::span<const double> scores, std::span<const double> costs,
                               std::span<const std::size_t> rows, std::size_t top) {
  std::vector<std::size_t> order;
  order.reserve(rows.size());
  std::ranges::copy_if(rows, std::back_inserter(order), [&](std::size_t row) {
    return !std::isnan(scores[row]) && !std::isnan(costs[row]);
  });
  const auto is_better = [&](std::size_t a, std::size_t b) {
    if (scores[a] != scores[b]) return scores[a] > scores[b];
    if (costs[a] != costs[b]) return costs[a] < costs[b];
    return a < b;
  };
  const std::size_t count = std::min(top, order.size());
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  // Of a few it needs one comparison a row; of all it is far slower than sorting.
  if (count < order.size()) {
    std::ranges::partial_sort(order, end, is_better);
  } else {
    std::ranges::sort(order, is_better);
  }

  std::vector<RankedRow> ranked(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_tie = i > 0 && scores[order[i]] == scores[order[i - 1]];
    ranked[i] = {.row = order[i], .rank = is_tie ? ranked[i - 1].rank : i + 1};
  }
  return ranked;
}

}  // namespace wattfor
