#include "response/attention_test.h"

#include <gtest/gtest.h>

#include "simulated_calibration.h"
#include "simulation/waveforms.h"

namespace wattfor {
namespace {

constexpr Seconds period{0.1};
constexpr Watts low{60.0};
constexpr Watts high{300.0};

// What a sensor shows of a square wave of its own period, launched at 8 moments of it.
std::vector<std::vector<Update>> launches(const Kernel& kernel, Random& random) {
  std::vector<std::vector<Update>> recordings;
  for (int launch = 0; launch < 8; ++launch) {
    PowerCourse course(Seconds(0.0), low);
    add_square(course, Seconds(4.0), high, low, period, 0.5, launch / 8.0);
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
  EXPECT_NEAR(0.75, *found->attention, 0.02);
}

TEST(AttentionTest, CannotTellMoreThanHalfOfAShorterWindow) {
  Random random(2);
  const auto found = attention_test(
      launches({.kind = ResponseKind::boxcar, .window = Seconds(0.025)}, random), high - low);
  EXPECT_TRUE(found->part_time);
  EXPECT_NEAR(0.5, *found->attention, 0.01);
}

TEST(AttentionTest, FindsNothingOfASensorThatAlwaysLooks) {
  Random random(3);
  const auto found = attention_test(
      launches({.kind = ResponseKind::boxcar, .window = Seconds(0.1)}, random), high - low);
  EXPECT_FALSE(found->part_time);
  EXPECT_DOUBLE_EQ(1.0, *found->attention);
}

TEST(AttentionTest, IsNotMadeOfTooFewLaunchesOrReadings) {
  Random random(4);
  const auto recordings = launches({}, random);
  EXPECT_FALSE(attention_test(std::span(recordings).first(3), high - low));
  EXPECT_FALSE(attention_test(std::vector<std::vector<Update>>(8), high - low));
}

}  // namespace
}  // namespace wattfor
