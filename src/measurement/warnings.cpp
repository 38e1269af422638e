#include "measurement/warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace wattfor {

std::vector<std::string> warnings_of(const EnergyReport& report) {
  // Boards slow down from about here on; a clock this far below its mean has fallen.
  constexpr double hot_c = 85.0;
  constexpr double fallen_clock = 0.9;
  std::vector<std::string> warnings;
  for (const DeviceConditions& device : report.conditions) {
    if (!device.throttle_reasons.empty()) {
      warnings.push_back(fmt::format("{}: throttled ({})", device.device,
                                     fmt::join(device.throttle_reasons, ", ")));
    }
    if (device.clock_mhz && device.clock_minimum_mhz &&
        *device.clock_minimum_mhz < fallen_clock * *device.clock_mhz) {
      warnings.push_back(fmt::format("{}: its clock fell to {:.0f} MHz, {:.0f} MHz on average",
                                     device.device, *device.clock_minimum_mhz, *device.clock_mhz));
    }
    if (device.temperature_c && *device.temperature_c > hot_c) {
      warnings.push_back(fmt::format("{}: {:.0f} °C, above the usual {:.0f} °C", device.device,
                                     *device.temperature_c, hot_c));
    }
  }
  for (const ComponentEnergy& component : report.components) {
    if (!component.gaps.empty()) {
      Seconds unseen{0.0};
      for (const Gap& gap : component.gaps) unseen += gap.duration;
      warnings.push_back(fmt::format("{}: {:.3g} s of {:.3g} s were not seen by its sensor ({})",
                                     component.name, unseen.count(), report.duration.count(),
                                     component.gaps.front().reason));
    }
    for (const std::string& fault : component.faults) {
      warnings.push_back(fmt::format("{}: {}", component.name, fault));
    }
  }
  return warnings;
}

}  // namespace wattfor
