#include "response/update_series.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wattfor::update_series_test {
namespace {

UpdateSeries series(std::initializer_list<Update> updates) {
  UpdateSeries result(Seconds(0.1));
  for (const auto& [time, power] : updates) result.add(time, power);
  return result;
}

TEST(UpdateSeriesTest, AnUpdateStandsForOnePeriod) {
  const UpdateSeries updates = series(
      {{Seconds(0.0), Watts(100.0)}, {Seconds(0.1), Watts(200.0)}, {Seconds(0.2), Watts(300.0)}});
  EXPECT_NEAR(updates.energy(0, 3).value(), 60.0, 1e-9);
  EXPECT_NEAR(updates.energy(1, 3).value(), 50.0, 1e-9);
  EXPECT_EQ(updates.energy(2, 2).value(), 0.0);
  EXPECT_NEAR(updates.squared_steps(0, 3), 20000.0, 1e-9);
}

TEST(UpdateSeriesTest, AGapIsFilledByItsSidesAndCountedAsUnseen) {
  const UpdateSeries updates = series({{Seconds(0.0), Watts(100.0)}, {Seconds(1.1), Watts(200.0)}});
  EXPECT_NEAR(updates.energy(0, 2).value(), 10.0 + 150.0 + 20.0, 1e-9);
  EXPECT_NEAR(updates.unseen(0, 2).count(), 1.0, 1e-12);
  EXPECT_EQ(updates.unseen(1, 2).count(), 0.0);
  EXPECT_NEAR(updates.energy(1, 2).value(), 20.0, 1e-9);
}

TEST(UpdateSeriesTest, JitterOfLessThanHalfAPeriodIsNoGap) {
  const UpdateSeries updates =
      series({{Seconds(0.0), Watts(100.0)}, {Seconds(0.149), Watts(100.0)}});
  EXPECT_EQ(updates.unseen(0, 2).count(), 0.0);
  EXPECT_NEAR(updates.energy(0, 2).value(), 20.0, 1e-9);
}

TEST(UpdateSeriesTest, ATimeThatGoesBackAddsNothing) {
  const UpdateSeries updates = series(
      {{Seconds(1.0), Watts(100.0)}, {Seconds(0.9), Watts(500.0)}, {Seconds(1.0), Watts(500.0)}});
  EXPECT_EQ(updates.updates().size(), 1U);
}

TEST(UpdateSeriesTest, FindsTheFirstUpdateAfterATime) {
  const UpdateSeries updates = series({{Seconds(0.0), Watts(1.0)}, {Seconds(0.1), Watts(1.0)}});
  EXPECT_EQ(updates.after(Seconds(-1.0)), 0U);
  EXPECT_EQ(updates.after(Seconds(0.0)), 1U);
  EXPECT_EQ(updates.after(Seconds(5.0)), 2U);
}

TEST(UpdateSeriesTest, WhatIsForgottenStaysInTheSums) {
  UpdateSeries whole(Seconds(0.1));
  UpdateSeries thinned(Seconds(0.1));
  const auto add = [&](int from, int to) {
    for (int k = from; k < to; ++k) {
      const Seconds time(0.1 * k + (k >= 50 ? 3.0 : 0.0));
      whole.add_or_amend(time, Watts(100.0 + k % 7));
      thinned.add_or_amend(time, Watts(100.0 + k % 7));
    }
  };
  const auto is_kept = [](Seconds time) { return std::abs(time.count() - 2.0) < 0.5; };
  add(0, 60);
  thinned.thin(is_kept);
  // The last update is told better after that.
  for (UpdateSeries* each : {&whole, &thinned}) each->add_or_amend(Seconds(8.93), Watts(300.0));
  add(60, 90);
  thinned.thin([](Seconds time) { return time > Seconds(11.0); });
  EXPECT_LT(thinned.updates().size(), 15U);
  const std::size_t all = whole.updates().size();
  const std::size_t kept = thinned.updates().size();
  EXPECT_NEAR(thinned.energy(0, kept).value(), whole.energy(0, all).value(), 1e-9);
  EXPECT_NEAR(thinned.unseen(0, kept).count(), whole.unseen(0, all).count(), 1e-9);
  EXPECT_NEAR(thinned.squared_steps(0, kept), whole.squared_steps(0, all), 1e-9);
  EXPECT_EQ(thinned.count(0, kept), all);
  EXPECT_DOUBLE_EQ(thinned.highest(0, kept).value(), 300.0);
}

TEST(UpdateSeriesTest, AnUpdateLessThanHalfAPeriodAfterAnotherIsThatOne) {
  UpdateSeries updates = series({{Seconds(0.0), Watts(100.0)}, {Seconds(0.1), Watts(100.0)}});
  updates.add_or_amend(Seconds(0.14), Watts(120.0));
  ASSERT_EQ(updates.updates().size(), 2U);
  EXPECT_DOUBLE_EQ(updates.energy(0, 2).value(), 22.0);
  updates.add_or_amend(Seconds(0.16), Watts(120.0));
  EXPECT_EQ(updates.updates().size(), 3U);
}

}  // namespace
}  // namespace wattfor::update_series_test
