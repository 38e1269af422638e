#include "analysis/log_ratio.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/column.h"

namespace wattfor {

std::optional<LogRatio> log_ratio(std::span<const double> a, std::span<const double> b) {
  const auto is_positive = [](double each) { return each > 0.0; };
  if (a.size() != b.size() || a.size() < 2) return std::nullopt;
  if (!std::ranges::all_of(a, is_positive) || !std::ranges::all_of(b, is_positive)) {
    return std::nullopt;
  }
  std::vector<double> logs(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) logs[i] = std::log(a[i]) - std::log(b[i]);
  const std::optional<Moments> moments = moments_of(logs, logs);
  if (!moments) return std::nullopt;

  const LogRatio ratio{
      .geometric_mean = std::exp(moments->mean_x),
      .geometric_deviation = std::exp(std::sqrt(moments->xx / static_cast<double>(a.size() - 1)))};
  // The logarithms of any two doubles differ by less than 1,500; their factor can be beyond one.
  const bool fits = ratio.geometric_mean > 0.0 && std::isfinite(ratio.geometric_mean) &&
                    std::isfinite(ratio.geometric_deviation);
  return fits ? std::optional(ratio) : std::nullopt;
}

}  // namespace wattfor
