#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sensor/nvml_gpu.h"
#include "sensor/sensor.h"

namespace wattfor {

// The sensors of a GPU that answer, the best way to read each quantity, and the reasons of the ways
// that don't.
struct NvmlSensors {
  std::vector<std::unique_ptr<Sensor>> sensors = {};
  std::vector<std::string> reasons = {};
  bool forbidden = false;
  bool has_total = false;  // one of them is of the GPU alone
};

// Tries each way once. One sensor is in the total: the counter, else the instantaneous power, else
// the averaged one, else the driver's samples, else nvmlDeviceGetPowerUsage.
NvmlSensors find_nvml_sensors(const std::shared_ptr<NvmlGpu>& gpu);

}  // namespace wattfor
