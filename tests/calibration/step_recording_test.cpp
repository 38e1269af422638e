#include "calibration/step_recording.h"

#include <gtest/gtest.h>

#include <cmath>

#include "response/identify.h"
#include "response/identify_counter.h"
#include "simulated_steps.h"

namespace wattfor::step_recording_test {
namespace {

std::optional<StepRecording> record(const std::string& spec, const StepPlan& plan,
                                    double until = 2.0) {
  test::SimulatedRecording world(spec, until);
  test::SimulatedSteps load(*world.simulation.load, *world.clock);
  auto recording = record_steps(world.sensor(), load, plan, world.host);
  EXPECT_FALSE(load.on);
  return recording;
}

TEST(StepRecordingTest, TheLoadIsOnBetweenItsSwitchesAndTheSensorIsReadAllTheTime) {
  const auto recording = record(
      R"({"load": {"idle_w": 60, "high_w": 300},
          "sensors": [{"kind": "instantaneous", "update_period_s": 0.001}]})",
      {.steps = 3, .shortest = Seconds(0.2), .longest = Seconds(0.3)});
  ASSERT_TRUE(recording.has_value());
  ASSERT_EQ(recording->switches.size(), 6U);
  EXPECT_NEAR(recording->switches[0].count(), 2.0, 1e-6);
  for (std::size_t i = 1; i < recording->switches.size(); ++i) {
    const Seconds length = recording->switches[i] - recording->switches[i - 1];
    EXPECT_GE(length, Seconds(0.199));
    EXPECT_LE(length, Seconds(0.301));
  }
  EXPECT_NEAR(static_cast<double>(recording->polls.size()), recording->duration.count() / 0.002,
              10.0);
  for (const Update& poll : recording->polls) {
    std::size_t switched = 0;
    for (const Seconds time : recording->switches) {
      if (std::abs((poll.time - time).count()) < 0.0021) switched = 99;  // may be either
      if (poll.time > time && switched != 99) ++switched;
    }
    if (switched != 99) {
      EXPECT_EQ(poll.power, Watts(switched % 2 == 1 ? 300.0 : 60.0));
    }
  }
}

TEST(StepRecordingTest, TellsHowTheSensorResponds) {
  const auto recording = record(
      R"({"seed": 4, "load": {"idle_w": 60, "high_w": 300, "rise_s": 0.002},
          "sensors": [{"update_period_s": 0.1003, "window_s": 0.025, "delay_s": 0.003,
                       "jitter_s": 0.0005, "gain": 0.95, "noise_w": 1, "quantum_w": 0.01}]})",
      {.steps = 60});
  ASSERT_TRUE(recording.has_value());
  const Identification found = identify_from_load(recording->polls, recording->load());
  EXPECT_EQ(found.kind, ResponseKind::boxcar);
  EXPECT_NEAR(found.profile.update_period->value.count(), 0.1003, 1e-4);
  EXPECT_NEAR(found.profile.window->value.count(), 0.025, 0.002);
  EXPECT_NEAR(found.profile.attention->value, 0.249, 0.02);
  EXPECT_EQ(found.profile.quantum, 0.01);
}

TEST(StepRecordingTest, TellsACountersPeriodAndDelay) {
  const auto recording = record(
      R"({"load": {"idle_w": 60, "high_w": 300, "rise_s": 0.001},
          "sensors": [{"kind": "counter", "update_period_s": 0.0203, "delay_s": 0.006,
                       "jitter_s": 0.0003, "quantum_j": 0.001}]})",
      {.steps = 30});
  ASSERT_TRUE(recording.has_value());
  const Identification found = identify_counter(recording->polls, recording->load());
  EXPECT_EQ(found.kind, ResponseKind::counter);
  EXPECT_NEAR(found.profile.update_period->value.count(), 0.0203, 2e-5);
  ASSERT_TRUE(found.profile.delay);
  EXPECT_NEAR(found.profile.delay->value.count(), 0.006, 0.002);
  EXPECT_LT(std::abs(found.profile.delay->value.count() - 0.006),
            3.0 * found.profile.delay->standard_error.count());
  EXPECT_FALSE(found.profile.window);
  EXPECT_FALSE(found.profile.attention);
}

TEST(StepRecordingTest, ACountersRestartsAreNone) {
  const auto recording = record(
      R"({"load": {"idle_w": 60, "high_w": 300},
          "sensors": [{"kind": "counter", "update_period_s": 0.02, "counter_range_j": 50}]})",
      {.steps = 3});
  ASSERT_TRUE(recording.has_value());
  for (std::size_t i = 1; i < recording->polls.size(); ++i) {
    EXPECT_GE(recording->polls[i].power, recording->polls[i - 1].power);
  }
  EXPECT_GT(recording->polls.back().power, Watts(500.0));  // 7 s at 60 W at the least
  EXPECT_LT(recording->polls.back().power, Watts(1200.0));
}

TEST(StepRecordingTest, FailedReadsAreCountedAndNoReadings) {
  const auto recording =
      record(R"({"sensors": [{"faults": [{"fault": "try_again", "from_s": 1, "duration_s": 1}]}]})",
             {.steps = 2, .shortest = Seconds(0.2), .longest = Seconds(0.3)});
  ASSERT_TRUE(recording.has_value());
  EXPECT_NEAR(recording->failures, 500, 60);  // and those before the first update
  EXPECT_NE(recording->failure.find("simulated failure"), std::string::npos);
}

TEST(StepRecordingTest, OneThatIsEndedLeavesNothingOn) {
  EXPECT_FALSE(record(R"({"sensors": [{}]})", {.steps = 5}, 0.3).has_value());
}

}  // namespace
}  // namespace wattfor::step_recording_test
