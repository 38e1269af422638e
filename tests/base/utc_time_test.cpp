#include "base/utc_time.h"

#include <gtest/gtest.h>

#include <optional>

namespace wattfor::utc_time_test {
namespace {

TEST(UtcTimeTest, CountsSecondsSince1970WithTheirFractions) {
  EXPECT_EQ(utc_seconds("1970-01-01T00:00:00Z"), 0.0);
  EXPECT_DOUBLE_EQ(*utc_seconds("2026-01-31T12:00:00.250Z"), 1769860800.25);
}

TEST(UtcTimeTest, TakesOffHowFarAClockIsAhead) {
  const auto noon = utc_seconds("2026-01-31T12:00:00Z");
  EXPECT_EQ(utc_seconds("2026-01-31T14:00:00+02:00"), noon);
  EXPECT_EQ(utc_seconds("2026-01-31T08:30:00.000-03:30"), noon);
}

TEST(UtcTimeTest, WhatIsNoTimeHasNone) {
  for (const char* text :
       {"", "noon", "2026-01-31", "2026-13-31T12:00:00Z", "2026-01-31T12:00:00+x"}) {
    EXPECT_EQ(utc_seconds(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace wattfor::utc_time_test
