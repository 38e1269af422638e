#pragma once

#include <string>
#include <vector>

#include "base/shared_library.h"
#include "sensor/nvml_api.h"

namespace wattfor {

// NVML's functions, each resolved on its own; null where this version of the library has none.
struct NvmlFunctions {
  decltype(nvmlInit)* init = nullptr;
  decltype(nvmlShutdown)* shutdown = nullptr;
  decltype(nvmlErrorString)* error_string = nullptr;
  decltype(nvmlSystemGetDriverVersion)* driver_version = nullptr;
  decltype(nvmlDeviceGetCount)* count = nullptr;
  decltype(nvmlDeviceGetHandleByIndex)* handle_by_index = nullptr;
  decltype(nvmlDeviceGetName)* name = nullptr;
  decltype(nvmlDeviceGetUUID)* uuid = nullptr;
  decltype(nvmlDeviceGetArchitecture)* architecture = nullptr;
  decltype(nvmlDeviceGetPowerUsage)* power_usage = nullptr;
  decltype(nvmlDeviceGetTotalEnergyConsumption)* total_energy = nullptr;
  decltype(nvmlDeviceGetFieldValues)* field_values = nullptr;
  decltype(nvmlDeviceGetEnforcedPowerLimit)* enforced_power_limit = nullptr;
  decltype(nvmlDeviceGetPowerManagementLimitConstraints)* power_limit_constraints = nullptr;
  decltype(nvmlDeviceGetUtilizationRates)* utilisation = nullptr;
  decltype(nvmlDeviceGetMemoryInfo)* memory = nullptr;
  decltype(nvmlDeviceGetTemperature)* temperature = nullptr;
  decltype(nvmlDeviceGetClockInfo)* clock = nullptr;
  decltype(nvmlDeviceGetCurrentClocksEventReasons)* clock_reasons = nullptr;
};

// The library while it is open and initialised. Shared by the devices of its GPUs; shut down when
// the last of them goes. Its functions may be called from any thread.
class NvmlLibrary {
 public:
  // Throws Error{not_found} where there is no such library and Error{unsupported} where it is not
  // NVIDIA's.
  explicit NvmlLibrary(const std::string& name);
  NvmlLibrary(const NvmlLibrary&) = delete;
  NvmlLibrary& operator=(const NvmlLibrary&) = delete;
  ~NvmlLibrary();

  NvmlReturn initialise();

  // The library's own words for a status, its number beside them.
  std::string explain(NvmlReturn status) const;

  const NvmlFunctions& functions() const { return functions_; }

 private:
  SharedLibrary library_;
  NvmlFunctions functions_;
  bool initialised_ = false;
};

// Bits of nvmlDeviceGetCurrentClocksEventReasons in words. An idle GPU's low clock is no throttling
// and adds no word.
std::vector<std::string> throttle_words(unsigned long long reasons);

}  // namespace wattfor
