#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sensor/nvml_api.h"

// What the fake libnvidia-ml answers. A test opens the library itself, gets this through
// fake_nvml_state(), and sets what the adapter under test shall meet:
//
//   SharedLibrary library(FAKE_NVML_MODERN);
//   FakeNvml& fake = *library.symbol<FakeNvml*()>("fake_nvml_state")();
//
// A program that opens it without a test inside sets $FAKE_NVML_FILE (see fake_nvml_file.cpp).
namespace wattfor::test {

template <class Value>
struct FakeAnswer {
  Value value{};
  NvmlReturn status = NvmlReturn::success;
};

struct FakePowerField {
  double milliwatts = 0.0;
  NvmlReturn scope_gpu = NvmlReturn::success;
  NvmlReturn scope_module = NvmlReturn::not_supported;
  NvmlReturn scope_memory = NvmlReturn::not_supported;
  std::optional<double> module_milliwatts = {};  // otherwise as the GPU's
  double memory_milliwatts = 0.0;
  NvmlValueType type = NvmlValueType::uint32;
};

// nvmlDeviceGetSamples: what the driver's buffer holds.
struct FakeSamples {
  NvmlReturn status = NvmlReturn::not_supported;
  std::vector<nvmlSample_t> samples = {};
  NvmlValueType type = NvmlValueType::uint32;
  std::optional<unsigned> claimed_count = {};  // where it is not the number of those that are new
};

struct FakeProcess {
  unsigned pid = 0;
  unsigned long long bytes = ~0ULL;  // unknown
};

struct FakeProcesses {
  NvmlReturn status = NvmlReturn::success;
  std::vector<FakeProcess> processes = {};
  bool never_room_enough = false;
};

struct FakeGpu {
  // Where it is not `success`, every call about this GPU answers it: a GPU that fell off the bus.
  NvmlReturn state = NvmlReturn::success;
  NvmlReturn open = NvmlReturn::success;  // of nvmlDeviceGetHandleByIndex
  FakeAnswer<std::string> name{"NVIDIA H100 PCIe"};
  FakeAnswer<std::string> uuid{"GPU-11111111-2222-3333-4444-555555555555"};
  FakeAnswer<unsigned> architecture{nvml_architecture_hopper};
  FakeAnswer<unsigned long long> energy_mj{5'000'000};
  FakeAnswer<unsigned long long> energy_field_mj{5'000'000};
  FakePowerField power_instant{.milliwatts = 300'000};
  FakePowerField power_average{.milliwatts = 290'000};
  FakeSamples samples;
  FakeSamples module_samples;
  FakeAnswer<unsigned> power_usage_mw{280'000};
  FakeAnswer<unsigned> power_limit_mw{350'000};          // that is enforced now
  FakeAnswer<unsigned> default_power_limit_mw{350'000};  // that the board boots with
  FakeAnswer<unsigned> lowest_power_limit_mw{200'000};   // that the board allows
  FakeAnswer<unsigned> highest_power_limit_mw{350'000};  // that the board allows
  FakeAnswer<nvmlUtilization_t> utilisation{{97, 40}};
  FakeAnswer<nvmlMemory_t> memory{{80'000, 60'000, 20'000}};
  FakeAnswer<unsigned> temperature_c{63};
  FakeAnswer<unsigned> sm_clock_mhz{1'755};
  FakeAnswer<unsigned long long> clock_reasons{};
  // By field; one that is not in it is not supported.
  std::map<unsigned, FakeAnswer<unsigned long long>> throttled_ns;
  NvmlValueType throttled_type = NvmlValueType::uint64;
  FakeAnswer<bool> mig_enabled{false};
  std::vector<std::string> mig_uuids;
  FakeProcesses compute;
  FakeProcesses graphics;
};

struct FakeNvml {
  FakeAnswer<std::string> driver_version{"550.54.15"};
  NvmlReturn init = NvmlReturn::success;
  std::vector<FakeGpu> gpus{FakeGpu{}};
  std::optional<unsigned> claimed_count;  // where it is not the number of `gpus`
  int inits = 0;                          // that succeeded
  int shutdowns = 0;
  // Raised when the driver is loaded anew: until the library is shut down and initialised again
  // every call answers `uninitialized`, and handles from before are refused for good.
  unsigned driver_load = 1;
  int field_calls = 0;  // of nvmlDeviceGetFieldValues
  // Counters rise with the clock by their GPU's instantaneous power, in steps of 100 ms; so do the
  // throttle times that a GPU tells.
  bool live = false;
  std::function<void()> before_answer = {};  // called once, by the next question about a GPU
};

// Throws where there is no such file or it can't be understood.
FakeNvml fake_nvml_from_file(const std::string& path);

}  // namespace wattfor::test

extern "C" wattfor::test::FakeNvml* fake_nvml_state();
