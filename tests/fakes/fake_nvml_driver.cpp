#include "fakes/fake_nvml_driver.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace wattfor::test {
namespace {

FakeNvml from_environment() {
  FakeNvml fake;
  if (const char* file = std::getenv("FAKE_NVML_FILE")) fake = fake_nvml_from_file(file);
  return fake;
}

// The load of the driver that the library was initialised with.
unsigned initialised_load = 0;

// Seconds on the clock in steps of 100 ms, where the fake is live.
double live_seconds() {
  if (!fake_nvml().live) return 0.0;
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<double>(now / std::chrono::milliseconds(100)) * 0.1;
}

void put(nvmlFieldValue_t& field, NvmlValueType type, double value) {
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

void fill(nvmlFieldValue_t& field, const FakePowerField& from) {
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

NvmlReturn list(const FakeProcesses& from, std::size_t entry_bytes, unsigned* count,
                void* entries) {
  if (from.status != NvmlReturn::success) return from.status;
  const auto found = static_cast<unsigned>(from.processes.size());
  if (from.never_room_enough) {
    *count += 1;
    return NvmlReturn::insufficient_size;
  }
  const unsigned room = entries == nullptr ? 0 : *count;
  *count = found;
  if (found > room) return NvmlReturn::insufficient_size;
  if (entries == nullptr) return NvmlReturn::success;
  auto* bytes = static_cast<unsigned char*>(entries);
  for (const FakeProcess& process : from.processes) {
    const nvmlProcessInfo_v1_t entry{process.pid, process.bytes};
    std::memset(bytes, 0xff, entry_bytes);
    std::memcpy(bytes, &entry, sizeof entry);
    bytes += entry_bytes;
  }
  return NvmlReturn::success;
}

}  // namespace

FakeNvml& fake_nvml() {
  static FakeNvml fake = from_environment();
  return fake;
}

bool initialised() {
  const FakeNvml& fake = fake_nvml();
  return fake.inits > fake.shutdowns && initialised_load == fake.driver_load;
}

nvmlDevice_t handle_of(std::size_t gpu, std::size_t mig) {
  const std::uintptr_t bits =
      (gpu + 1) | (mig << 16) | (std::uintptr_t{fake_nvml().driver_load} << 32);
  // NOLINTNEXTLINE(performance-no-int-to-ptr): a handle is never followed.
  return reinterpret_cast<nvmlDevice_t>(bits);
}

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

Target gpu_target_of(nvmlDevice_t device) {
  if (fake_nvml().before_answer) std::exchange(fake_nvml().before_answer, nullptr)();
  Target target = target_of(device);
  if (target.status == NvmlReturn::success && target.mig != 0) {
    target.status = NvmlReturn::not_supported;
  }
  return target;
}

NvmlReturn copy_text(const FakeAnswer<std::string>& from, char* text, unsigned length) {
  if (from.status == NvmlReturn::success) {
    std::strncpy(text, from.value.c_str(), length - 1);
    text[length - 1] = '\0';
  }
  return from.status;
}

unsigned long long live_millijoules(const FakeGpu& gpu) {
  return static_cast<unsigned long long>(live_seconds() * gpu.power_instant.milliwatts);
}

void fill(nvmlFieldValue_t& field, const FakeGpu& gpu) {
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

NvmlReturn list(nvmlDevice_t device, FakeProcesses FakeGpu::* from, std::size_t entry_bytes,
                unsigned* count, void* entries) {
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

}  // namespace wattfor::test
