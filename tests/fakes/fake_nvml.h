#pragma once

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
// A program that opens it without a test inside sets $FAKE_NVML_GPUS (a count), $FAKE_NVML_INIT
// (the status of nvmlInit) and $FAKE_NVML_LIVE (any text: see FakeNvml::live).
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
  NvmlValueType type = NvmlValueType::uint32;
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
  FakeAnswer<unsigned> power_usage_mw{280'000};
  FakeAnswer<unsigned> power_limit_mw{350'000};          // that is enforced now
  FakeAnswer<unsigned> highest_power_limit_mw{350'000};  // that the board allows
  FakeAnswer<nvmlUtilization_t> utilisation{{97, 40}};
  FakeAnswer<nvmlMemory_t> memory{{80'000, 60'000, 20'000}};
  FakeAnswer<unsigned> temperature_c{63};
  FakeAnswer<unsigned> sm_clock_mhz{1'755};
  FakeAnswer<unsigned long long> clock_reasons{};
};

struct FakeNvml {
  FakeAnswer<std::string> driver_version{"550.54.15"};
  NvmlReturn init = NvmlReturn::success;
  std::vector<FakeGpu> gpus{FakeGpu{}};
  std::optional<unsigned> claimed_count;  // where it is not the number of `gpus`
  int inits = 0;                          // that succeeded
  int shutdowns = 0;
  // Counters rise with the clock by their GPU's instantaneous power, in steps of 100 ms.
  bool live = false;
};

}  // namespace wattfor::test

extern "C" wattfor::test::FakeNvml* fake_nvml_state();
