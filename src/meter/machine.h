#pragma once

#include <memory>
#include <string>
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

// A line for each device whose power can't be read at all, so that it is in no figure.
std::vector<std::string> without_power(const std::vector<std::unique_ptr<Device>>& devices);

}  // namespace wattfor
