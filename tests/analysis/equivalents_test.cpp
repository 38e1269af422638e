#include "analysis/equivalents.h"

#include <gtest/gtest.h>

#include <limits>
#include <string_view>

namespace wattfor::equivalents_test {
namespace {

double amount_of(std::string_view name, Joules electricity) {
  for (const Equivalent& each : equivalents(electricity)) {
    if (each.thing.name == name) return each.amount;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

TEST(EquivalentsTest, SayWhatAKilowattHourIs) {
  EXPECT_NEAR(26.0, amount_of("hours of a fridge-freezer", kilowatt_hours(1.0)), 1e-9);
  EXPECT_NEAR(0.25, amount_of("hours of an electric oven", kilowatt_hours(1.0)), 1e-9);
  EXPECT_NEAR(100.0 / 21.0, amount_of("km of an electric car", kilowatt_hours(1.0)), 1e-9);
}

TEST(EquivalentsTest, AYearOfAHouseholdIsTwelveMonths) {
  EXPECT_NEAR(12.0, amount_of("months of a household in Great Britain", kilowatt_hours(2700.0)),
              1e-9);
  EXPECT_NEAR(12.0, amount_of("months of a household in the USA", kilowatt_hours(10715.0)), 1e-9);
}

// docs/equivalents.md says so of the training study's two largest examples.
TEST(EquivalentsTest, TrainingALargeModelTakesThousandsOfMonthsOfAHousehold) {
  constexpr std::string_view household = "months of a household in Great Britain";
  EXPECT_NEAR(5720.0, amount_of(household, kilowatt_hours(1'287'000.0)), 0.5);
  EXPECT_NEAR(1582.0, amount_of(household, kilowatt_hours(356'000.0)), 0.5);
}

TEST(EquivalentsTest, AreNothingForWhatIsNoElectricity) {
  EXPECT_TRUE(equivalents(Joules(-1.0)).empty());
  EXPECT_TRUE(equivalents(Joules(std::numeric_limits<double>::quiet_NaN())).empty());
  EXPECT_TRUE(equivalents(Joules(std::numeric_limits<double>::infinity())).empty());
  EXPECT_EQ(0.0, equivalents(Joules(0.0)).front().amount);
}

// What a table of several amounts tells them all in.
TEST(EquivalentsTest, AmountsAreToldInTheGreatestThingThatTheLeastOfThemHolds) {
  EXPECT_EQ("hours of an electric oven", common_thing(kilowatt_hours(4.2)).name);
  EXPECT_EQ("cycles of a tumble dryer", common_thing(kilowatt_hours(224.0)).name);
  EXPECT_EQ("months of a household in Great Britain", common_thing(kilowatt_hours(225.0)).name);
  EXPECT_EQ("months of a household in the USA", common_thing(kilowatt_hours(1e6)).name);
  EXPECT_EQ("hours of a fridge-freezer", common_thing(kilowatt_hours(0.001)).name);
}

TEST(EquivalentsTest, EachThingNamesItsYearAndItsSource) {
  for (const EverydayThing& thing : everyday_things()) {
    EXPECT_GT(thing.each, Joules(0.0)) << thing.name;
    EXPECT_GE(thing.year, 2020) << thing.name;
    EXPECT_FALSE(thing.source.empty()) << thing.name;
  }
}

}  // namespace
}  // namespace wattfor::equivalents_test
