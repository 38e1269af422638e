#include "analysis/scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace wattfor::scores_test {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(EfficiencyTest, IsPercentPerJoule) {
  EXPECT_DOUBLE_EQ(160.0, *efficiency(80.0, Joules(0.5)));
  EXPECT_DOUBLE_EQ(0.0, *efficiency(0.0, Joules(0.5)));
}

TEST(EfficiencyTest, IsUndefinedWithoutEnergy) {
  EXPECT_FALSE(efficiency(80.0, Joules(0.0)));
  EXPECT_FALSE(efficiency(80.0, Joules(-1.0)));
  EXPECT_FALSE(efficiency(80.0, Joules(not_a_number)));
  EXPECT_FALSE(efficiency(80.0, Joules(infinity)));
}

TEST(EfficiencyTest, IsUndefinedForAnAccuracyThatIsNoPercentage) {
  EXPECT_FALSE(efficiency(-0.1, Joules(1.0)));
  EXPECT_FALSE(efficiency(100.1, Joules(1.0)));
  EXPECT_FALSE(efficiency(not_a_number, Joules(1.0)));
}

TEST(WeightedManhattanTest, FollowsTheFormula) {
  // 100 − [0.5 · (0.2/0.8) · 100 + 0.5 · (100 − 80)] = 100 − [12.5 + 10]
  EXPECT_DOUBLE_EQ(77.5, *weighted_manhattan(80.0, Joules(0.2), Joules(0.8), 0.5));
  // 100 − [0.25 · 25 + 0.75 · 20]
  EXPECT_DOUBLE_EQ(78.75, *weighted_manhattan(80.0, Joules(0.2), Joules(0.8), 0.25));
}

TEST(WeightedManhattanTest, IsTheAccuracyAtWeightZeroAndTheSpareEnergyAtWeightOne) {
  EXPECT_DOUBLE_EQ(80.0, *weighted_manhattan(80.0, Joules(0.2), Joules(0.8), 0.0));
  EXPECT_DOUBLE_EQ(75.0, *weighted_manhattan(80.0, Joules(0.2), Joules(0.8), 1.0));
}

TEST(WeightedManhattanTest, OfTheGreatestEnergyWithFullWeightIsZero) {
  EXPECT_DOUBLE_EQ(0.0, *weighted_manhattan(80.0, Joules(0.8), Joules(0.8), 1.0));
}

TEST(WeightedManhattanTest, EqualsTheFormThatTheStudysPageMultipliesOut) {
  // (1 − W·E/N)·100 − (1 − W)·(100 − A)
  const double weight = 0.3;
  EXPECT_NEAR((1.0 - weight * 0.05 / 0.7) * 100.0 - (1.0 - weight) * (100.0 - 76.1),
              *weighted_manhattan(76.1, Joules(0.05), Joules(0.7), weight), 1e-12);
}

TEST(WeightedManhattanTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.2), Joules(0.0), 0.5));
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.2), Joules(not_a_number), 0.5));
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.2), Joules(0.8), -0.1));
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.2), Joules(0.8), 1.1));
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.2), Joules(0.8), not_a_number));
  EXPECT_FALSE(weighted_manhattan(101.0, Joules(0.2), Joules(0.8), 0.5));
  EXPECT_FALSE(weighted_manhattan(80.0, Joules(0.0), Joules(0.8), 0.5));
}

TEST(LogManhattanTest, CountsEnergyInDecades) {
  // E lies one decade of four above the least: 100 − [0.5 · (1/4) · 100 + 0.5 · (100 − 80)]
  EXPECT_DOUBLE_EQ(77.5, *log_manhattan(80.0, Joules(0.01), Joules(0.001), Joules(10.0), 0.5));
}

TEST(LogManhattanTest, AtFullWeightGivesTheLeastEnergyAHundredAndTheGreatestNothing) {
  EXPECT_DOUBLE_EQ(100.0, *log_manhattan(80.0, Joules(0.1), Joules(0.1), Joules(0.7), 1.0));
  EXPECT_DOUBLE_EQ(0.0, *log_manhattan(80.0, Joules(0.7), Joules(0.1), Joules(0.7), 1.0));
}

