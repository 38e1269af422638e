// Whether a meter's memory stays flat: four counters that move with a clock held by hand, 1 ms a
// round, one window open from the first reading to the last. Prints one JSON object with the
// resident memory after 10⁵, 10⁶ and 10⁷ readings.

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "meter/meter.h"
#include "support/fake_device.h"

namespace {

constexpr int counters = 4;
constexpr std::array marks{100'000, 1'000'000, 10'000'000};  // readings

// Of smaps_rollup, which walks the pages; the sums in /proc/self/status lag behind by processor.
long resident_kib() {
  const std::string text = wattfor::read_file("/proc/self/smaps_rollup");
  constexpr std::string_view label = "\nRss:";
  const auto at = text.find(label);
  if (at == std::string::npos) {
    throw wattfor::Error(wattfor::ErrorCode::io, "/proc/self/smaps_rollup: no line Rss");
  }
  return std::strtol(text.c_str() + at + label.size(), nullptr, 10);
}

wattfor::DeviceState busy_state() {
  return {.utilisation_percent = 97.0,
          .memory_bytes = 2e9,
          .temperature_c = 63.0,
          .clock_mhz = 1755.0,
          .throttle_reasons = {"power cap"}};
}

}  // namespace

int main() {
  wattfor::ManualClock clock;
  const wattfor::test::PowerTrace load(clock, wattfor::Watts(50.0));
  auto device = std::make_unique<wattfor::test::FakeDevice>("four counters", clock);
  for (int i = 0; i < counters; ++i) {
    device->add(
        wattfor::test::counter_info(fmt::format("counter-{}", i), wattfor::Domain::cpu_package, i),
        load.counter());
  }
  device->script_state([](wattfor::Instant) { return busy_state(); });
  wattfor::Meter meter(wattfor::test::devices_of(std::move(device)), clock,
                       {.interval = wattfor::Seconds(0.001)});

  const auto start = std::chrono::steady_clock::now();
  const wattfor::WindowId window = meter.begin();
  std::vector<std::string> resident;
  int readings = counters;  // begin() took the first ones
  for (const int mark : marks) {
    for (; readings < mark; readings += counters) {
      clock.advance(std::chrono::milliseconds(1));
      meter.sample();
    }
    resident.push_back(
        fmt::format("{{\"readings\": {}, \"resident_kib\": {}}}", mark, resident_kib()));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  meter.end(window);
  const auto total = meter.wait(window).total;
  fmt::print(
      "{{\"resident\": [{}], \"ns_per_reading\": {}, \"total_j\": {}, \"expected_j\": {}}}\n",
      fmt::join(resident, ", "), took.count() * 1e9 / readings, total.gross->energy.value(),
      50.0 * 0.001 * (readings - counters));
  return 0;
}
