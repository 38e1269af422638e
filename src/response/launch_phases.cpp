#include "response/launch_phases.h"

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

constexpr int most_launches = 32;

}  // namespace

int launches_a_replicate(const Kernel& kernel, Seconds update_period) {
  if (inattention(kernel, update_period) <= 0.0) return fewest_launches;
  Seconds window{0.0};
  if (kernel.kind == ResponseKind::boxcar) window = kernel.window;
  // An RC filter forgets as fast as a boxcar of two time constants does.
  if (kernel.kind == ResponseKind::exponential) window = 2.0 * kernel.time_constant;
  if (window <= Seconds(0.0)) return most_launches;
  const double wanted = std::ceil(2.0 * update_period / window);
  return static_cast<int>(std::clamp<double>(wanted, fewest_launches, most_launches));
}

std::vector<Seconds> launch_phases(int launches, Seconds update_period, double shift) {
  std::vector<Seconds> phases;
  phases.reserve(static_cast<std::size_t>(launches));
  for (int s = 0; s < launches; ++s) {
    const double place = shift + static_cast<double>(s) / launches;
    phases.push_back((place - std::floor(place)) * update_period);
  }
  std::ranges::sort(phases);
  return phases;
}

}  // namespace wattfor
