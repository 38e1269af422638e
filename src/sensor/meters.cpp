#include "sensor/meters.h"

#include <iterator>
#include <utility>

#include "base/error.h"
#include "sensor/csv_meter.h"
#include "sensor/external_meter.h"
#include "sensor/ipmi_meter.h"
#include "sensor/shelly_meter.h"

namespace wattfor {
namespace {

ProbeResult find_meter(const MeterSpec& spec, const RedfishAccess& redfish) {
  switch (spec.kind) {
    case MeterKind::csv:
      return find_csv_meter(spec.place);
    case MeterKind::redfish:
      return find_redfish_meter(spec.place, redfish);
    case MeterKind::ipmi:
      return find_ipmi_meter();
    case MeterKind::shelly:
      break;
  }
  return find_shelly_meter(spec.place);
}

}  // namespace

ProbeResult find_meters(const std::vector<MeterSpec>& specs, const RedfishAccess& redfish) {
  ProbeResult all;
  int number = 0;
  for (const MeterSpec& spec : specs) {
    ProbeResult found;
    try {
      found = find_meter(spec, redfish);
    } catch (const Error& error) {  // libcurl is missing
      found.obstacles.push_back(silent_meter(
          spec.name(), {{FailureKind::gone, error.what()}, "sudo apt install libcurl4"}));
    }
    for (const auto& device : found.devices) {
      for (const auto& sensor : device->sensors()) sensor->renumber(number);
      ++number;
    }
    std::ranges::move(found.devices, std::back_inserter(all.devices));
    std::ranges::move(found.obstacles, std::back_inserter(all.obstacles));
  }
  return all;
}

}  // namespace wattfor
