#include "response/kernel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wattfor {
namespace {

constexpr double time_constants_to_nothing = 12.0;

// A window that differs from whole periods by less looks all the time: as well as either is known.
constexpr double whole = 0.02;

}  // namespace

std::string_view name_of(ResponseKind kind) {
  switch (kind) {
    case ResponseKind::counter:
      return "counter";
    case ResponseKind::instantaneous:
      return "instantaneous";
    case ResponseKind::boxcar:
      return "boxcar";
    case ResponseKind::exponential:
      return "exponential";
  }
  return "";
}

double step_response(const Kernel& kernel, Seconds age) {
  const Seconds since = age - kernel.delay;
  if (since < Seconds(0.0)) return 0.0;
  switch (kernel.kind) {
    case ResponseKind::boxcar:
      if (kernel.window > Seconds(0.0)) return std::min(since / kernel.window, 1.0);
      break;
    case ResponseKind::exponential:
      if (kernel.time_constant > Seconds(0.0)) return -std::expm1(-since / kernel.time_constant);
      break;
    case ResponseKind::counter:
    case ResponseKind::instantaneous:
      break;
  }
  return 1.0;
}

Seconds width_of(const Kernel& kernel) {
  switch (kernel.kind) {
    case ResponseKind::boxcar:
      return kernel.window;
    case ResponseKind::exponential:
      return kernel.time_constant;
    case ResponseKind::counter:
    case ResponseKind::instantaneous:
      break;
  }
  return Seconds(0.0);
}

Seconds reach_of(const Kernel& kernel) {
  switch (kernel.kind) {
    case ResponseKind::boxcar:
      return kernel.delay + kernel.window;
    case ResponseKind::exponential:
      return kernel.delay + time_constants_to_nothing * kernel.time_constant;
    case ResponseKind::counter:
    case ResponseKind::instantaneous:
      break;
  }
  return kernel.delay;
}

double gain_at(const Kernel& kernel, double frequency_hz) {
  const double angle = std::numbers::pi * frequency_hz;
  if (kernel.kind == ResponseKind::boxcar) {
    const double x = angle * kernel.window.count();
    return x == 0.0 ? 1.0 : std::abs(std::sin(x) / x);
  }
  if (kernel.kind == ResponseKind::exponential) {
    return 1.0 / std::hypot(1.0, 2.0 * angle * kernel.time_constant.count());
  }
  return 1.0;
}

double inattention(const Kernel& kernel, Seconds update_period) {
  switch (kernel.kind) {
    case ResponseKind::counter:
      return 0.0;
    case ResponseKind::instantaneous:
      return 1.0;
    case ResponseKind::boxcar: {
      const double windows = kernel.window / update_period;
      const double periods = std::floor(windows);
      const double left = windows - periods;
      if (windows > 1.0 - whole && (left < whole || left > 1.0 - whole)) return 0.0;
      return (1.0 - left) / (periods + 1.0);
    }
    case ResponseKind::exponential:
      if (kernel.time_constant <= Seconds(0.0)) return 1.0;
      return 1.0 + std::expm1(-update_period / kernel.time_constant) *
                       (kernel.time_constant / update_period);
  }
  return 0.0;
}

}  // namespace wattfor
