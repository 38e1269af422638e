#include "simulation/sensor_stream.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulation/waveforms.h"

namespace wattfor::sensor_stream_test {
namespace {

// 0 W, and 100 W from 0 s on.
PowerCourse step() {
  PowerCourse course(Seconds(0.0), Watts(0.0));
  course.finally(Watts(100.0));
  return course;
}

std::vector<Publication> of_step(const SensorModel& sensor) {
  Random random(1);
  return publications(step(), sensor, Seconds(0.0), Seconds(1.0), random);
}

TEST(SensorStreamTest, ABoxcarAnswersAStepWithARampAfterItsDelay) {
  const auto seen = of_step(
      {.kernel = {.kind = ResponseKind::boxcar, .window = Seconds(0.4), .delay = Seconds(0.1)},
       .update_period = Seconds(0.1)});
  EXPECT_NEAR(seen[1].value, 0.0, 1e-9);
  EXPECT_NEAR(seen[2].value, 25.0, 1e-9);
  EXPECT_NEAR(seen[4].value, 75.0, 1e-9);
  EXPECT_NEAR(seen[6].value, 100.0, 1e-9);
}

TEST(SensorStreamTest, AnRcFilterAnswersAStepExponentially) {
  const auto seen =
      of_step({.kernel = {.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)},
               .update_period = Seconds(0.1)});
  EXPECT_NEAR(seen[2].value, 100.0 * (1.0 - std::exp(-1.0)), 1e-9);
  EXPECT_NEAR(seen[9].value, 100.0 * (1.0 - std::exp(-4.5)), 1e-9);
}

TEST(SensorStreamTest, AKernelWithoutLengthShowsTheMoment) {
  for (const ResponseKind kind : {ResponseKind::boxcar, ResponseKind::exponential}) {
    const auto seen = of_step({.kernel = {.kind = kind}, .update_period = Seconds(0.1)});
    EXPECT_EQ(seen[1].value, 100.0);
  }
}

TEST(SensorStreamTest, GainAndOffsetApplyBeforeTheReadingIsRounded) {
  const auto seen =
      of_step({.update_period = Seconds(0.1), .gain = 0.93, .offset = Watts(2.3), .quantum = 0.5});
  EXPECT_EQ(seen[1].value, 95.5);
}

TEST(SensorStreamTest, ACounterCountsWholeQuantaAndStartsAgainAtItsRange) {
  const auto seen = of_step({.kernel = {.kind = ResponseKind::counter},
                             .update_period = Seconds(0.1),
                             .quantum = 3.0,
                             .counter_range = Joules(45.0)});
  EXPECT_NEAR(seen[1].value, 9.0, 1e-9);   // 10 J
  EXPECT_NEAR(seen[4].value, 39.0, 1e-9);  // 40 J
  EXPECT_NEAR(seen[5].value, 3.0, 1e-9);   // 50 J: 48, and once around
}

TEST(SensorStreamTest, APollShowsTheLatestPublicationAndNothingBeforeTheFirst) {
  Random random(1);
  const auto seen = polled({{Seconds(0.1), 1.0}, {Seconds(0.2), 2.0}}, Seconds(0.0), Seconds(0.31),
                           Seconds(0.05), Seconds(0.0), random);
  ASSERT_EQ(seen.size(), 5U);
  EXPECT_EQ(seen[0].value, 1.0);
  EXPECT_EQ(seen[1].value, 1.0);
  EXPECT_EQ(seen[2].value, 2.0);
}

TEST(SensorStreamTest, TheSameSeedGivesTheSameStream) {
  const SensorModel sensor{
      .update_period = Seconds(0.1), .period_jitter = Seconds(0.001), .noise = Watts(1.0)};
  const auto once = of_step(sensor);
  const auto again = of_step(sensor);
  ASSERT_EQ(once.size(), again.size());
  for (std::size_t i = 0; i < once.size(); ++i) {
    EXPECT_EQ(once[i].time, again[i].time);
    EXPECT_EQ(once[i].value, again[i].value);
  }
}

TEST(SensorStreamTest, WhetherAnUpdateIsMissedSaysNothingOfWhetherItRepeatsTheOneBefore) {
  SensorModel sensor{.update_period = Seconds(0.001), .noise = Watts(1.0)};
  for (const StreamFault fault : {StreamFault::missed, StreamFault::duplicated}) {
    sensor.faults.push_back({.fault = fault, .duration = Seconds(1e6), .probability = 0.5});
  }
  const auto seen = of_step(sensor);
  EXPECT_NEAR(static_cast<double>(seen.size()), 500.0, 50.0);
  double repeated = 0.0;
  for (std::size_t i = 1; i < seen.size(); ++i) repeated += seen[i].value == seen[i - 1].value;
  EXPECT_NEAR(repeated / static_cast<double>(seen.size()), 0.5, 0.1);
}

TEST(RandomTest, IsTheSameOnEveryMachine) {
  Random random(42);
  EXPECT_DOUBLE_EQ(random.uniform(), 0.75515553295453897);
}

}  // namespace
}  // namespace wattfor::sensor_stream_test
