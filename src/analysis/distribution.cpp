#include "analysis/distribution.h"

#include <algorithm>
#include <cmath>

#include "analysis/log_ratio.h"

namespace wattfor {

double quantile(const std::vector<double>& ascending, double share) {
  const double place = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], place - static_cast<double>(below));
}

std::optional<Distribution> distribution_of(std::vector<double> numbers) {
  const std::vector<double> ones(numbers.size(), 1.0);
  const auto geometric = log_ratio(numbers, ones);
  if (!geometric) return std::nullopt;
  std::ranges::sort(numbers);
  return Distribution{.count = numbers.size(),
                      .geometric_mean = geometric->geometric_mean,
                      .geometric_deviation = geometric->geometric_deviation,
                      .least = numbers.front(),
                      .low = quantile(numbers, 0.025),
                      .median = quantile(numbers, 0.5),
                      .high = quantile(numbers, 0.975),
                      .greatest = numbers.back()};
}

}  // namespace wattfor
