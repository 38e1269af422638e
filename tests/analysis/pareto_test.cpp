#include "analysis/pareto.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <limits>
#include <random>

namespace wattfor::pareto_test {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

using Points = std::vector<AccuracyAndEnergy>;
using OnFront = std::vector<bool>;

// The definition itself.
OnFront front_by_definition(const Points& points) {
  OnFront on_front(points.size(), true);
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const AccuracyAndEnergy& other : points) {
      const bool at_least =
          other.accuracy_percent >= points[i].accuracy_percent && other.energy <= points[i].energy;
      const bool strict =
          other.accuracy_percent > points[i].accuracy_percent || other.energy < points[i].energy;
      if (at_least && strict) on_front[i] = false;
    }
  }
  return on_front;
}

TEST(ParetoFrontTest, KeepsWhatNoOtherBeatsInBoth) {
  const Points points{{70.0, Joules(1.0)},    // on it: the least energy
                      {69.0, Joules(2.0)},    // beaten by the first in both
                      {80.0, Joules(3.0)},    // on it
                      {80.0, Joules(4.0)},    // as accurate as the third for more
                      {75.0, Joules(3.0)},    // as cheap as the third and less accurate
                      {90.0, Joules(50.0)}};  // on it: the most accurate
  EXPECT_EQ((OnFront{true, false, true, false, false, true}), pareto_front(points));
}

TEST(ParetoFrontTest, HoldsEqualPointsTogether) {
  const Points points{{80.0, Joules(3.0)}, {60.0, Joules(3.0)}, {80.0, Joules(3.0)}};
  EXPECT_EQ((OnFront{true, false, true}), pareto_front(points));
}

TEST(ParetoFrontTest, OfNothingAndOfOnePoint) {
  EXPECT_EQ(OnFront{}, pareto_front(Points{}));
  EXPECT_EQ(OnFront{true}, pareto_front(Points{{0.0, Joules(5.0)}}));
}

TEST(ParetoFrontTest, LeavesOutWhatIsNoNumber) {
  const Points points{
      {not_a_number, Joules(0.1)}, {99.0, Joules(not_a_number)}, {50.0, Joules(1.0)}};
  EXPECT_EQ((OnFront{false, false, true}), pareto_front(points));
}

TEST(ParetoFrontTest, AgreesWithItsDefinitionOnRandomPoints) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    // Few distinct values, so that ties of every kind occur.
    std::uniform_int_distribution<int> value(0, 1 + round % 12);
    Points points(static_cast<std::size_t>(round % 40));
    for (auto& point : points) {
      point = {.accuracy_percent = static_cast<double>(value(random)),
               .energy = Joules(value(random))};
    }
    ASSERT_EQ(front_by_definition(points), pareto_front(points)) << "round " << round;
  }
}

// Enough of them that a sample throws most out before anything is sorted.
TEST(ParetoFrontTest, AgreesWithItsDefinitionOnManyPoints) {
  std::mt19937 random(2);
  for (const int values : {3, 50, 100000}) {
    std::uniform_int_distribution<int> value(0, values);
    Points points(2500);
    for (auto& point : points) {
      point = {.accuracy_percent = static_cast<double>(value(random)),
               .energy = Joules(value(random))};
    }
    points[17].accuracy_percent = not_a_number;
    OnFront expected = front_by_definition(points);
    expected[17] = false;
    EXPECT_EQ(expected, pareto_front(points)) << values << " values";
  }
}

TEST(ParetoFrontTest, KeepsAllOfManyPointsThatAreAllOnIt) {
  Points points(5000);
  for (int i = 0; i < 5000; ++i) {
    points[static_cast<std::size_t>(i)] = {.accuracy_percent = i * 0.01, .energy = Joules(i)};
  }
  EXPECT_EQ(OnFront(5000, true), pareto_front(points));
}

}  // namespace
}  // namespace wattfor::pareto_test
