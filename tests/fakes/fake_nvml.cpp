// A libnvidia-ml.so for tests: the same C names, answers from FakeNvml. Three libraries are made of
// this file: FAKE_NVML_MODERN has all that wattfor can use; FAKE_NVML_OLD what a driver before
// fields, the energy counter, MIG and the "_v2" names had; FAKE_NVML_BARE lists GPUs and knows
// nothing about them.
#include "fakes/fake_nvml.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace wattfor::test {
namespace {

FakeNvml from_environment() {
  FakeNvml fake;
  if (const char* file = std::getenv("FAKE_NVML_FILE")) fake = fake_nvml_from_file(file);
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
  if (std::getenv("FAKE_NVML_LIVE") != nullptr) fake.live = true;
  return fake;
}

FakeNvml& fake_nvml() {
  static FakeNvml fake = from_environment();
  return fake;
}

// The load of the driver that the library was initialised with.
unsigned initialised_load = 0;

bool initialised() {
  const FakeNvml& fake = fake_nvml();
  return fake.inits > fake.shutdowns && initialised_load == fake.driver_load;
}

// A handle is opaque to its holder: the GPU's number, that of a MIG instance on it (none: 0), and
// the load of the driver that it is of. Each number is raised by one, so that no handle is null.
nvmlDevice_t handle_of(std::size_t gpu, std::size_t mig = 0) {
  const std::uintptr_t bits =
      (gpu + 1) | (mig << 16) | (std::uintptr_t{fake_nvml().driver_load} << 32);
  return reinterpret_cast<nvmlDevice_t>(bits);
}

struct Target {
  FakeGpu* gpu = nullptr;
  std::size_t mig = 0;
  NvmlReturn status = NvmlReturn::success;
};

Target target_of(nvmlDevice_t device) {
  if (!initialised()) return {.status = NvmlReturn::uninitialized};
  const auto bits = reinterpret_cast<std::uintptr_t>(device);
  const std::size_t number = bits & 0xffff;
  if (number == 0 || number > fake_nvml().gpus.size() || bits >> 32 != fake_nvml().driver_load) {
    return {.status = NvmlReturn::invalid_argument};
  }
  FakeGpu& gpu = fake_nvml().gpus[number - 1];
  return {&gpu, (bits >> 16) & 0xffff, gpu.state};
}

// Of a whole GPU: what the board measures is not divided among its instances.
[[maybe_unused]] Target gpu_target_of(nvmlDevice_t device) {
  Target target = target_of(device);
  if (target.status == NvmlReturn::success && target.mig != 0) {
    target.status = NvmlReturn::not_supported;
  }
  return target;
}

template <class Value, class Out>
[[maybe_unused]] NvmlReturn answer(nvmlDevice_t device, FakeAnswer<Value> FakeGpu::* from,
                                   Out* out) {
  const Target target = gpu_target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  const FakeAnswer<Value>& found = target.gpu->*from;
  if (found.status == NvmlReturn::success) *out = static_cast<Out>(found.value);
  return found.status;
}

[[maybe_unused]] NvmlReturn copy_text(const FakeAnswer<std::string>& from, char* text,
                                      unsigned length) {
  if (from.status == NvmlReturn::success) {
    std::strncpy(text, from.value.c_str(), length - 1);
    text[length - 1] = '\0';
  }
  return from.status;
}

// Seconds on the clock in steps of 100 ms, where the fake is live.
[[maybe_unused]] double live_seconds() {
  if (!fake_nvml().live) return 0.0;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(now / std::chrono::milliseconds(100)) * 0.1;
}

[[maybe_unused]] unsigned long long live_millijoules(const FakeGpu& gpu) {
  return static_cast<unsigned long long>(live_seconds() * gpu.power_instant.milliwatts);
}

[[maybe_unused]] void put(nvmlFieldValue_t& field, NvmlValueType type, double value) {
  field.valueType = type;
  switch (type) {
    case NvmlValueType::float64:
      field.value.dVal = value;
      break;
    case NvmlValueType::uint32:
      field.value.uiVal = static_cast<unsigned>(value);
      break;
    case NvmlValueType::unsigned_long:
      field.value.ulVal = static_cast<unsigned long>(value);
      break;
    case NvmlValueType::uint64:
      field.value.ullVal = static_cast<unsigned long long>(value);
      break;
    case NvmlValueType::int64:
      field.value.sllVal = static_cast<long long>(value);
      break;
    case NvmlValueType::int32:
      field.value.siVal = static_cast<int>(value);
      break;
    case NvmlValueType::uint16:
      field.value.usVal = static_cast<unsigned short>(value);
      break;
  }
}

[[maybe_unused]] void fill(nvmlFieldValue_t& field, const FakePowerField& from) {
  double value = from.milliwatts;
  field.nvmlReturn = from.scope_gpu;
  if (field.scopeId == nvml_scope_module) {
    value = from.module_milliwatts.value_or(value);
    field.nvmlReturn = from.scope_module;
  } else if (field.scopeId == nvml_scope_memory) {
    value = from.memory_milliwatts;
    field.nvmlReturn = from.scope_memory;
  } else if (field.scopeId != nvml_scope_gpu) {
    field.nvmlReturn = NvmlReturn::invalid_argument;
  }
  if (field.nvmlReturn == NvmlReturn::success) put(field, from.type, value);
}

// Entries that fail keep what their caller left in them, as the real ones do.
[[maybe_unused]] void fill(nvmlFieldValue_t& field, const FakeGpu& gpu) {
  switch (field.fieldId) {
    case nvml_field_total_energy:
      field.nvmlReturn = gpu.energy_field_mj.status;
      field.valueType = NvmlValueType::uint64;
      field.value.ullVal = gpu.energy_field_mj.value + live_millijoules(gpu);
      return;
    case nvml_field_power_average:
      return fill(field, gpu.power_average);
    case nvml_field_power_instant:
      return fill(field, gpu.power_instant);
    default:
      break;
  }
  const auto time = gpu.throttled_ns.find(field.fieldId);
  if (time == gpu.throttled_ns.end()) {
    field.nvmlReturn = NvmlReturn::not_supported;
    return;
  }
  field.nvmlReturn = time->second.status;
  if (field.nvmlReturn != NvmlReturn::success) return;
  const double nanoseconds = static_cast<double>(time->second.value) + live_seconds() * 1e9;
  put(field, gpu.throttled_type, nanoseconds);
}

[[maybe_unused]] NvmlReturn list(const FakeProcesses& from, std::size_t entry_bytes,
                                 unsigned* count, void* entries) {
  if (from.status != NvmlReturn::success) return from.status;
  const auto found = static_cast<unsigned>(from.processes.size());
  if (from.never_room_enough) {
    *count += 1;
    return NvmlReturn::insufficient_size;
  }
  const unsigned room = entries == nullptr ? 0 : *count;
  *count = found;
  if (found > room) return NvmlReturn::insufficient_size;
  auto* bytes = static_cast<unsigned char*>(entries);
  for (const FakeProcess& process : from.processes) {
    const nvmlProcessInfo_v1_t entry{process.pid, process.bytes};
    std::memset(bytes, 0xff, entry_bytes);
    std::memcpy(bytes, &entry, sizeof entry);
    bytes += entry_bytes;
  }
  return NvmlReturn::success;
}

[[maybe_unused]] NvmlReturn list(nvmlDevice_t device, FakeProcesses FakeGpu::* from,
                                 std::size_t entry_bytes, unsigned* count, void* entries) {
  const Target target = target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  return list(target.gpu->*from, entry_bytes, count, entries);
}

NvmlReturn init() {
  if (fake_nvml().init != NvmlReturn::success) return fake_nvml().init;
  // A second user of a library that is initialised is only counted.
  if (fake_nvml().inits == fake_nvml().shutdowns) initialised_load = fake_nvml().driver_load;
  ++fake_nvml().inits;
  return NvmlReturn::success;
}

NvmlReturn count(unsigned* count) {
  if (!initialised()) return NvmlReturn::uninitialized;
  *count = fake_nvml().claimed_count.value_or(static_cast<unsigned>(fake_nvml().gpus.size()));
  return NvmlReturn::success;
}

NvmlReturn handle(unsigned index, nvmlDevice_t* device) {
  if (!initialised()) return NvmlReturn::uninitialized;
  if (index >= fake_nvml().gpus.size()) return NvmlReturn::invalid_argument;
  *device = handle_of(index);
  return fake_nvml().gpus[index].open;
}

}  // namespace
}  // namespace wattfor::test

