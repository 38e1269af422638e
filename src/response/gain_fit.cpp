#include "response/gain_fit.h"

#include <cmath>

namespace wattfor {
namespace {

constexpr std::size_t fewest_levels = 4;

}  // namespace

std::optional<GainFit> fit_gain(std::span<const LoadLevel> levels) {
  if (levels.size() < fewest_levels) return std::nullopt;
  const auto n = static_cast<double>(levels.size());
  double mean_x = 0.0;
  double mean_y = 0.0;
  for (const LoadLevel& level : levels) {
    mean_x += level.reference.value() / n;
    mean_y += level.sensor.value() / n;
  }
  double xx = 0.0;
  double xy = 0.0;
  double yy = 0.0;
  for (const LoadLevel& level : levels) {
    const double x = level.reference.value() - mean_x;
    const double y = level.sensor.value() - mean_y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (!(xx > 0.0) || !(yy > 0.0)) return std::nullopt;
  const double gain = xy / xx;
  const double rest = std::fmax(0.0, yy - gain * xy);
  const double variance = rest / (n - 2.0);
  return GainFit{.gain = {gain, std::sqrt(variance / xx)},
                 .offset = {Watts(mean_y - gain * mean_x),
                            Watts(std::sqrt(variance * (1.0 / n + mean_x * mean_x / xx)))},
                 .explained = 1.0 - rest / yy};
}

}  // namespace wattfor