TEST(LogManhattanTest, AtWeightZeroIsTheAccuracy) {
  EXPECT_DOUBLE_EQ(80.0, *log_manhattan(80.0, Joules(0.2), Joules(0.1), Joules(0.7), 0.0));
}

TEST(LogManhattanTest, HoldsEnergyAgainstNoneWhereAllHaveTheSame) {
  EXPECT_DOUBLE_EQ(90.0, *log_manhattan(80.0, Joules(0.3), Joules(0.3), Joules(0.3), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.4), Joules(0.3), Joules(0.3), 0.5));
}

TEST(LogManhattanTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.2), Joules(0.0), Joules(0.8), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.2), Joules(0.9), Joules(0.8), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.2), Joules(not_a_number), Joules(0.8), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.2), Joules(0.1), Joules(infinity), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.0), Joules(0.1), Joules(0.8), 0.5));
  EXPECT_FALSE(log_manhattan(101.0, Joules(0.2), Joules(0.1), Joules(0.8), 0.5));
  EXPECT_FALSE(log_manhattan(80.0, Joules(0.2), Joules(0.1), Joules(0.8), 1.1));
}

TEST(ScoresOfTest, GivesEachRowTheScoreOfItsModel) {
  const std::vector<double> accuracy{80.0, 70.0, 95.0};
  const std::vector<double> energy{1.0, 2.0, 4.0};
  const EnergyRange range = energy_range(energy);
  EXPECT_EQ(Joules(1.0), range.least);
  EXPECT_EQ(Joules(4.0), range.greatest);
  for (std::size_t i = 0; i < 3; ++i) {
    const Joules joules(energy[i]);
    EXPECT_EQ(*efficiency(accuracy[i], joules),
              scores_of(Score::efficiency, accuracy, energy, range, 0.5)[i]);
    EXPECT_EQ(*weighted_manhattan(accuracy[i], joules, Joules(4.0), 0.3),
              scores_of(Score::manhattan, accuracy, energy, range, 0.3)[i]);
    EXPECT_EQ(*log_manhattan(accuracy[i], joules, Joules(1.0), Joules(4.0), 0.3),
              scores_of(Score::log_manhattan, accuracy, energy, range, 0.3)[i]);
  }
}

TEST(ScoresOfTest, IsNoNumberWhereAScoreIsUndefined) {
  const std::vector<double> accuracy{not_a_number, 101.0, 50.0, 50.0};
  const std::vector<double> energy{1.0, 1.0, not_a_number, 0.0};
  for (const Score score : enumerators<Score>) {
    for (const double each : scores_of(score, accuracy, energy, energy_range(energy), 0.5)) {
      EXPECT_TRUE(std::isnan(each)) << name_of(score);
    }
  }
}

TEST(ScoresOfTest, SamIsOfTheElectricityToTrainAndOtherwiseUndefined) {
  const std::vector<double> accuracy{80.0, 80.0, 80.0};
  const std::vector<double> energy{1.0, 1.0, 1.0};
  // 5·0.8⁵ / log₁₀(100 kWh); none at 1 kWh.
  const std::vector<double> training{3.6e8, 3.6e6, not_a_number};
  const auto scores = scores_of(Score::sam, accuracy, energy, energy_range(energy), 0.5, training);
  EXPECT_DOUBLE_EQ(5.0 * std::pow(0.8, 5.0) / 2.0, scores[0]);
  EXPECT_TRUE(std::isnan(scores[1]) && std::isnan(scores[2]));
  EXPECT_TRUE(std::isnan(scores_of(Score::sam, accuracy, energy, energy_range(energy), 0.5).at(0)));
}

TEST(EnergyRangeTest, PassesOverWhatIsNoEnergy) {
  const EnergyRange range =
      energy_range(std::vector<double>{0.0, -1.0, not_a_number, infinity, 3.0});
  EXPECT_EQ(Joules(3.0), range.least);
  EXPECT_EQ(Joules(3.0), range.greatest);
  EXPECT_EQ(Joules(0.0), energy_range({}).greatest);
}

}  // namespace
}  // namespace wattfor::scores_test
