#include "analysis/dominance.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "analysis/pareto.h"

namespace wattfor::dominance_test {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::vector<double>;
using Rows = std::vector<std::size_t>;

TEST(DominanceTest, NamesWhatIsAsAccurateForNoMoreTheLeastEnergyFirst) {
  const Numbers accuracy{80.0, 80.0, 85.0, 90.0, 70.0, 85.0};
  const Numbers energy{3.0, 2.0, 1.0, 3.0, 0.5, 4.0};
  EXPECT_EQ((Rows{2, 1, 3}), rows_that_beat(0, accuracy, energy));
}

TEST(DominanceTest, AnEqualBeatsNotAndAmongEqualsTheMoreAccurateComesFirst) {
  const Numbers accuracy{80.0, 80.0, 81.0, 85.0};
  const Numbers energy{3.0, 3.0, 2.0, 2.0};
  EXPECT_EQ((Rows{3, 2}), rows_that_beat(0, accuracy, energy));
  EXPECT_EQ((Rows{3, 2}), rows_that_beat(1, accuracy, energy));
}

TEST(DominanceTest, WhatIsNotKnownBeatsNoneAndIsBeatenByNone) {
  const Numbers accuracy{80.0, not_known, 90.0, 99.0};
  const Numbers energy{3.0, 1.0, not_known, 5.0};
  EXPECT_TRUE(rows_that_beat(0, accuracy, energy).empty());
  EXPECT_TRUE(rows_that_beat(1, accuracy, energy).empty());
  EXPECT_TRUE(rows_that_beat(2, accuracy, energy).empty());
}

TEST(DominanceTest, OnTheFrontIsWhatNothingBeats) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> digit(0, 9);
  for (int round = 0; round < 50; ++round) {
    Numbers accuracy(20);
    Numbers energy(20);
    std::vector<AccuracyAndEnergy> points;
    for (std::size_t i = 0; i < 20; ++i) {
      accuracy[i] = digit(random);
      energy[i] = digit(random);
      points.push_back({.accuracy_percent = accuracy[i], .energy = Joules(energy[i])});
    }
    const std::vector<bool> on_front = pareto_front(points);
    for (std::size_t i = 0; i < 20; ++i) {
      ASSERT_EQ(on_front[i], rows_that_beat(i, accuracy, energy).empty()) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace wattfor::dominance_test
