#pragma once

#include <optional>
#include <vector>

#include "sensor/nvml_library.h"
#include "sensor/sensor.h"

namespace wattfor {

// The programs with a compute or graphics context on a GPU, by their number, each once; one with
// both computes. Nothing where neither list can be read. Numbers are those of the host: inside a
// container they name other processes, or none.
std::optional<std::vector<DeviceProcess>> read_processes(const NvmlFunctions& nvml,
                                                         nvmlDevice_t gpu);

}  // namespace wattfor
