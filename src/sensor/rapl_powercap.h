#pragma once

#include <filesystem>

#include "sensor/sensor.h"

namespace wattfor {

// Intel's and AMD's running average power limit counters through the kernel's powercap files
// (`sysfs_root`/class/powercap/intel-rapl:N/energy_uj; kernel Documentation/power/powercap). One
// device with a counter for each package and DRAM zone of every socket; core and uncore lie inside
// a package and psys around it, so they are listed with in_total = false. intel-rapl-mmio repeats
// the package and is skipped, and so is a die's zone that repeats its package's counter. Zones that
// exist and can't be read become obstacles, and so does their absence on a processor that has the
// counters
// (`procfs_root` tells which that is, and whether a hypervisor hides them).
ProbeResult find_rapl_powercap(const std::filesystem::path& sysfs_root = "/sys",
                               const std::filesystem::path& procfs_root = "/proc");

}  // namespace wattfor
