#include "response/update_series.h"

#include <gtest/gtest.h>

namespace wattfor {
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

}  // namespace
}  // namespace wattfor
