#include "sensor/nvml_device.h"

#include "sensor/nvml_processes.h"
#include "sensor/nvml_throttling.h"

namespace wattfor {

DeviceState NvmlDevice::state() {
  DeviceState state;
  const NvmlFunctions& nvml = gpu_->functions();
  nvmlDevice_t const gpu = gpu_->handle();
  if (gpu == nullptr) return state;
  nvmlUtilization_t rates{};
  if (nvml.utilisation != nullptr && nvml.utilisation(gpu, &rates) == NvmlReturn::success) {
    state.utilisation_percent = rates.gpu;
  }
  nvmlMemory_t memory{};
  if (nvml.memory != nullptr && nvml.memory(gpu, &memory) == NvmlReturn::success) {
    state.memory_bytes = static_cast<double>(memory.used);
  }
  unsigned number = 0;
  if (nvml.temperature != nullptr &&
      nvml.temperature(gpu, nvml_temperature_gpu, &number) == NvmlReturn::success) {
    state.temperature_c = number;
  }
  if (nvml.clock != nullptr && nvml.clock(gpu, nvml_clock_sm, &number) == NvmlReturn::success) {
    state.clock_mhz = number;
  }
  if (nvml.enforced_power_limit != nullptr &&
      nvml.enforced_power_limit(gpu, &number) == NvmlReturn::success && number > 0) {
    state.power_limit = milliwatts(number);
  }
  unsigned long long reasons = 0;
  if (nvml.clock_reasons != nullptr && nvml.clock_reasons(gpu, &reasons) == NvmlReturn::success) {
    state.throttle_reasons = throttle_words(reasons);
  }
  state.throttled = throttle_times(nvml, gpu);
  return state;
}

std::optional<std::vector<DeviceProcess>> NvmlDevice::processes() {
  nvmlDevice_t const gpu = gpu_->handle();
  if (gpu == nullptr) return std::nullopt;
  return read_processes(gpu_->functions(), gpu);
}

}  // namespace wattfor