extern "C" wattfor::test::FakeNvml* fake_nvml_state() { return &wattfor::test::fake_nvml(); }

namespace wattfor {

using test::FakeGpu;

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
NvmlReturn nvmlDeviceGetComputeRunningProcesses(nvmlDevice_t device, unsigned* count,
                                                void* entries) {
  return test::list(device, &FakeGpu::compute, 16, count, entries);
}
NvmlReturn nvmlDeviceGetCurrentClocksThrottleReasons(nvmlDevice_t device,
                                                     unsigned long long* reasons) {
  return test::answer(device, &FakeGpu::clock_reasons, reasons);
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
    case NvmlReturn::uninitialized:
      return "Uninitialized";
    case NvmlReturn::not_supported:
      return "Not Supported";
    case NvmlReturn::no_permission:
      return "Insufficient Permissions";
    case NvmlReturn::not_found:
      return "Not Found";
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
  if (!test::initialised()) return NvmlReturn::uninitialized;
  return test::copy_text(test::fake_nvml().driver_version, version, length);
}

NvmlReturn nvmlDeviceGetName(nvmlDevice_t device, char* name, unsigned length) {
  const test::Target target = test::target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  return test::copy_text(target.gpu->name, name, length);
}

NvmlReturn nvmlDeviceGetUUID(nvmlDevice_t device, char* uuid, unsigned length) {
  const test::Target target = test::target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  if (target.mig == 0) return test::copy_text(target.gpu->uuid, uuid, length);
  return test::copy_text({target.gpu->mig_uuids[target.mig - 1]}, uuid, length);
}

NvmlReturn nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned* milliwatts) {
  return test::answer(device, &FakeGpu::power_usage_mw, milliwatts);
}

