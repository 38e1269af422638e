#pragma once

#include <filesystem>

#include "sensor/rapl_zone.h"

namespace wattfor {

// The counters through the kernel's powercap files (`sysfs_root`/class/powercap/intel-rapl:N/
// energy_uj; kernel Documentation/power/powercap), which serve AMD's processors too. Every zone is
// listed once: intel-rapl-mmio repeats the package and is skipped, and so is a die's zone that
// repeats its package's counter.
RaplFindings find_rapl_powercap(const std::filesystem::path& sysfs_root);

}  // namespace wattfor
