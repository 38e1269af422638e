#include "analysis/footprint.h"

#include <gtest/gtest.h>

namespace wattfor::footprint_test {
namespace {

// 2 kWh, 1.8 … 2.4.
EnergyFigure two_kilowatt_hours() {
  return {.energy = Joules(7.2e6),
          .absolute = Interval{.low = 6.48e6, .high = 8.64e6},
          .comparison = Interval{.low = 7.1e6, .high = 7.3e6}};
}

TEST(FootprintTest, IsGramsAndMoneyWithTheEnergysInterval) {
  const Footprint footprint =
      footprint_of(two_kilowatt_hours(), std::nullopt, {.g_per_kwh = 400.0, .kwh_price = 0.25});
  ASSERT_TRUE(footprint.carbon_g && footprint.cost);
  EXPECT_DOUBLE_EQ(footprint.carbon_g->value, 800.0);
  EXPECT_DOUBLE_EQ(footprint.carbon_g->interval->low, 720.0);
  EXPECT_DOUBLE_EQ(footprint.carbon_g->interval->high, 960.0);
  EXPECT_DOUBLE_EQ(footprint.cost->value, 0.5);
  EXPECT_DOUBLE_EQ(footprint.cost->interval->low, 0.45);
  EXPECT_DOUBLE_EQ(footprint.cost->interval->high, 0.6);
}

TEST(FootprintTest, MultipliesPowerAndEnergyAlikeByThePue) {
  // 7.2 MJ in an hour are 2 kW.
  const Footprint footprint = footprint_of(two_kilowatt_hours(), Seconds(3600.0),
                                           {.pue = 1.5, .g_per_kwh = 400.0, .kwh_price = 0.25});
  EXPECT_DOUBLE_EQ(footprint.energy.energy.value(), 10.8e6);
  EXPECT_DOUBLE_EQ(footprint.energy.absolute->low, 9.72e6);
  EXPECT_DOUBLE_EQ(footprint.energy.absolute->high, 12.96e6);
  EXPECT_DOUBLE_EQ(footprint.energy.comparison->low, 10.65e6);
  EXPECT_DOUBLE_EQ(footprint.average_power->value(), 3000.0);
  EXPECT_DOUBLE_EQ(footprint.carbon_g->value, 1200.0);
  EXPECT_DOUBLE_EQ(footprint.cost->value, 0.75);
}

TEST(FootprintTest, LeavesOutWhatNothingIsKnownOf) {
  const Footprint footprint = footprint_of(two_kilowatt_hours(), Seconds(0.0), {});
  EXPECT_EQ(footprint.energy, two_kilowatt_hours());
  EXPECT_FALSE(footprint.average_power);
  EXPECT_FALSE(footprint.carbon_g);
  EXPECT_FALSE(footprint.cost);
}

TEST(FootprintTest, HasNoIntervalWhereTheEnergyHasNone) {
  EnergyFigure imported = two_kilowatt_hours();
  imported.absolute.reset();
  const Footprint footprint = footprint_of(imported, std::nullopt, {.g_per_kwh = 400.0});
  EXPECT_DOUBLE_EQ(footprint.carbon_g->value, 800.0);
  EXPECT_FALSE(footprint.carbon_g->interval);
}

}  // namespace
}  // namespace wattfor::footprint_test
