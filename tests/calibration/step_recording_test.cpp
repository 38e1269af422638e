#include "calibration/step_recording.h"

#include <gtest/gtest.h>

#include "response/identify.h"
#include "simulation/simulated_device.h"
#include "simulation/simulation_spec.h"

namespace wattfor {
namespace {

// A simulated device's load, on and off as a calibration's, by a clock held by hand.
class SimulatedSteps final : public CalibrationLoad {
 public:
  SimulatedSteps(SimulatedLoad& load, const Clock& clock) : load_(load), clock_(clock) {}
  std::string description() const override { return "simulated"; }
  void switch_on() override {
    load_.begin_work(clock_.now());
    on = true;
  }
  void switch_off() override {
    load_.end_work(clock_.now());
    on = false;
  }

  bool on = false;

 private:
  SimulatedLoad& load_;
  const Clock& clock_;
};

class StepRecordingTest : public testing::Test {
 protected:
  std::optional<StepRecording> record(const std::string& spec, const StepPlan& plan,
                                      double until = 2.0) {
    const Simulation simulation = simulate(simulation_from_json(spec, "spec"), clock_);
    SimulatedSteps load(*simulation.load, *clock_);
    const RecordingHost host{
        .clock = *clock_,
        .wait_until =
            [&](Instant time) {
              clock_->advance(std::max(time - clock_->now(), Instant::duration(1000)));
            },
        .go_on = [&](double share) { return share < until; }};
    auto recording = record_steps(*simulation.device->sensors().front(), load, plan, host);
    EXPECT_FALSE(load.on);
    return recording;
  }

 private:
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
};

TEST_F(StepRecordingTest, TheLoadIsOnBetweenItsSwitchesAndTheSensorIsReadAllTheTime) {
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
    if (switched != 99) EXPECT_EQ(poll.power, Watts(switched % 2 == 1 ? 300.0 : 60.0));
  }
}

TEST_F(StepRecordingTest, TellsHowTheSensorResponds) {
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

TEST_F(StepRecordingTest, TellsACounterAndItsPeriod) {
  const auto recording = record(
      R"({"load": {"idle_w": 60, "high_w": 300},
          "sensors": [{"kind": "counter", "update_period_s": 0.02, "quantum_j": 0.001}]})",
      {.steps = 10});
  ASSERT_TRUE(recording.has_value());
  const Identification found = identify_from_load(recording->polls, recording->load());
  EXPECT_EQ(found.kind, ResponseKind::counter);
  EXPECT_NEAR(found.profile.update_period->value.count(), 0.02, 2e-5);
}

TEST_F(StepRecordingTest, FailedReadsAreCountedAndNoReadings) {
  const auto recording =
      record(R"({"sensors": [{"faults": [{"fault": "try_again", "from_s": 1, "duration_s": 1}]}]})",
             {.steps = 2, .shortest = Seconds(0.2), .longest = Seconds(0.3)});
  ASSERT_TRUE(recording.has_value());
  EXPECT_NEAR(recording->failures, 500, 60);  // and those before the first update
  EXPECT_NE(recording->failure.find("simulated failure"), std::string::npos);
}

TEST_F(StepRecordingTest, OneThatIsEndedLeavesNothingOn) {
  EXPECT_FALSE(record(R"({"sensors": [{}]})", {.steps = 5}, 0.3).has_value());
}

}  // namespace
}  // namespace wattfor
