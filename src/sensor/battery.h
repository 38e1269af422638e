#pragma once

#include <filesystem>

#include "sensor/sensor.h"

namespace wattfor {

// The machine's own batteries, by the power that they give while they discharge: that of the whole
// machine, also of its screen and radios, and so never in a total. While a battery is charged the
// same attribute holds the charging power, which is no reading; discovery then names it as an
// obstacle only. Batteries of what is plugged in (a mouse) are not looked at.
ProbeResult find_batteries(const std::filesystem::path& sysfs_root = "/sys");

}  // namespace wattfor
