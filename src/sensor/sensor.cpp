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

Seconds update_period_of(const SensorInfo& info) {
  constexpr Seconds usual{0.1};
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
