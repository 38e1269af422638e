#include "simulation/simulated_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::simulated_log_test {
namespace {

using test::expect_refusal;
using test::has_text;
using test::refusal_of;

// A square wave of 400 and 100 W, idle at 60 W, before one gauge.
SimulationSpec board(const Kernel& kernel, Seconds period) {
  SimulationSpec spec = half_blind_board();
  spec.load.period = period;
  spec.sensors.front().model.kernel = kernel;
  return spec;
}

constexpr Kernel whole{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};

std::vector<CheckedWindow> checked(const SimulationSpec& spec, const WorkPlan& plan) {
  const SimulatedSensorSpec& gauge = gauge_of(spec, std::nullopt);
  return checked_replay(simulated_log(spec, gauge, plan), profile_of(spec, gauge), "log").windows;
}

TEST(SimulatedLogTest, ASeedGivesTheSameLogAndAnotherSeedAnother) {
  SimulationSpec spec = half_blind_board();
  const WorkPlan plan{.windows = 2, .length = Seconds(0.5), .idle = Seconds(0.5)};
  const auto text = [&] { return simulated_log(spec, spec.sensors.front(), plan).text; };
  const std::string first = text();
  EXPECT_EQ(first, text());
  ++spec.seed;
  EXPECT_NE(first, text());
}

TEST(SimulatedLogTest, TheTruthIsExactAndTheWorkLiesBetweenIdleTime) {
  const SimulationSpec spec = half_blind_board();
  const SimulatedLog log = simulated_log(spec, spec.sensors.front(), {.windows = 3});
  ASSERT_EQ(3u, log.marks.size());
  Seconds before = log.begin;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(5'000'000, log.marks[i].end_us - log.marks[i].start_us);
    // 250 W on average; 100 ms goes into 5 s without a rest.
    EXPECT_NEAR(1250.0, log.truths[i].value(), 1e-6);
    const Seconds idle = log.marks[i].start() - before;
    EXPECT_GE(idle, Seconds(2.9999));
    EXPECT_LT(idle, Seconds(3.1001));
    before = log.marks[i].end();
  }
  const NvidiaSmiLog read = read_nvidia_smi_log(log.text, "log");
  EXPECT_NEAR(3.0, (read.polls.back().time - before).count(), 0.01);
  EXPECT_EQ(log.begin, read.polls.front().time);
  EXPECT_EQ(Watts(400.0), read.limit);
}

TEST(SimulatedLogTest, AGaugeThatLooksAllTheTimeIsCorrectedToTheTruth) {
  const auto windows =
      checked(board(whole, Seconds(0.09)), {.windows = 20, .length = Seconds(1.0)});
  const ErrorSummary errors = summary_of(windows);
  EXPECT_EQ(20u, errors.figures);
  EXPECT_EQ(20u, errors.holding);
  EXPECT_LT(errors.naive->high, -0.02);
  EXPECT_LT(errors.corrected->rmse, 0.004);
}

// The table of docs/measurement.md.
TEST(SimulatedLogTest, AHalfBlindGaugeIsAsWrongAsItsClosedFormSays) {
  const SimulationSpec spec = half_blind_board();
  const std::vector<Seconds> periods{Seconds(0.02), Seconds(0.1), Seconds(0.25)};
  const auto errors = errors_by_period(
      spec, spec.sensors.front(),
      {.windows = 150, .idle = Seconds(1.2), .poll_interval = Seconds(0.02)}, periods);
  const std::vector<double> expected{0.097, 0.486, 0.071};
  ASSERT_EQ(3u, errors.size());
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(periods[i], errors[i].period);
    // 150 phases tell it to about a twelfth, one standard error.
    EXPECT_NEAR(expected[i], errors[i].errors.naive->rmse, 0.2 * expected[i]);
    EXPECT_NEAR(expected[i], errors[i].errors.corrected->rmse, 0.2 * expected[i]);
    EXPECT_EQ(errors[i].errors.figures, errors[i].errors.holding);
  }
}

TEST(SimulatedLogTest, OfALoadWithoutAPeriodThereIsNoSuchError) {
  SimulationSpec spec = half_blind_board();
  spec.load.waveform = Waveform::decoding;
  const std::vector<Seconds> periods{Seconds(0.02)};
  expect_refusal(refusal_of([&] { errors_by_period(spec, spec.sensors.front(), {}, periods); }),
                 ErrorCode::invalid_input,
                 "`decoding` has no period: expected `square` or `training`");
}

TEST(SimulatedLogTest, ReadsThatFailAreGapsOfTheWindow) {
  SimulationSpec spec = half_blind_board();
  spec.sensors.front().read_faults.push_back(
      {.kind = FailureKind::gone, .from = Seconds(4.0), .duration = Seconds(1.0)});
  const auto windows = checked(spec, {.windows = 1});
  ASSERT_EQ(1u, windows.at(0).replayed.gaps.size());
  EXPECT_NEAR(1.0, windows[0].replayed.gaps[0].duration.count(), 0.03);
  EXPECT_TRUE(has_text(windows[0].replayed.gaps[0].reason, "GPU is lost"));
  EXPECT_TRUE(windows[0].holds_truth().value());
}

TEST(SimulatedLogTest, AWrongGainIsOutsideTheIntervalOfAnUnknownOne) {
  SimulationSpec spec = board(whole, Seconds(0.09));
  spec.sensors.front().model.gain = 0.8;
  const auto windows = checked(spec, {.windows = 1});
  EXPECT_NEAR(-0.2, windows.at(0).corrected_error().value(), 0.005);
  EXPECT_FALSE(windows[0].holds_truth().value());
}

TEST(SimulatedLogTest, ACounterIsRefusedWithTheGaugesThatThereAre) {
  SimulationSpec spec = half_blind_board();
  spec.sensors.push_back(spec.sensors.front());
  spec.sensors.front().id = "counter";
  spec.sensors.front().model.kernel.kind = ResponseKind::counter;
  EXPECT_EQ("instant", gauge_of(spec, std::nullopt).id);
  EXPECT_EQ("instant", gauge_of(spec, "instant").id);
  for (const char* id : {"counter", "none"}) {
    expect_refusal(refusal_of([&] { gauge_of(spec, id); }), ErrorCode::invalid_input,
                   "expected one of: instant");
  }
  spec.sensors.pop_back();
  expect_refusal(refusal_of([&] { gauge_of(spec, std::nullopt); }), ErrorCode::invalid_input,
                 "has no gauge");
}

TEST(SimulatedLogTest, MoreThanFitsIntoMemoryIsRefused) {
  const SimulationSpec spec = half_blind_board();
  const WorkPlan plan{.windows = 10'000, .length = Seconds(3600.0)};
  expect_refusal(refusal_of([&] { simulated_log(spec, spec.sensors.front(), plan); }),
                 ErrorCode::usage, "20000 s at most");
}

}  // namespace
}  // namespace wattfor::simulated_log_test
