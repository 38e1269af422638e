#include "sensor/sensor.h"

#include <fmt/format.h>

namespace wattfor {

namespace {

std::string_view part_of_machine(Domain domain) {
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
    case Domain::platform:
      return "platform";
    case Domain::other:
      break;
  }
  return "other";
}

}  // namespace

Seconds update_period_of(const SensorInfo& info) {
  constexpr Seconds usual{0.1};
  return info.update_period.value_or(usual);
}

std::string component_name(const SensorInfo& info) {
  return fmt::format("{} {}", part_of_machine(info.domain), info.domain_index);
}

}  // namespace wattfor
