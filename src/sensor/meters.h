#pragma once

#include <vector>

#include "sensor/meter_spec.h"
#include "sensor/redfish_meter.h"
#include "sensor/sensor.h"

namespace wattfor {

// A device for each external meter, numbered in the order of the specs; an obstacle for each that
// does not answer.
ProbeResult find_meters(const std::vector<MeterSpec>& specs, const RedfishAccess& redfish);

}  // namespace wattfor
