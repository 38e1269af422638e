#pragma once

#include <memory>
#include <vector>

#include "measurement/measurement.h"
#include "sensor/discovery.h"
#include "sensor/sensor.h"

namespace wattfor {

// The machine's part of a record.
Machine describe_machine(const DiscoveryRoots& roots,
                         const std::vector<std::unique_ptr<Device>>& devices);

// Discovery plus the modelled fallback for the CPU packages and DRAM that no sensor covers: all
// that a meter needs.
ProbeResult devices_to_meter(const DiscoveryRoots& roots);

}  // namespace wattfor
