#include "response/attention_test.h"

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

constexpr std::size_t fewest_recordings = 4;
constexpr std::size_t fewest_updates = 8;
constexpr double certain = 6.0;  // standard errors that the spread of 8 means stays below by chance
constexpr double drift = 0.02;   // of the mean, that a load's power moves by itself

}  // namespace

std::optional<AttentionResult> attention_test(std::span<const std::vector<Update>> recordings,
                                              std::optional<Watts> swing) {
  if (recordings.size() < fewest_recordings) return std::nullopt;
  AttentionResult result;
  double variance = 0.0;
  Watts sum_of_means;
  for (const auto& updates : recordings) {
    if (updates.size() < fewest_updates) return std::nullopt;
    const auto n = static_cast<double>(updates.size());
    Watts sum;
    for (const Update& update : updates) sum += update.power;
    const Watts mean = sum / n;
    double squares = 0.0;
    for (const Update& update : updates) {
      squares += std::pow((update.power - mean).value(), 2.0);
    }
    variance += squares / (n - 1.0) / n / static_cast<double>(recordings.size());
    result.means.push_back(mean);
    sum_of_means += mean;
  }
  result.spread = std::ranges::max(result.means) - std::ranges::min(result.means);
  result.noise = Watts(std::sqrt(variance));
  const Watts mean = sum_of_means / static_cast<double>(recordings.size());
  result.part_time = result.spread > std::max(certain * result.noise, drift * mean);
  if (swing && *swing > Watts(0.0)) {
    const double seen = std::min(1.0, result.spread / *swing);
    result.attention = result.part_time ? 1.0 / (1.0 + seen) : 1.0;
  }
  return result;
}

}  // namespace wattfor
