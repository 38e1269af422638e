#include "analysis/score_comparison.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

namespace wattfor::score_comparison_test {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Four models and one that rules the scale: at W = 0.5,
//   %   J      Manhattan                       log-Manhattan (5 decades)  %/J
//   50  0.001  100 − (0.0005 + 25) = 74.9995   100 − (0 + 25)  = 75       50,000
//   72  0.01   100 − (0.005 + 14)  = 85.995    100 − (10 + 14) = 76       7,200
//   80  1      100 − (0.5 + 10)    = 89.5      100 − (30 + 10) = 60       80
//   86  10     100 − (5 + 7)       = 88        100 − (40 + 7)  = 53       8.6
//   90  100    100 − (50 + 5)      = 45        100 − (50 + 5)  = 45       0.9
constexpr std::array accuracy{50.0, 72.0, 80.0, 86.0, 90.0, not_a_number};
constexpr std::array energy_j{0.001, 0.01, 1.0, 10.0, 100.0, 2.0};

TEST(ScoreComparisonTest, ManhattanPutsAModelOfAThousandTimesTheEnergyFirst) {
  const ScoreComparison found = score_comparison(accuracy, energy_j);
  EXPECT_EQ(found.models, 5U);
  EXPECT_EQ(found.energies.least, Joules(0.001));
  EXPECT_EQ(found.energies.greatest, Joules(100.0));
  const auto first_of = [&](std::size_t score) {
    std::vector<std::size_t> rows;
    for (const RankedRow& each : found.rankings[score].first) rows.push_back(each.row);
    return rows;
  };
  EXPECT_EQ(found.rankings[0].score, Score::manhattan);
  EXPECT_EQ(first_of(0), (std::vector<std::size_t>{2, 3, 1, 0, 4}));
  EXPECT_NEAR(found.rankings[0].scores[2], 89.5, 1e-9);
  EXPECT_EQ(found.rankings[1].score, Score::log_manhattan);
  EXPECT_EQ(first_of(1), (std::vector<std::size_t>{1, 0, 2, 3, 4}));
  EXPECT_NEAR(found.rankings[1].scores[1], 76.0, 1e-9);
  EXPECT_EQ(found.rankings[2].score, Score::efficiency);
  EXPECT_EQ(first_of(2), (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

// Of 10 pairs, 4 of them with row 4, which is last by each.
TEST(ScoreComparisonTest, SaysHowFarEachTwoScoresAgree) {
  const ScoreComparison found = score_comparison(accuracy, energy_j);
  ASSERT_EQ(found.agreements.size(), 3U);
  EXPECT_EQ(found.agreements[0].a, Score::manhattan);
  EXPECT_EQ(found.agreements[0].b, Score::log_manhattan);
  // Turned around: each of 0 and 1 with each of 2 and 3.
  EXPECT_NEAR(found.agreements[0].kendall.value(), (6.0 - 4.0) / 10.0, 1e-12);
  // These and (0, 1).
  EXPECT_EQ(found.agreements[1].b, Score::efficiency);
  EXPECT_NEAR(found.agreements[1].kendall.value(), 0.0, 1e-12);
  // (0, 1) alone.
  EXPECT_EQ(found.agreements[2].a, Score::log_manhattan);
  EXPECT_NEAR(found.agreements[2].kendall.value(), 0.8, 1e-12);
}

TEST(ScoreComparisonTest, ALeastAccuracyLeavesModelsOutAndChangesNoScore) {
  const ScoreComparison found = score_comparison(accuracy, energy_j);
  ASSERT_EQ(found.thresholds.size(), 7U);
  const ScoreThreshold& at_70 = found.thresholds[0];
  EXPECT_EQ(at_70.min_accuracy_percent, 70.0);
  EXPECT_EQ(at_70.models, 4U);
  EXPECT_EQ(at_70.first[0], 2U);
  EXPECT_EQ(at_70.first[1], 1U);
  EXPECT_EQ(at_70.first[2], 1U);
  const ScoreThreshold& at_80 = found.thresholds[2];
  EXPECT_EQ(at_80.models, 3U) << "80 % is enough";
  EXPECT_EQ(at_80.first[1], 2U);
  const ScoreThreshold& at_85 = found.thresholds[3];
  EXPECT_EQ(at_85.models, 2U);
  EXPECT_EQ(at_85.first[2], 3U);
}

// The energies that three, two and one quarter of the five models stay below: 10, 1 and 0.01 J.
TEST(ScoreComparisonTest, AGreatestEnergyLeavesModelsOutAndChangesNoScore) {
  const ScoreComparison found = score_comparison(accuracy, energy_j);
  ASSERT_EQ(found.thresholds.size(), 7U);
  const ScoreThreshold& half = found.thresholds[5];
  EXPECT_FALSE(half.min_accuracy_percent);
  EXPECT_EQ(half.max_energy_j, 1.0);
  EXPECT_EQ(half.models, 3U) << "one at the limit is within it";
  EXPECT_EQ(half.first[0], 2U);
  EXPECT_EQ(half.first[1], 1U);
  EXPECT_EQ(half.first[2], 0U);
  const ScoreThreshold& quarter = found.thresholds[6];
  EXPECT_EQ(quarter.max_energy_j, 0.01);
  EXPECT_EQ(quarter.models, 2U);
  EXPECT_EQ(quarter.first[0], 1U);
}

TEST(ScoreComparisonTest, OfNothingIsNothing) {
  const ScoreComparison found = score_comparison(std::vector{50.0, 60.0}, {});
  EXPECT_EQ(found.models, 0U);
  EXPECT_TRUE(found.rankings[0].first.empty());
  EXPECT_FALSE(found.agreements[0].kendall);
  EXPECT_EQ(found.thresholds[0].models, 0U);
  EXPECT_FALSE(found.thresholds[0].first[0]);
}

TEST(ScoreComparisonTest, ShowsTenOfManyModels) {
  std::vector<double> accuracies;
  std::vector<double> energies;
  for (int i = 0; i < 30; ++i) {
    accuracies.push_back(60.0 + i);
    energies.push_back(1.0 + i);
  }
  const ScoreComparison found = score_comparison(accuracies, energies);
  EXPECT_EQ(found.models, 30U);
  for (const ScoreRanking& each : found.rankings) EXPECT_EQ(each.first.size(), 10U);
}

}  // namespace
}  // namespace wattfor::score_comparison_test
