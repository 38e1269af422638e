// What one sampling round over eight GPUs costs on top of NVIDIA's library: every sensor of every
// device that find_nvml() answers on the tests' fake of that library, which answers at once. Beside
// it the same calls of the library made bare, the devices' state(), and the round as a meter takes
// it, with its curves. Prints one JSON object; times are in microseconds.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/shared_library.h"
#include "fakes/fake_nvml.h"
#include "meter/meter.h"
#include "sensor/nvml.h"
#include "sensor/nvml_api.h"

namespace {

constexpr unsigned gpus = 8;
constexpr int rounds = 20'000;

using Devices = std::vector<std::unique_ptr<wattfor::Device>>;

struct Times {
  double median_us = 0.0;
  double percentile_99_us = 0.0;
};

template <class Round>
Times times_of(Round round) {
  std::vector<double> times;
  times.reserve(rounds);
  for (int i = 0; i < rounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    round();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count());
  }
  std::ranges::sort(times);
  return {.median_us = times[times.size() / 2], .percentile_99_us = times[times.size() * 99 / 100]};
}

std::string to_json(const Times& times) {
  return fmt::format("{{\"median_us\": {:.3f}, \"percentile_99_us\": {:.3f}}}", times.median_us,
                     times.percentile_99_us);
}

[[noreturn]] void fail(const std::string& message) {
  throw wattfor::Error(wattfor::ErrorCode::io, message);
}

void read_all(const Devices& devices) {
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      const wattfor::Reading reading = sensor->read();
      if (const auto* failure = std::get_if<wattfor::ReadFailure>(&reading)) fail(failure->reason);
    }
  }
}

void ask_states(const Devices& devices) {
  for (const auto& device : devices) {
    if (!device->state().clock_mhz) fail("a device without a clock");
  }
}

// The calls that the sensors of eight such GPUs make, and nothing around them.
class BareLibrary {
 public:
  BareLibrary() : library_(NVML_LIBRARY) {
    const auto handle = library_.symbol<decltype(wattfor::nvmlDeviceGetHandleByIndex_v2)>(
        "nvmlDeviceGetHandleByIndex_v2");
    for (unsigned i = 0; i < gpus; ++i) {
      wattfor::nvmlDevice_t gpu = nullptr;
      handle(i, &gpu);
      handles_.push_back(gpu);
    }
  }

  void read_all() const {
    for (const wattfor::nvmlDevice_t gpu : handles_) {
      unsigned long long millijoules = 0;
      energy_(gpu, &millijoules);
      for (const unsigned field :
           {wattfor::nvml_field_power_instant, wattfor::nvml_field_power_average}) {
        wattfor::nvmlFieldValue_t value{};
        value.fieldId = field;
        fields_(gpu, 1, &value);
      }
    }
  }

 private:
  wattfor::SharedLibrary library_;
  decltype(wattfor::nvmlDeviceGetTotalEnergyConsumption)* energy_ =
      library_.symbol<decltype(wattfor::nvmlDeviceGetTotalEnergyConsumption)>(
          "nvmlDeviceGetTotalEnergyConsumption");
  decltype(wattfor::nvmlDeviceGetFieldValues)* fields_ =
      library_.symbol<decltype(wattfor::nvmlDeviceGetFieldValues)>("nvmlDeviceGetFieldValues");
  std::vector<wattfor::nvmlDevice_t> handles_;
};

}  // namespace

int main() {
  const wattfor::SharedLibrary library(NVML_LIBRARY);
  wattfor::test::FakeNvml& fake = *library.symbol<wattfor::test::FakeNvml*()>("fake_nvml_state")();
  fake.gpus.assign(gpus, wattfor::test::FakeGpu{});
  for (unsigned i = 0; i < gpus; ++i) fake.gpus[i].uuid.value = "GPU-" + std::to_string(i);
  fake.live = true;  // counters that move
  Devices devices = wattfor::find_nvml(NVML_LIBRARY).devices;
  std::size_t sensors = 0;
  for (const auto& device : devices) sensors += device->sensors().size();
  if (devices.size() != gpus || sensors != std::size_t{3} * gpus)
    fail("the fake library shows other sensors");

  const BareLibrary bare;
  const Times calls = times_of([&] { bare.read_all(); });
  const Times round = times_of([&] { read_all(devices); });
  const Times state = times_of([&] { ask_states(devices); });

  const wattfor::SystemClock clock;
  wattfor::Meter meter(std::move(devices), clock, {.interval = wattfor::Seconds(0.01)});
  meter.begin();
  const Times metered = times_of([&] { meter.sample(); });
  fmt::print(
      "{{\"gpus\": {}, \"sensors\": {}, \"rounds\": {}, \"library\": {}, \"round\": {}, "
      "\"state\": {}, \"meter\": {}}}\n",
      gpus, sensors, rounds, to_json(calls), to_json(round), to_json(state), to_json(metered));
  return 0;
}
