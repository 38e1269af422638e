#include "sensor/nvml_library.h"

#include <fmt/format.h>

#include <array>
#include <initializer_list>
#include <utility>

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

NvmlFunctions resolve_all(const SharedLibrary& library) {
  NvmlFunctions f;
  resolve(library, f.init, {"nvmlInit_v2", "nvmlInit"});
  resolve(library, f.shutdown, {"nvmlShutdown"});
  resolve(library, f.error_string, {"nvmlErrorString"});
  resolve(library, f.driver_version, {"nvmlSystemGetDriverVersion"});
  resolve(library, f.count, {"nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"});
  resolve(library, f.handle_by_index,
          {"nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"});
  resolve(library, f.name, {"nvmlDeviceGetName"});
  resolve(library, f.uuid, {"nvmlDeviceGetUUID"});
  resolve(library, f.architecture, {"nvmlDeviceGetArchitecture"});
  resolve(library, f.power_usage, {"nvmlDeviceGetPowerUsage"});
  resolve(library, f.total_energy, {"nvmlDeviceGetTotalEnergyConsumption"});
  resolve(library, f.field_values, {"nvmlDeviceGetFieldValues"});
  resolve(library, f.enforced_power_limit, {"nvmlDeviceGetEnforcedPowerLimit"});
  resolve(library, f.power_limit_constraints, {"nvmlDeviceGetPowerManagementLimitConstraints"});
  resolve(library, f.utilisation, {"nvmlDeviceGetUtilizationRates"});
  resolve(library, f.memory, {"nvmlDeviceGetMemoryInfo"});
  resolve(library, f.temperature, {"nvmlDeviceGetTemperature"});
  resolve(library, f.clock, {"nvmlDeviceGetClockInfo"});
  resolve(library, f.clock_reasons,
          {"nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons"});
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
  return status;
}

std::string NvmlLibrary::explain(NvmlReturn status) const {
  const char* words =
      functions_.error_string != nullptr ? functions_.error_string(status) : nullptr;
  return fmt::format("{} (NVML status {})", words != nullptr ? words : "failed",
                     static_cast<int>(status));
}

std::vector<std::string> throttle_words(unsigned long long reasons) {
  constexpr unsigned long long gpu_idle = 0x1;
  static constexpr std::array<std::pair<unsigned long long, const char*>, 8> words = {{
      {0x2, "application clocks"},
      {0x4, "power cap"},
      {0x8, "hardware slowdown"},
      {0x10, "sync boost"},
      {0x20, "software thermal slowdown"},
      {0x40, "hardware thermal slowdown"},
      {0x80, "power brake"},
      {0x100, "display clocks"},
  }};
  std::vector<std::string> found;
  unsigned long long unknown = reasons & ~gpu_idle;
  for (const auto& [bit, word] : words) {
    if ((reasons & bit) != 0) found.emplace_back(word);
    unknown &= ~bit;
  }
  if (unknown != 0) found.push_back(fmt::format("unknown reason {:#x}", unknown));
  return found;
}

}  // namespace wattfor
