#include "analysis/hull.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace wattfor::hull_test {
namespace {

using Points = std::vector<AccuracyAndEnergy>;
using Places = std::vector<std::size_t>;

TEST(HullTest, GoesFromTheLeastEnergyToTheMostAccurateByWhatGainsMost) {
  // Over 0, 1, 2 and 3 decades: 40, 80, 82 and 90 %. The line from 80 to 90 % passes above 82 %.
  const Points points{
      {90.0, Joules(1000.0)}, {40.0, Joules(1.0)}, {82.0, Joules(100.0)}, {80.0, Joules(10.0)}};
  EXPECT_EQ((Places{1, 3, 0}), upper_left_hull(points));
}

TEST(HullTest, LeavesOutWhatLiesOnALineBetweenCorners) {
  const Points points{{40.0, Joules(1.0)}, {60.0, Joules(10.0)}, {80.0, Joules(100.0)}};
  EXPECT_EQ((Places{0, 2}), upper_left_hull(points));
}

TEST(HullTest, EndsAtTheMostAccurateModelAndNotAtTheGreatestEnergy) {
  const Points points{{40.0, Joules(1.0)}, {80.0, Joules(10.0)}, {79.0, Joules(100.0)}};
  EXPECT_EQ((Places{0, 1}), upper_left_hull(points));
}

TEST(HullTest, TakesOfEqualEnergiesTheMostAccurateAndOfEqualAccuraciesTheLeastEnergy) {
  const Points points{
      {40.0, Joules(1.0)}, {50.0, Joules(1.0)}, {80.0, Joules(100.0)}, {80.0, Joules(10.0)}};
  EXPECT_EQ((Places{1, 3}), upper_left_hull(points));
}

TEST(HullTest, TakesOfEqualPointsTheFirst) {
  const Points points{
      {80.0, Joules(10.0)}, {40.0, Joules(1.0)}, {80.0, Joules(10.0)}, {40.0, Joules(1.0)}};
  EXPECT_EQ((Places{1, 0}), upper_left_hull(points));
}

TEST(HullTest, OfOnePointIsThatPointAndOfNoneNothing) {
  EXPECT_EQ((Places{0}), upper_left_hull(Points{{40.0, Joules(1.0)}}));
  EXPECT_TRUE(upper_left_hull({}).empty());
}

TEST(HullTest, PassesOverWhatHasNoPlaceOnALogarithmicAxis) {
  constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
  const Points points{{99.0, Joules(0.0)},
                      {99.0, Joules(-1.0)},
                      {nan_value, Joules(1.0)},
                      {99.0, Joules(nan_value)},
                      {99.0, Joules(std::numeric_limits<double>::infinity())},
                      {40.0, Joules(1.0)}};
  EXPECT_EQ((Places{5}), upper_left_hull(points));
}

Points random_points() {
  std::mt19937_64 random(1);  // NOLINT: the same points every time
  Points points;
  for (int i = 0; i < 300; ++i) {
    const auto energy = static_cast<double>(random() % 1000 + 1);
    points.push_back({static_cast<double>(random() % 1000) / 10.0, Joules(energy)});
  }
  return points;
}

TEST(HullTest, HasEveryCornerOnTheParetoFront) {
  const Points points = random_points();
  const std::vector<bool> on_front = pareto_front(points);
  for (const std::size_t corner : upper_left_hull(points)) {
    EXPECT_TRUE(on_front[corner]) << corner;
  }
}

TEST(HullTest, HasNoPointAboveIt) {
  const Points points = random_points();
  const Places hull = upper_left_hull(points);
  ASSERT_GE(hull.size(), 3U);
  for (std::size_t i = 1; i < hull.size(); ++i) {
    const AccuracyAndEnergy& from = points[hull[i - 1]];
    const AccuracyAndEnergy& to = points[hull[i]];
    const double slope =
        (to.accuracy_percent - from.accuracy_percent) / std::log(to.energy / from.energy);
    for (const AccuracyAndEnergy& each : points) {
      const double line = from.accuracy_percent + slope * std::log(each.energy / from.energy);
      EXPECT_LE(each.accuracy_percent, line + 1e-9);
    }
  }
}

}  // namespace
}  // namespace wattfor::hull_test
