#include "analysis/column.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace wattfor {
namespace {

// About the first number, so that a constant column has exactly that for a mean.
double mean_of(std::span<const double> column) {
  double sum = 0.0;
  for (const double each : column) sum += each - column.front();
  return column.front() + sum / static_cast<double>(column.size());
}

}  // namespace

bool all_finite(std::span<const double> column) {
  return std::ranges::all_of(column, [](double each) { return std::isfinite(each); });
}

std::optional<Moments> moments_of(std::span<const double> x, std::span<const double> y) {
  if (x.empty() || x.size() != y.size() || !all_finite(x) || !all_finite(y)) return std::nullopt;
  Moments moments{.mean_x = mean_of(x), .mean_y = mean_of(y)};
  double left_x = 0.0;
  double left_y = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double dx = x[i] - moments.mean_x;
    const double dy = y[i] - moments.mean_y;
    left_x += dx;
    left_y += dy;
    moments.xx += dx * dx;
    moments.xy += dx * dy;
    moments.yy += dy * dy;
  }
  const auto count = static_cast<double>(x.size());
  moments.xx = std::max(moments.xx - left_x * left_x / count, 0.0);
  moments.xy -= left_x * left_y / count;
  moments.yy = std::max(moments.yy - left_y * left_y / count, 0.0);
  const bool fits =
      std::isfinite(moments.xx) && std::isfinite(moments.xy) && std::isfinite(moments.yy);
  return fits ? std::optional(moments) : std::nullopt;
}

}  // namespace wattfor
