#include "simulation/period_list.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::period_list_test {
namespace {

using test::expect_refusal;
using test::refusal_of;

TEST(PeriodListTest, StretchesHaveBothEndsAndSinglePeriodsAreNamed) {
  const PeriodList list = period_list("110,20:50:10,30,0.5");
  EXPECT_EQ((std::vector<Seconds>{Seconds(0.0005), Seconds(0.02), Seconds(0.03), Seconds(0.04),
                                  Seconds(0.05), Seconds(0.11)}),
            list.all);
  EXPECT_EQ((std::vector<Seconds>{Seconds(0.0005), Seconds(0.03), Seconds(0.11)}), list.single);
}

TEST(PeriodListTest, StepsOfAFractionReachTheEnd) {
  EXPECT_EQ(11u, period_list("20:21:0.1").all.size());
  EXPECT_EQ(4u, period_list("20:25:1.5").all.size());
  EXPECT_EQ(1u, period_list("20:20:1").all.size());
}

TEST(PeriodListTest, WhatIsNoPeriodIsNamed) {
  for (const char* text :
       {"", "20,", "x", "20ms", "nan", "0", "-1", "0.05", "1e6", "20:250", "20:250:0", "20:250:-1",
        "20:250:nan", "250:20:10", "1:2:3:4", "1:600000:1"}) {
    SCOPED_TRACE(text);
    expect_refusal(refusal_of([&] { period_list(text); }), ErrorCode::usage, "--periods-ms: '");
  }
}

TEST(PeriodListTest, NoMoreThanAThousand) {
  EXPECT_EQ(1000u, period_list("1:1000:1").all.size());
  expect_refusal(refusal_of([] { period_list("1:1000:1,1000.5"); }), ErrorCode::usage,
                 "up to 1000");
}

}  // namespace
}  // namespace wattfor::period_list_test
