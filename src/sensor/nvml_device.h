#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sensor/nvml_gpu.h"
#include "sensor/sensor.h"

namespace wattfor {

// A GPU with its sensors, as the meter sees it.
class NvmlDevice final : public Device {
 public:
  NvmlDevice(std::shared_ptr<NvmlGpu> gpu, std::vector<std::unique_ptr<Sensor>> sensors)
      : gpu_(std::move(gpu)), sensors_(std::move(sensors)) {}

  std::string name() const override { return gpu_->name(); }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::vector<std::string> details() const override { return gpu_->details(); }
  DeviceState state() override;
  std::optional<std::vector<DeviceProcess>> processes() override;

 private:
  std::shared_ptr<NvmlGpu> gpu_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

}  // namespace wattfor
