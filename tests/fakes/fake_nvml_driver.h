#pragma once

#include <cstddef>
#include <string>

#include "fakes/fake_nvml.h"

// What lies behind the fake library's functions: which load of the driver they are of, whom a
// handle means, and how FakeNvml's answers are laid out in NVML's structures.
namespace wattfor::test {

FakeNvml& fake_nvml();

// Whether the library was initialised since the driver was loaded.
bool initialised();

// A handle is opaque to its holder: the GPU's number, that of a MIG instance on it (none: 0), and
// the load of the driver that it is of. The numbers begin with one, so that no handle is null.
nvmlDevice_t handle_of(std::size_t gpu, std::size_t mig = 0);

struct Target {
  FakeGpu* gpu = nullptr;
  std::size_t mig = 0;
  NvmlReturn status = NvmlReturn::success;
};

Target target_of(nvmlDevice_t device);

// Of a whole GPU: what the board measures is not divided among its instances.
Target gpu_target_of(nvmlDevice_t device);

template <class Value, class Out>
NvmlReturn answer(nvmlDevice_t device, FakeAnswer<Value> FakeGpu::* from, Out* out) {
  const Target target = gpu_target_of(device);
  if (target.status != NvmlReturn::success) return target.status;
  const FakeAnswer<Value>& found = target.gpu->*from;
  if (found.status == NvmlReturn::success) *out = static_cast<Out>(found.value);
  return found.status;
}

NvmlReturn copy_text(const FakeAnswer<std::string>& from, char* text, unsigned length);

// What a live counter has grown by.
unsigned long long live_millijoules(const FakeGpu& gpu);

// Entries that fail keep the value that their caller left in them, as the real ones do.
void fill(nvmlFieldValue_t& field, const FakeGpu& gpu);

NvmlReturn list(nvmlDevice_t device, FakeProcesses FakeGpu::* from, std::size_t entry_bytes,
                unsigned* count, void* entries);

// Of nvmlInit, nvmlDeviceGetCount and nvmlDeviceGetHandleByIndex, whatever their version.
NvmlReturn init();
NvmlReturn count(unsigned* count);
NvmlReturn handle(unsigned index, nvmlDevice_t* device);

}  // namespace wattfor::test
