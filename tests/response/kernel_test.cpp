#include "response/kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace wattfor::kernel_test {
namespace {

constexpr Kernel boxcar{
    .kind = ResponseKind::boxcar, .window = Seconds(0.025), .delay = Seconds(0.003)};
constexpr Kernel filter{.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)};
constexpr Kernel moment{.kind = ResponseKind::instantaneous, .delay = Seconds(0.01)};

TEST(KernelTest, AStepShowsAsARampAJumpOrAnExponentialAfterTheDelay) {
  EXPECT_EQ(step_response(boxcar, Seconds(0.003)), 0.0);
  EXPECT_NEAR(step_response(boxcar, Seconds(0.008)), 0.2, 1e-12);
  EXPECT_EQ(step_response(boxcar, Seconds(0.029)), 1.0);
  EXPECT_EQ(step_response(moment, Seconds(0.0099)), 0.0);
  EXPECT_EQ(step_response(moment, Seconds(0.0101)), 1.0);
  EXPECT_NEAR(step_response(filter, Seconds(0.2)), 1.0 - std::exp(-1.0), 1e-12);
}

TEST(KernelTest, NothingIsLeftBeyondItsReach) {
  for (const Kernel& kernel : {boxcar, filter, moment}) {
    EXPECT_GT(step_response(kernel, reach_of(kernel)), 1.0 - 1e-5);
  }
}

TEST(KernelTest, ABoxcarIsBlindToWholeOscillationsInItsWindow) {
  EXPECT_NEAR(gain_at(boxcar, 40.0), 0.0, 1e-12);
  EXPECT_NEAR(gain_at(boxcar, 20.0), 2.0 / std::numbers::pi, 1e-12);
  EXPECT_EQ(gain_at(boxcar, 0.0), 1.0);
  EXPECT_NEAR(gain_at(filter, 1.0 / (2.0 * std::numbers::pi * 0.2)), std::sqrt(0.5), 1e-12);
}

// A load of the update's period, at 1 for the part that is looked at and 0 otherwise, reads as 1
// and has a mean of W/T.
TEST(KernelTest, WhatIsMissedIsThePartOfAnUpdateThatIsNotLookedAt) {
  EXPECT_NEAR(inattention(boxcar, Seconds(0.1)), 0.75, 1e-12);
  EXPECT_EQ(inattention({.kind = ResponseKind::boxcar, .window = Seconds(0.1)}, Seconds(0.1)), 0.0);
  EXPECT_EQ(inattention({.kind = ResponseKind::boxcar, .window = Seconds(1.0)}, Seconds(0.1)), 0.0);
  // A window of one and a half periods of 1 in one half and 0 in the other reads 2/3 or 1/3; the
  // mean, 1/2, is 3/4 of the one and 1/4 of 0, or 3/4 of the other and 1/4 of 1.
  EXPECT_NEAR(inattention({.kind = ResponseKind::boxcar, .window = Seconds(0.15)}, Seconds(0.1)),
              0.25, 1e-12);
  EXPECT_EQ(inattention(moment, Seconds(0.1)), 1.0);
  EXPECT_NEAR(inattention(filter, Seconds(0.1)), 1.0 - (1.0 - std::exp(-0.5)) / 0.5, 1e-12);
  EXPECT_EQ(inattention({.kind = ResponseKind::counter}, Seconds(0.1)), 0.0);
}

}  // namespace
}  // namespace wattfor::kernel_test