NvmlReturn nvmlDeviceGetSamples(nvmlDevice_t device, int type, unsigned long long last_seen_us,
                                NvmlValueType* type_of_values, unsigned* count,
                                nvmlSample_t* samples) {
  const test::Target target = test::gpu_target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  if (type != nvml_samples_total_power && type != nvml_samples_module_power) {
    return NvmlReturn::invalid_argument;
  }
  const test::FakeSamples& from =
      type == nvml_samples_total_power ? target.gpu->samples : target.gpu->module_samples;
  if (from.status != NvmlReturn::success) return from.status;
  std::vector<nvmlSample_t> found;
  std::ranges::copy_if(from.samples, std::back_inserter(found),
                       [&](const nvmlSample_t& sample) { return sample.timeStamp > last_seen_us; });
  if (found.empty()) return NvmlReturn::not_found;
  *type_of_values = from.type;
  if (samples != nullptr) {
    found.resize(std::min<std::size_t>(found.size(), *count));
    std::ranges::copy(found, samples);
  }
  *count = from.claimed_count.value_or(static_cast<unsigned>(found.size()));
  return NvmlReturn::success;
}

NvmlReturn nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned* milliwatts) {
  return test::answer(device, &FakeGpu::power_limit_mw, milliwatts);
}

NvmlReturn nvmlDeviceGetPowerManagementDefaultLimit(nvmlDevice_t device, unsigned* milliwatts) {
  return test::answer(device, &FakeGpu::default_power_limit_mw, milliwatts);
}

NvmlReturn nvmlDeviceGetPowerManagementLimitConstraints(nvmlDevice_t device, unsigned* least,
                                                        unsigned* most) {
  const NvmlReturn status = test::answer(device, &FakeGpu::lowest_power_limit_mw, least);
  return status != NvmlReturn::success
             ? status
             : test::answer(device, &FakeGpu::highest_power_limit_mw, most);
}

NvmlReturn nvmlDeviceGetUtilizationRates(nvmlDevice_t device, nvmlUtilization_t* rates) {
  return test::answer(device, &FakeGpu::utilisation, rates);
}

NvmlReturn nvmlDeviceGetMemoryInfo(nvmlDevice_t device, nvmlMemory_t* memory) {
  return test::answer(device, &FakeGpu::memory, memory);
}

