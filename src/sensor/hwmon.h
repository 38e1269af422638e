#pragma once

#include <filesystem>

#include "sensor/sensor.h"

namespace wattfor {

// The power sensors that Linux's hwmon class shows as files: energy counters and power gauges of
// processors, boards, supplies. What is known of a driver's channels is in hwmon_drivers.h; of any
// other the reading is listed, and in no total. amdgpu's and the INA3221's have probes of their
// own.
ProbeResult find_hwmon(const std::filesystem::path& sysfs_root = "/sys");

}  // namespace wattfor
