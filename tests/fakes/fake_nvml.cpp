// A libnvidia-ml.so for tests: the same C names, answers from FakeNvml. Three libraries are made of
// this file: FAKE_NVML_MODERN has all that wattfor can use; FAKE_NVML_OLD what a driver before
// fields, the energy counter and the "_v2" names had; FAKE_NVML_BARE lists GPUs and knows nothing
// about them.
#include "fakes/fake_nvml.h"

#include <chrono>
#include <cstdlib>
#include <cstring>

namespace wattfor::test {
namespace {

FakeNvml from_environment() {
  FakeNvml fake;
  if (const char* count = std::getenv("FAKE_NVML_GPUS")) {
    const unsigned gpus = static_cast<unsigned>(std::strtoul(count, nullptr, 10));
    fake.gpus.clear();
    for (unsigned i = 0; i < gpus; ++i) {
      FakeGpu gpu;
      gpu.uuid.value = "GPU-" + std::to_string(i);
      fake.gpus.push_back(gpu);
    }
  }
  if (const char* status = std::getenv("FAKE_NVML_INIT")) {
    fake.init = static_cast<NvmlReturn>(std::strtol(status, nullptr, 10));
  }
  fake.live = std::getenv("FAKE_NVML_LIVE") != nullptr;
  return fake;
}

FakeNvml& fake_nvml() {
  static FakeNvml fake = from_environment();
  return fake;
}

// A handle is opaque to its holder: here it points at the GPU.
[[maybe_unused]] FakeGpu& gpu_of(nvmlDevice_t device) {
  return *reinterpret_cast<FakeGpu*>(device);
}

template <class Value, class Target>
[[maybe_unused]] NvmlReturn answer(nvmlDevice_t device, const FakeAnswer<Value>& from,
                                   Target* target) {
  if (gpu_of(device).state != NvmlReturn::success) return gpu_of(device).state;
  if (from.status == NvmlReturn::success) *target = static_cast<Target>(from.value);
  return from.status;
}

[[maybe_unused]] NvmlReturn copy_text(const FakeAnswer<std::string>& from, char* text,
                                      unsigned length) {
  if (from.status == NvmlReturn::success) {
    std::strncpy(text, from.value.c_str(), length - 1);
    text[length - 1] = '\0';
  }
  return from.status;
}

[[maybe_unused]] unsigned long long live_millijoules(const FakeGpu& gpu) {
  if (!fake_nvml().live) return 0;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto steps = now / std::chrono::milliseconds(100);
  return static_cast<unsigned long long>(static_cast<double>(steps) * 0.1 *
                                         gpu.power_instant.milliwatts);
}

[[maybe_unused]] void fill(nvmlFieldValue_t& field, const FakePowerField& from) {
  field.nvmlReturn = field.scopeId == nvml_scope_gpu      ? from.scope_gpu
                     : field.scopeId == nvml_scope_module ? from.scope_module
                                                          : NvmlReturn::invalid_argument;
  field.valueType = from.type;
  switch (from.type) {
    case NvmlValueType::float64:
      field.value.dVal = from.milliwatts;
      break;
    case NvmlValueType::uint16:
      field.value.usVal = static_cast<unsigned short>(from.milliwatts);
      break;
    case NvmlValueType::uint64:
      field.value.ullVal = static_cast<unsigned long long>(from.milliwatts);
      break;
    default:
      field.value.uiVal = static_cast<unsigned>(from.milliwatts);
      break;
  }
}

[[maybe_unused]] void fill(nvmlFieldValue_t& field, const FakeGpu& gpu) {
  switch (field.fieldId) {
    case nvml_field_total_energy:
      field.nvmlReturn = gpu.energy_field_mj.status;
      field.valueType = NvmlValueType::uint64;
      field.value.ullVal = gpu.energy_field_mj.value + live_millijoules(gpu);
      break;
    case nvml_field_power_average:
      fill(field, gpu.power_average);
      break;
    case nvml_field_power_instant:
      fill(field, gpu.power_instant);
      break;
    default:
      field.nvmlReturn = NvmlReturn::invalid_argument;
      break;
  }
}

NvmlReturn init() {
  if (fake_nvml().init == NvmlReturn::success) ++fake_nvml().inits;
  return fake_nvml().init;
}

NvmlReturn count(unsigned* count) {
  *count = fake_nvml().claimed_count.value_or(static_cast<unsigned>(fake_nvml().gpus.size()));
  return NvmlReturn::success;
}

NvmlReturn handle(unsigned index, nvmlDevice_t* device) {
  if (index >= fake_nvml().gpus.size()) return NvmlReturn::invalid_argument;
  *device = reinterpret_cast<nvmlDevice_t>(&fake_nvml().gpus[index]);
  return fake_nvml().gpus[index].open;
}

}  // namespace
}  // namespace wattfor::test

