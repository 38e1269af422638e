#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>

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
  decltype(nvmlDeviceGetHandleByUUID)* handle_by_uuid = nullptr;
  decltype(nvmlDeviceGetName)* name = nullptr;
  decltype(nvmlDeviceGetUUID)* uuid = nullptr;
  decltype(nvmlDeviceGetArchitecture)* architecture = nullptr;
  decltype(nvmlDeviceGetPowerUsage)* power_usage = nullptr;
  decltype(nvmlDeviceGetTotalEnergyConsumption)* total_energy = nullptr;
  decltype(nvmlDeviceGetFieldValues)* field_values = nullptr;
  decltype(nvmlDeviceGetSamples)* samples = nullptr;
  decltype(nvmlDeviceGetEnforcedPowerLimit)* enforced_power_limit = nullptr;
  decltype(nvmlDeviceGetPowerManagementDefaultLimit)* default_power_limit = nullptr;
  decltype(nvmlDeviceGetPowerManagementLimitConstraints)* power_limit_constraints = nullptr;
  decltype(nvmlDeviceGetUtilizationRates)* utilisation = nullptr;
  decltype(nvmlDeviceGetMemoryInfo)* memory = nullptr;
  decltype(nvmlDeviceGetTemperature)* temperature = nullptr;
  decltype(nvmlDeviceGetClockInfo)* clock = nullptr;
  decltype(nvmlDeviceGetCurrentClocksEventReasons)* clock_reasons = nullptr;
  decltype(nvmlDeviceGetMigMode)* mig_mode = nullptr;
  decltype(nvmlDeviceGetMaxMigDeviceCount)* most_migs = nullptr;
  decltype(nvmlDeviceGetMigDeviceHandleByIndex)* mig_by_index = nullptr;
  decltype(nvmlDeviceGetDeviceHandleFromMigDeviceHandle)* gpu_of_mig = nullptr;
  decltype(nvmlDeviceGetComputeRunningProcesses)* compute_processes = nullptr;
  decltype(nvmlDeviceGetGraphicsRunningProcesses)* graphics_processes = nullptr;
  std::size_t process_entry_bytes = 0;  // of an entry of the two above
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

  // How often it was initialised. A driver that is reloaded makes it void, and every handle with
  // it; whoever meets that calls `initialise_again` with the generation that its handle is of, and
  // the first to do so does it for all.
  int generation() const { return generation_; }
  NvmlReturn initialise_again(int after_generation);

  // The library's own words for a status, its number beside them.
  std::string explain(NvmlReturn status) const;

  const NvmlFunctions& functions() const { return functions_; }

 private:
  SharedLibrary library_;
  NvmlFunctions functions_;
  std::mutex initialising_;
  bool initialised_ = false;
  std::atomic<int> generation_ = 0;
};

}  // namespace wattfor
