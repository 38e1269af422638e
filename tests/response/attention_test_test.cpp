#include "response/attention_test.h"

#include <gtest/gtest.h>

#include "simulated_calibration.h"
#include "simulation/waveforms.h"

namespace wattfor::attention_test_test {
namespace {

constexpr Seconds period{0.1};
constexpr Watts low{60.0};
constexpr Watts high{300.0};

// What a sensor shows of a square wave of its own period, launched at 8 moments of it.
std::vector<std::vector<Update>> launches(const Kernel& kernel, Random& random) {
  std::vector<std::vector<Update>> recordings;
  for (int launch = 0; launch < 8; ++launch) {
    PowerCourse course(Seconds(0.0), low);
    // One that begins later in its period was launched earlier.
    const double phase = ((8 - launch) % 8) / 8.0;
    add_square(course, Seconds(4.0), high, low, period, 0.5, phase);
    const SensorModel sensor{.kernel = kernel,
                             .update_period = period,
                             .phase = Seconds(0.02),
                             .noise = Watts(1.0),
                             .quantum = 0.1};
    recordings.emplace_back();
    for (const auto& seen :
         publications(course, sensor, reach_of(kernel) + period, Seconds(4.0), random)) {
      recordings.back().push_back({seen.time, Watts(seen.value)});
    }
  }
  return recordings;
}

TEST(AttentionTest, FindsASensorThatLooksPartOfTheTime) {
  Random random(1);
  const auto found = attention_test(
      launches({.kind = ResponseKind::boxcar, .window = Seconds(0.075)}, random), high - low);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->part_time);
  EXPECT_NEAR(80.0, found->spread.value(), 3.0);  // (T/W − 1)·240 W
  EXPECT_NEAR(0.75, found->attention->value, 0.02);
  EXPECT_LT(found->attention->standard_error, 0.02);
}

// Both its highest and its lowest mean are the load's own: the width is in the means between.
TEST(AttentionTest, TellsAWindowOfAQuarterOfThePeriodWhateverTheUpdatesPhase) {
  for (const double delay : {0.0, 0.003, 0.006, 0.009, 0.012}) {
    Random random(2);
    const auto found = attention_test(
        launches({.kind = ResponseKind::boxcar, .window = Seconds(0.025), .delay = Seconds(delay)},
                 random),
        high - low);
    EXPECT_TRUE(found->part_time);
    EXPECT_NEAR(0.25, found->attention->value, 0.02) << delay;
    EXPECT_LT(found->attention->standard_error, 0.04) << delay;
  }
}

TEST(AttentionTest, OneThatShowsAMomentHardlyLooks) {
  Random random(5);
  const auto found =
      attention_test(launches({.kind = ResponseKind::instantaneous}, random), high - low);
  EXPECT_TRUE(found->part_time);
  // A window of up to an eighth of the period may lie between two launches.
  EXPECT_LE(found->attention->value, 0.13);
}

TEST(AttentionTest, TellsATimeConstantByItsShape) {
  Random random(6);
  const auto found = attention_test(
      launches({.kind = ResponseKind::exponential, .time_constant = Seconds(0.0125)}, random),
      high - low, ResponseKind::exponential);
  EXPECT_TRUE(found->part_time);
  EXPECT_NEAR(0.25, found->attention->value, 0.02);
}

// It shows some of the load's course, and yet looks all the time.
TEST(AttentionTest, ATimeConstantOfThePeriodLooksAllTheTime) {
  Random random(7);
  const auto found = attention_test(
      launches({.kind = ResponseKind::exponential, .time_constant = Seconds(0.1)}, random),
      high - low, ResponseKind::exponential);
  EXPECT_TRUE(found->part_time);
  EXPECT_DOUBLE_EQ(1.0, found->attention->value);
}

TEST(AttentionTest, FindsNothingOfASensorThatAlwaysLooks) {
  Random random(3);
  const auto found = attention_test(
      launches({.kind = ResponseKind::boxcar, .window = Seconds(0.1)}, random), high - low);
  EXPECT_FALSE(found->part_time);
  EXPECT_DOUBLE_EQ(1.0, found->attention->value);
  EXPECT_LT(found->attention->standard_error, 0.02);
}

TEST(AttentionTest, IsNotMadeOfTooFewLaunchesOrReadings) {
  Random random(4);
  const auto recordings = launches({}, random);
  EXPECT_FALSE(attention_test(std::span(recordings).first(3), high - low));
  EXPECT_FALSE(attention_test(std::vector<std::vector<Update>>(8), high - low));
}

}  // namespace
}  // namespace wattfor::attention_test_test
