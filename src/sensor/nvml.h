#pragma once

#include <string>

#include "sensor/nvml_visible.h"
#include "sensor/sensor.h"

namespace wattfor {

// NVIDIA's management library, opened at run time: a device for each GPU with its energy counter
// (Volta and later, counted since the driver was loaded), its instantaneous and averaged power
// gauges and that of its memory, its utilisation, temperature, clocks, throttling and programs.
// Only the best sensor of a GPU is in the total, and none of a GPU that `cuda` hides: this user
// computes on others. A GPU that is divided (MIG) is measured as a whole. Each symbol is resolved
// on its own: a missing one switches that capability off. No NVIDIA library or driver is no
// obstacle on a machine without such a GPU; `sysfs_root` tells whether it has one.
ProbeResult find_nvml(const std::string& library = "libnvidia-ml.so.1",
                      const std::string& sysfs_root = "/sys", const CudaEnvironment& cuda = {});

}  // namespace wattfor
