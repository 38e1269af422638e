#include "analysis/correlation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "analysis/column.h"

namespace wattfor {
namespace {

constexpr std::size_t fewest_rows = 3;

std::int64_t pairs_among(std::size_t rows) {
  const auto count = static_cast<std::int64_t>(rows);
  return count * (count - 1) / 2;
}

// Pairs of equal neighbours' runs in a sorted column.
template <class Sorted, class Equal>
std::int64_t tied_pairs(const Sorted& sorted, Equal equal) {
  std::int64_t tied = 0;
  std::size_t start = 0;
  for (std::size_t i = 1; i <= sorted.size(); ++i) {
    if (i < sorted.size() && equal(sorted[start], sorted[i])) continue;
    tied += pairs_among(i - start);
    start = i;
  }
  return tied;
}

// Sorts by merging ever longer runs, and counts the pairs that stood in the wrong order: each
// number that is taken from the right run passes all that are left in the left one.
std::int64_t sort_and_count_inversions(std::vector<double>& column) {
  std::int64_t inversions = 0;
  std::vector<double> merged(column.size());
  for (std::size_t width = 1; width < column.size(); width *= 2) {
    for (std::size_t begin = 0; begin < column.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, column.size());
      const std::size_t end = std::min(begin + 2 * width, column.size());
      std::size_t left = begin;
      std::size_t right = middle;
      for (std::size_t out = begin; out < end; ++out) {
        const bool takes_left = right == end || (left < middle && column[left] <= column[right]);
        if (!takes_left) inversions += static_cast<std::int64_t>(middle - left);
        merged[out] = takes_left ? column[left++] : column[right++];
      }
    }
    column.swap(merged);
  }
  return inversions;
}

}  // namespace

std::optional<double> pearson(std::span<const double> x, std::span<const double> y) {
  const std::optional<Moments> moments = moments_of(x, y);
  if (!moments || x.size() < fewest_rows) return std::nullopt;
  if (moments->xx == 0.0 || moments->yy == 0.0) return std::nullopt;
  const double r = moments->xy / (std::sqrt(moments->xx) * std::sqrt(moments->yy));
  return std::clamp(r, -1.0, 1.0);
}

std::optional<double> spearman(std::span<const double> x, std::span<const double> y) {
  const auto ranks_x = average_ranks(x);
  const auto ranks_y = average_ranks(y);
  if (!ranks_x || !ranks_y) return std::nullopt;
  return pearson(*ranks_x, *ranks_y);
}

std::optional<double> kendall(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size() || x.size() < fewest_rows) return std::nullopt;
  if (!all_finite(x) || !all_finite(y)) return std::nullopt;

  // Within one x the rows are in the order of y: pairs tied in x are never counted as discordant.
  std::vector<std::pair<double, double>> rows(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) rows[i] = {x[i], y[i]};
  std::ranges::sort(rows);
  const std::int64_t tied_x =
      tied_pairs(rows, [](const auto& a, const auto& b) { return a.first == b.first; });
  const std::int64_t tied_both =
      tied_pairs(rows, [](const auto& a, const auto& b) { return a == b; });

  std::vector<double> column(x.size());
  std::ranges::transform(rows, column.begin(), [](const auto& row) { return row.second; });
  const std::int64_t discordant = sort_and_count_inversions(column);
  const std::int64_t tied_y = tied_pairs(column, [](double a, double b) { return a == b; });

  const std::int64_t all = pairs_among(x.size());
  if (tied_x == all || tied_y == all) return std::nullopt;
  const std::int64_t net = all - tied_x - tied_y + tied_both - 2 * discordant;
  const double tau = static_cast<double>(net) / (std::sqrt(static_cast<double>(all - tied_x)) *
                                                 std::sqrt(static_cast<double>(all - tied_y)));
  return std::clamp(tau, -1.0, 1.0);
}

std::optional<std::vector<double>> average_ranks(std::span<const double> column) {
  if (!all_finite(column)) return std::nullopt;
  // Numbers beside their places sort twice as fast as places that point at numbers.
  std::vector<std::pair<double, std::size_t>> order(column.size());
  for (std::size_t i = 0; i < column.size(); ++i) order[i] = {column[i], i};
  std::ranges::sort(order, {}, &std::pair<double, std::size_t>::first);

  std::vector<double> ranks(column.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && order[end].first == order[begin].first) ++end;
    const double shared = 0.5 * (static_cast<double>(begin + 1) + static_cast<double>(end));
    for (std::size_t i = begin; i < end; ++i) ranks[order[i].second] = shared;
  }
  return ranks;
}

}  // namespace wattfor
