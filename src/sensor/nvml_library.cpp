#include "sensor/nvml_library.h"

#include <fmt/format.h>

#include <initializer_list>

#include "base/error.h"

namespace wattfor {

namespace {

// The first of `names` that the library has: newer versions of a function carry a suffix.
template <class Function>
void resolve(const SharedLibrary& library, Function*& target,
             std::initializer_list<const char*> names) {
  for (const char* name : names) {
    target = library.symbol<Function>(name);
    if (target != nullptr) return;
  }
}

// The entries grew with the versions, and within the third: the first 535 drivers wrote 32 bytes
// each, later ones went back to 24. They are told by a function that those already had and by
// another that came with the return (found by nvitop's author, github XuehaiPan/nvitop).
void resolve_processes(const SharedLibrary& library, NvmlFunctions& f) {
  const auto has = [&](const char* name) { return library.symbol<void()>(name) != nullptr; };
  std::string version;
  if (has("nvmlDeviceGetComputeRunningProcesses_v3")) {
    version = "_v3";
    const bool early_535 =
        has("nvmlDeviceGetConfComputeMemSizeInfo") && !has("nvmlDeviceGetRunningProcessDetailList");
    f.process_entry_bytes = early_535 ? 32 : 24;
  } else if (has("nvmlDeviceGetComputeRunningProcesses_v2")) {
    version = "_v2";
    f.process_entry_bytes = 24;
  } else {
    f.process_entry_bytes = sizeof(nvmlProcessInfo_v1_t);
  }
  resolve(library, f.compute_processes,
          {("nvmlDeviceGetComputeRunningProcesses" + version).c_str()});
  resolve(library, f.graphics_processes,
          {("nvmlDeviceGetGraphicsRunningProcesses" + version).c_str()});
}

NvmlFunctions resolve_all(const SharedLibrary& library) {
  NvmlFunctions f;
  resolve(library, f.init, {"nvmlInit_v2", "nvmlInit"});
  resolve(library, f.shutdown, {"nvmlShutdown"});
  resolve(library, f.error_string, {"nvmlErrorString"});
  resolve(library, f.driver_version, {"nvmlSystemGetDriverVersion"});
  resolve(library, f.count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
  resolve(library, f.handle_by_index,
          {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
  resolve(library, f.handle_by_uuid, {"nvmlDeviceGetHandleByUUID"});
  resolve(library, f.name, {"nvmlDeviceGetName"});
  resolve(library, f.uuid, {"nvmlDeviceGetUUID"});
  resolve(library, f.architecture, {"nvmlDeviceGetArchitecture"});
  resolve(library, f.power_usage, {"nvmlDeviceGetPowerUsage"});
  resolve(library, f.total_energy, {"nvmlDeviceGetTotalEnergyConsumption"});
  resolve(library, f.field_values, {"nvmlDeviceGetFieldValues"});
  resolve(library, f.samples, {"nvmlDeviceGetSamples"});
  resolve(library, f.enforced_power_limit, {"nvmlDeviceGetEnforcedPowerLimit"});
  resolve(library, f.default_power_limit, {"nvmlDeviceGetPowerManagementDefaultLimit"});
  resolve(library, f.power_limit_constraints, {"nvmlDeviceGetPowerManagementLimitConstraints"});
  resolve(library, f.utilisation, {"nvmlDeviceGetUtilizationRates"});
  resolve(library, f.memory, {"nvmlDeviceGetMemoryInfo"});
  resolve(library, f.temperature, {"nvmlDeviceGetTemperature"});
  resolve(library, f.clock, {"nvmlDeviceGetClockInfo"});
  resolve(library, f.clock_reasons,
          {"nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"});
  resolve(library, f.mig_mode, {"nvmlDeviceGetMigMode"});
  resolve(library, f.most_migs, {"nvmlDeviceGetMaxMigDeviceCount"});
  resolve(library, f.mig_by_index, {"nvmlDeviceGetMigDeviceHandleByIndex"});
  resolve(library, f.gpu_of_mig, {"nvmlDeviceGetDeviceHandleFromMigDeviceHandle"});
  resolve_processes(library, f);
  return f;
}

}  // namespace

NvmlLibrary::NvmlLibrary(const std::string& name)
    : library_(name), functions_(resolve_all(library_)) {
  if (functions_.init == nullptr) {
    throw Error(ErrorCode::unsupported,
                fmt::format("'{}' is not NVIDIA's management library: it has no nvmlInit", name));
  }
}

NvmlLibrary::~NvmlLibrary() {
  if (initialised_ && functions_.shutdown != nullptr) functions_.shutdown();
}

NvmlReturn NvmlLibrary::initialise() {
  const NvmlReturn status = functions_.init();
  initialised_ = status == NvmlReturn::success;
  if (initialised_) ++generation_;
  return status;
}

NvmlReturn NvmlLibrary::initialise_again(int after_generation) {
  const std::lock_guard lock(initialising_);
  if (initialised_ && generation_ != after_generation) return NvmlReturn::success;
  // Without this the library would only count another user and keep its dead connection.
  if (initialised_ && functions_.shutdown != nullptr) functions_.shutdown();
  return initialise();
}

std::string NvmlLibrary::explain(NvmlReturn status) const {
  const char* words =
      functions_.error_string != nullptr ? functions_.error_string(status) : nullptr;
  return fmt::format("{} (NVML status {})", words != nullptr ? words : "failed",
                     static_cast<int>(status));
}

}  // namespace wattfor