extern "C" wattfor::test::FakeNvml* fake_nvml_state() { return &wattfor::test::fake_nvml(); }

namespace wattfor {

extern "C" {

NvmlReturn nvmlShutdown() {
  ++test::fake_nvml().shutdowns;
  return NvmlReturn::success;
}

#ifdef FAKE_NVML_OLD
NvmlReturn nvmlInit() { return test::init(); }
NvmlReturn nvmlDeviceGetCount(unsigned* count) { return test::count(count); }
NvmlReturn nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t* device) {
  return test::handle(index, device);
}
#else
NvmlReturn nvmlInit_v2() { return test::init(); }
NvmlReturn nvmlDeviceGetCount_v2(unsigned* count) { return test::count(count); }
NvmlReturn nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t* device) {
  return test::handle(index, device);
}
#endif

#ifndef FAKE_NVML_BARE
const char* nvmlErrorString(NvmlReturn status) {
  switch (status) {
    case NvmlReturn::not_supported:
      return "Not Supported";
    case NvmlReturn::no_permission:
      return "Insufficient Permissions";
    case NvmlReturn::driver_not_loaded:
      return "Driver Not Loaded";
    case NvmlReturn::gpu_is_lost:
      return "GPU is lost";
    case NvmlReturn::lib_rm_version_mismatch:
      return "Driver/library version mismatch";
    default:
      return "Unknown Error";
  }
}

NvmlReturn nvmlSystemGetDriverVersion(char* version, unsigned length) {
  return test::copy_text(test::fake_nvml().driver_version, version, length);
}

NvmlReturn nvmlDeviceGetName(nvmlDevice_t device, char* name, unsigned length) {
  return test::copy_text(test::gpu_of(device).name, name, length);
}

NvmlReturn nvmlDeviceGetUUID(nvmlDevice_t device, char* uuid, unsigned length) {
  return test::copy_text(test::gpu_of(device).uuid, uuid, length);
}

NvmlReturn nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned* milliwatts) {
  return test::answer(device, test::gpu_of(device).power_usage_mw, milliwatts);
}

NvmlReturn nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned* milliwatts) {
  return test::answer(device, test::gpu_of(device).power_limit_mw, milliwatts);
}

NvmlReturn nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned* least,
                                                        unsigned* most) {
  *least = 0;
  return test::answer(device, test::gpu_of(device).highest_power_limit_mw, most);
}

NvmlReturn nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t* rates) {
  return test::answer(device, test::gpu_of(device).utilisation, rates);
}

NvmlReturn nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t* memory) {
  return test::answer(device, test::gpu_of(device).memory, memory);
}

NvmlReturn nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned* celsius) {
  if (sensor != nvml_temperature_gpu) return NvmlReturn::invalid_argument;
  return test::answer(device, test::gpu_of(device).temperature_c, celsius);
}

NvmlReturn nvmlDeviceGetClockInfo(nvmlDevice_t device, int clock, unsigned* megahertz) {
  if (clock != nvml_clock_sm) return NvmlReturn::invalid_argument;
  return test::answer(device, test::gpu_of(device).sm_clock_mhz, megahertz);
}
#endif

#ifdef FAKE_NVML_OLD
NvmlReturn nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device,
                                                     unsigned long long* reasons) {
  return test::answer(device, test::gpu_of(device).clock_reasons, reasons);
}
#endif

#ifdef FAKE_NVML_MODERN
NvmlReturn nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device,
                                                  unsigned long long* reasons) {
  return test::answer(device, test::gpu_of(device).clock_reasons, reasons);
}

NvmlReturn nvmlDeviceGetArchitecture(nvmlDevice_t device, unsigned* architecture) {
  return test::answer(device, test::gpu_of(device).architecture, architecture);
}

NvmlReturn nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device,
                                               unsigned long long* millijoules) {
  const NvmlReturn status = test::answer(device, test::gpu_of(device).energy_mj, millijoules);
  if (status == NvmlReturn::success) *millijoules += test::live_millijoules(test::gpu_of(device));
  return status;
}

NvmlReturn nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t* values) {
  const test::FakeGpu& gpu = test::gpu_of(device);
  if (gpu.state != NvmlReturn::success) return gpu.state;
  for (int i = 0; i < count; ++i) test::fill(values[i], gpu);
  return NvmlReturn::success;
}
#endif

}  // extern "C"

}  // namespace wattfor
