#include "sensor/sensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace wattfor {

std::string_view name_of(Domain domain) {
  switch (domain) {
    case Domain::cpu_package:
      return "cpu package";
    case Domain::cpu_core:
      return "cpu cores";
    case Domain::cpu_uncore:
      return "cpu uncore";
    case Domain::dram:
      return "dram";
    case Domain::gpu:
      return "gpu";
    case Domain::gpu_memory:
      return "gpu memory";
    case Domain::module:
      return "module";
    case Domain::platform:
      return "platform";
    case Domain::battery:
      return "battery";
    case Domain::wall:
      return "wall";
    case Domain::other:
      break;
  }
  return "other";
}

bool holds(const SensorInfo& info, Domain domain) {
  return info.domain == domain || std::ranges::find(info.contains, domain) != info.contains.end();
}

SensorProfile profile_of(const SensorInfo& info) {
  SensorProfile profile;
  if (info.calibration) {
    profile = *info.calibration;
  } else {
    profile.device = info.id;
    profile.driver = info.driver;
    profile.field = info.source;
    profile.origin = "nominal";
    const bool counter = info.kind == SensorKind::energy_counter;
    profile.kind = counter ? ResponseKind::counter : ResponseKind::boxcar;
    if (info.averaging_window) profile.window = {.value = *info.averaging_window};
  }
  if (!profile.update_period && info.update_period) {
    profile.update_period = {.value = *info.update_period};
  }
  if (!profile.gain) {
    profile.gain = {.value = 1.0, .standard_error = info.gain_uncertainty};
    if (!profile.offset) profile.offset = {.standard_error = info.offset_uncertainty};
  }
  return profile;
}

Seconds update_period_of(const SensorInfo& info) {
  constexpr Seconds usual{0.1};
  if (info.calibration && info.calibration->update_period) {
    return info.calibration->update_period->value;
  }
  return info.update_period.value_or(usual);
}

std::string component_name(const SensorInfo& info) {
  if (info.domain == Domain::other && !info.label.empty()) return info.label;
  return fmt::format("{} {}", name_of(info.domain), info.domain_index);
}

void Sensor::leave_out_of_total(std::string reason) {
  info_.in_total = false;
  info_.why_not_in_total = std::move(reason);
}

}  // namespace wattfor
