#include "base/clock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace wattfor::clock_test {
namespace {

using std::chrono::milliseconds;

TEST(ClockTest, AManualClockMovesOnlyWhenToldTo) {
  ManualClock clock;
  const Instant before = clock.now();
  EXPECT_EQ(clock.now(), before);
  clock.advance(milliseconds(250));
  EXPECT_EQ(clock.now() - before, milliseconds(250));
}

TEST(ClockTest, TheSystemClockNeverGoesBack) {
  const SystemClock clock;
  const Instant before = clock.now();
  EXPECT_GE(clock.now(), before);
}

TEST(ClockTest, WritesTheWallClockAsRfc3339) {
  std::string now = utc_now();
  EXPECT_TRUE(now.starts_with("20")) << now;
  for (char& c : now) {
    if (c >= '0' && c <= '9') c = '0';
  }
  EXPECT_EQ(now, "0000-00-00T00:00:00.000Z");
}

}  // namespace
}  // namespace wattfor::clock_test
