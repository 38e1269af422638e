#pragma once

#include <filesystem>

#include "sensor/sensor.h"

namespace wattfor {

// NVIDIA Jetson boards, by the INA3221 power monitors on them: each rail's power is the product of
// its voltage and its current (kernel Documentation/hwmon/ina3221.rst), or what the driver ina3221x
// of older Jetson Linux calls in_powerN_input.
//
// In the total is the whole module, as one rail where the board has one that feeds it all, else as
// the sum of those that feed it side by side. The rails of its parts are listed beside it. Of a
// board that is not known every rail is listed and none is in a total.
ProbeResult find_ina3221(const std::filesystem::path& sysfs_root = "/sys");

}  // namespace wattfor
