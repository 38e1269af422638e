#include "calibration/phase_recording.h"

#include <gtest/gtest.h>

#include <string>

#include "response/attention_test.h"
#include "simulated_steps.h"

namespace wattfor::phase_recording_test {
namespace {

std::optional<PhaseRecording> record(const std::string& sensor, const PhasePlan& plan,
                                     double until = 2.0) {
  test::SimulatedRecording world(
      R"({"seed": 7, "load": {"idle_w": 60, "high_w": 300, "rise_s": 0.001}, "sensors": [)" +
          sensor + "]}",
      until);
  test::SimulatedSteps load(*world.simulation.load, *world.clock);
  auto recording = record_phases(world.sensor(), load, plan, world.host);
  EXPECT_FALSE(load.on);
  return recording;
}

// The share of the time at which it looks, with a load of its period as it is known: nearly.
Uncertain<double> attention(const std::string& sensor, ResponseKind kind = ResponseKind::boxcar) {
  const auto recording = record(sensor, {.period = Seconds(0.1003001), .settling = Seconds(0.25)});
  EXPECT_TRUE(recording && recording->swing);
  EXPECT_EQ(recording->launches.size(), 8U);
  for (const auto& launch : recording->launches) EXPECT_GE(launch.size(), 14U);
  return *attention_test(recording->launches, recording->swing, kind)->attention;
}

constexpr auto quarter =
    R"({"update_period_s": 0.1003, "window_s": 0.025, "delay_s": 0.003, "jitter_s": 0.0005,
        "gain": 0.95, "noise_w": 1, "quantum_w": 0.01})";

TEST(PhaseRecordingTest, AGaugeThatLooksAQuarterOfTheTimeSaysSo) {
  const auto found = attention(quarter);
  EXPECT_NEAR(found.value, 0.25, 0.03);
  EXPECT_LT(found.standard_error, 0.05);
}

TEST(PhaseRecordingTest, AGaugeThatLooksAllTheTimeSaysSo) {
  const auto found = attention(
      R"({"update_period_s": 0.1003, "window_s": 0.1003, "jitter_s": 0.0005, "noise_w": 1})");
  EXPECT_EQ(found.value, 1.0);
  EXPECT_LT(found.standard_error, 0.03);
}

TEST(PhaseRecordingTest, ATimeConstantIsTold) {
  const auto found =
      attention(R"({"kind": "exponential", "update_period_s": 0.1003, "time_constant_s": 0.0125,
                    "noise_w": 1})",
                ResponseKind::exponential);
  EXPECT_NEAR(found.value, 0.25, 0.03);
}

TEST(PhaseRecordingTest, ACounterLooksAllTheTime) {
  const auto found = attention(
      R"({"kind": "counter", "update_period_s": 0.1003, "jitter_s": 0.0005, "quantum_j": 0.001})");
  EXPECT_EQ(found.value, 1.0);
  EXPECT_LT(found.standard_error, 0.03);
}

TEST(PhaseRecordingTest, TheSwingIsTheSensorsOwn) {
  const auto recording = record(quarter, {.period = Seconds(0.1003), .settling = Seconds(0.25)});
  ASSERT_TRUE(recording && recording->swing);
  EXPECT_NEAR(recording->swing->value(), 0.95 * 240.0, 2.0);
}

TEST(PhaseRecordingTest, OneThatIsEndedLeavesNothingOn) {
  EXPECT_FALSE(record(quarter, {.period = Seconds(0.1003)}, 0.3).has_value());
}

}  // namespace
}  // namespace wattfor::phase_recording_test
