// A libnvidia-ml.so for tests: the same C names, answers from FakeNvml. Three libraries are made of
// this file: FAKE_NVML_MODERN has all that wattfor can use; FAKE_NVML_OLD what a driver before
// fields, the energy counter, MIG and the "_v2" names had; FAKE_NVML_BARE lists GPUs and knows
// nothing about them.
#include "fakes/fake_nvml.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "fakes/fake_nvml_driver.h"

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
