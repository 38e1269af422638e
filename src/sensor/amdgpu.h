#pragma once

#include <filesystem>

#include "sensor/sensor.h"

namespace wattfor {

// AMD's GPUs, by what the kernel driver amdgpu shows of them: power gauges (power1_average,
// power1_input: the firmware's figure of the whole board or socket, kernel
// drivers/gpu/drm/amd/pm/amdgpu_pm.c) and, of accelerators, the energy accumulator in gpu_metrics.
// The accumulator is in the total where it counts, then the mean, then the power now; the others
// stand beside.
//
// The power of a processor with graphics is that of its socket, "on APUs this includes the CPU":
// it is a `cpu_package`, and so gives way to RAPL where that can be read. On a machine with another
// AMD board beside it it is in no total: by the kernel's word it may then hold that board's power
// too. An MI300A's is a `module`.
//
// A board that sleeps gives no reading until a program wakes it; it is listed all the same.
ProbeResult find_amdgpu(const std::filesystem::path& sysfs_root = "/sys");

}  // namespace wattfor
