#include "analysis/ranking.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <vector>

namespace wattfor::ranking_test {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::vector<double>;
using Rows = std::vector<std::size_t>;

Rows rows_of(const std::vector<RankedRow>& ranked) {
  Rows rows;
  for (const RankedRow& each : ranked) rows.push_back(each.row);
  return rows;
}

TEST(RankingTest, TheGreatestScoreComesFirst) {
  const auto ranked = ranking(Numbers{50.0, 70.0, 60.0}, Numbers{1.0, 1.0, 1.0}, Rows{0, 1, 2});
  EXPECT_EQ((Rows{1, 2, 0}), rows_of(ranked));
  EXPECT_EQ(3U, ranked.back().rank);
}

TEST(RankingTest, EqualScoresShareARankAndTheLeastEnergyStandsFirst) {
  const auto ranked =
      ranking(Numbers{50.0, 50.0, 50.0, 40.0}, Numbers{2.0, 1.0, 1.0, 1.0}, Rows{0, 1, 2, 3});
  EXPECT_EQ((Rows{1, 2, 0, 3}), rows_of(ranked));
  EXPECT_EQ(1U, ranked[2].rank);
  EXPECT_EQ(4U, ranked[3].rank);
}

TEST(RankingTest, PassesOverWhatHasNoScoreOrWasNotAskedFor) {
  const auto ranked = ranking(Numbers{not_known, 70.0, 60.0, 90.0},
                              Numbers{1.0, not_known, 1.0, 1.0}, Rows{0, 1, 2});
  EXPECT_EQ(Rows{2}, rows_of(ranked));
}

TEST(RankingTest, OfNoneAndOfOne) {
  EXPECT_TRUE(ranking(Numbers{}, Numbers{}, {}).empty());
  EXPECT_EQ(Rows{0}, rows_of(ranking(Numbers{1.0}, Numbers{1.0}, Rows{0}, 5)));
  EXPECT_TRUE(ranking(Numbers{1.0}, Numbers{1.0}, Rows{0}, 0).empty());
}

TEST(RankingTest, TheTopIsTheBeginningOfTheWhole) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> digit(0, 9);
  for (int round = 0; round < 50; ++round) {
    Numbers scores(100);
    Numbers energy(100);
    for (double& each : scores) each = digit(random);
    for (double& each : energy) each = digit(random);
    Rows rows(100);
    std::iota(rows.begin(), rows.end(), 0U);
    const Rows whole = rows_of(ranking(scores, energy, rows));
    const auto top = ranking(scores, energy, rows, 10);
    ASSERT_EQ(Rows(whole.begin(), whole.begin() + 10), rows_of(top)) << "round " << round;
  }
}

TEST(MeanOfTest, IsUnknownWhereOneColumnIs) {
  const Numbers one{80.0, 70.0, not_known};
  const Numbers two{60.0, not_known, 50.0};
  const std::vector<std::span<const double>> both{one, two};
  const Numbers mean = mean_of(both, 3);
  EXPECT_EQ(70.0, mean[0]);
  EXPECT_TRUE(std::isnan(mean[1]) && std::isnan(mean[2]));
}

TEST(MeanOfTest, IsUnknownEverywhereWhereAColumnHasNoNumberOrThereIsNone) {
  const Numbers one{80.0};
  const std::vector<std::span<const double>> with_empty{one, {}};
  EXPECT_TRUE(std::isnan(mean_of(with_empty, 1).at(0)));
  EXPECT_TRUE(std::isnan(mean_of({}, 1).at(0)));
}

}  // namespace
}  // namespace wattfor::ranking_test
