#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "meter/surroundings.h"
#include "simulation/simulated_device.h"
#include "simulation/simulation_spec.h"
#include "support/temp_tree.h"
#include "tracking/tracked_run.h"

namespace wattfor::many_windows_test {
namespace {

constexpr std::chrono::milliseconds poll(5);
constexpr int windows_in_all = 1000;

// A window of the run and what truly flowed by its begin, and by its end, since the run began.
struct KnownWindow {
  TrackedRun::Key key = 0;
  Joules before;
  std::optional<Joules> until = std::nullopt;
};

struct Tally {
  int in_absolute = 0;
  int in_comparison = 0;
  int without_figure = 0;
  std::size_t most_open = 0;
};

// Trains on a simulated device while windows of 50 ms to some seconds begin and end at random, in
// any order, up to thirty of them open at once.
Tally windows_against_truth(const std::string& sensor, unsigned seed) {
  const auto clock = std::make_shared<ManualClock>();
  Simulation simulation =
      simulate(simulation_from_json(
                   R"({"load": {"waveform": "training", "idle_w": 60, "high_w": 320, "low_w": 140,
                       "period_s": 0.37, "rise_s": 0.01, "noise_w": 6}, "seed": )" +
                       std::to_string(seed) + R"(, "sensors": [)" + sensor + "]}",
                   "spec.json"),
               clock);
  const auto load = simulation.load;
  std::vector<std::unique_ptr<Device>> devices;
  devices.push_back(std::move(simulation.device));
  Meter meter(std::move(devices), *clock, {.interval = Seconds(poll)});
  const auto pass = [&](Seconds duration) {
    for (const Instant end = clock->now() + ticks(duration); clock->now() < end;) {
      clock->advance(poll);
      meter.sample();
    }
  };
  const Instant start = clock->now();
  const auto flowed = [&] { return load->energy(start, clock->now()); };
  pass(Seconds(2.0));
  const test::TempTree tree;
  const Surroundings surroundings({.sysfs = tree.root(), .procfs = tree.root(), .nvml_library = ""},
                                  [](const std::string&) { return std::nullopt; });
  TrackedRun run(meter, *clock, surroundings, {});
  load->begin_work(clock->now());

  std::mt19937 random(seed);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<KnownWindow> known;
  std::vector<std::size_t> open;
  Tally tally;
  while (known.size() < windows_in_all || !open.empty()) {
    const bool begins = known.size() < windows_in_all &&
                        (open.empty() || (open.size() < 30 && uniform(0, 1) < 0.5));
    if (begins) {
      open.push_back(known.size());
      known.push_back({.key = run.begin_window("w"), .before = flowed()});
    } else {
      const auto chosen = static_cast<std::size_t>(uniform(0, static_cast<double>(open.size())));
      KnownWindow& window = known[open[std::min(chosen, open.size() - 1)]];
      run.end_window(window.key);
      window.until = flowed();
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(std::min(chosen, open.size() - 1)));
    }
    tally.most_open = std::max(tally.most_open, open.size());
    pass(Seconds(uniform(0.05, 0.3)));
  }
  load->end_work(clock->now());
  pass(Seconds(2.0));
  const Measurement record = run.finish();
  for (const KnownWindow& window : known) {
    const MarkedWindow& measured = record.windows[static_cast<std::size_t>(window.key)];
    const double truth_j = (*window.until - window.before).value();
    if (!measured.gross || !measured.gross->absolute || !measured.gross->comparison) {
      ++tally.without_figure;
      continue;
    }
    const auto holds = [&](const Interval& interval) {
      return interval.low <= truth_j && truth_j <= interval.high;
    };
    tally.in_absolute += holds(*measured.gross->absolute) ? 1 : 0;
    tally.in_comparison += holds(*measured.gross->comparison) ? 1 : 0;
  }
  return tally;
}

void expect_truth_within(const std::string& sensor) {
  const Tally tally = windows_against_truth(sensor, 7);
  EXPECT_EQ(0, tally.without_figure);
  EXPECT_GE(tally.most_open, 10U) << "they were to overlap";
  EXPECT_GE(tally.in_absolute, 950) << "of 1,000";
  EXPECT_GE(tally.in_comparison, 950) << "the simulated sensor's gain is right";
}

TEST(ManyWindowsTest, NestedAndOverlappingOnesHoldTheTruthOfACounter) {
  expect_truth_within(R"({"id": "energy", "kind": "counter", "update_period_s": 0.02})");
}

TEST(ManyWindowsTest, NestedAndOverlappingOnesHoldTheTruthOfAGauge) {
  expect_truth_within(R"({"id": "power", "update_period_s": 0.1, "window_s": 0.1})");
}

TEST(ManyWindowsTest, NestedAndOverlappingOnesHoldTheTruthOfAPartTimeGauge) {
  expect_truth_within(R"({"id": "power", "update_period_s": 0.1, "window_s": 0.025})");
}

}  // namespace
}  // namespace wattfor::many_windows_test