NvmlReturn nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned* celsius) {
  if (sensor != nvml_temperature_gpu) return NvmlReturn::invalid_argument;
  return test::answer(device, &FakeGpu::temperature_c, celsius);
}

NvmlReturn nvmlDeviceGetClockInfo(nvmlDevice_t device, int clock, unsigned* megahertz) {
  if (clock != nvml_clock_sm) return NvmlReturn::invalid_argument;
  return test::answer(device, &FakeGpu::sm_clock_mhz, megahertz);
}
#endif

#ifdef FAKE_NVML_MODERN
NvmlReturn nvmlDeviceGetHandleByUUID(const char* uuid, nvmlDevice_t* device) {
  if (!test::initialised()) return NvmlReturn::uninitialized;
  const std::vector<FakeGpu>& gpus = test::fake_nvml().gpus;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (gpus[i].uuid.value == uuid) {
      *device = test::handle_of(i);
      return gpus[i].state;
    }
    for (std::size_t mig = 0; mig < gpus[i].mig_uuids.size(); ++mig) {
      if (gpus[i].mig_uuids[mig] != uuid) continue;
      *device = test::handle_of(i, mig + 1);
      return gpus[i].state;
    }
  }
  return NvmlReturn::not_found;
}

NvmlReturn nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned* current, unsigned* pending) {
  *pending = 0;
  return test::answer(device, &FakeGpu::mig_enabled, current);
}

NvmlReturn nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned* count) {
  const test::Target target = test::gpu_target_of(device);
  *count = 7;
  return target.status;
}

NvmlReturn nvmlDeviceGetMigDeviceHandleByIndex(nvmlDevice_t device, unsigned index,
                                               nvmlDevice_t* mig) {
  const test::Target target = test::gpu_target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  if (index >= target.gpu->mig_uuids.size()) return NvmlReturn::not_found;
  *mig = test::handle_of(static_cast<std::size_t>(target.gpu - test::fake_nvml().gpus.data()),
                         index + 1);
  return NvmlReturn::success;
}

NvmlReturn nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t* gpu) {
  const test::Target target = test::target_of(mig);
  if (target.status != NvmlReturn::success) return target.status;
  if (target.mig == 0) return NvmlReturn::invalid_argument;
  *gpu = test::handle_of(static_cast<std::size_t>(target.gpu - test::fake_nvml().gpus.data()));
  return NvmlReturn::success;
}

NvmlReturn nvmlDeviceGetCurrentClocksEventReasons(nvmlDevice_t device,
                                                  unsigned long long* reasons) {
  return test::answer(device, &FakeGpu::clock_reasons, reasons);
}

NvmlReturn nvmlDeviceGetArchitecture(nvmlDevice_t device, unsigned* architecture) {
  return test::answer(device, &FakeGpu::architecture, architecture);
}

NvmlReturn nvmlDeviceGetTotalEnergyConsumption(nvmlDevice_t device,
                                               unsigned long long* millijoules) {
  const NvmlReturn status = test::answer(device, &FakeGpu::energy_mj, millijoules);
  if (status == NvmlReturn::success) {
    *millijoules += test::live_millijoules(*test::target_of(device).gpu);
  }
  return status;
}

NvmlReturn nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, nvmlFieldValue_t* values) {
  const test::Target target = test::gpu_target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  ++test::fake_nvml().field_calls;
  for (int i = 0; i < count; ++i) test::fill(values[i], *target.gpu);
  return NvmlReturn::success;
}

NvmlReturn nvmlDeviceGetComputeRunningProcesses_v3(nvmlDevice_t device, unsigned* count,
                                                   void* entries) {
  return test::list(device, &FakeGpu::compute, 24, count, entries);
}

NvmlReturn nvmlDeviceGetGraphicsRunningProcesses_v3(nvmlDevice_t device, unsigned* count,
                                                    void* entries) {
  return test::list(device, &FakeGpu::graphics, 24, count, entries);
}

// Only that they are there is looked at.
NvmlReturn nvmlDeviceGetConfComputeMemSizeInfo() { return NvmlReturn::not_supported; }
NvmlReturn nvmlDeviceGetRunningProcessDetailList() { return NvmlReturn::not_supported; }
#endif

}  // extern "C"

}  // namespace wattfor
