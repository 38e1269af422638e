#include "analysis/correlation.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace wattfor::correlation_test {
namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

using Values = std::vector<double>;

// Ten rows with ties in both columns, one of them joint. Their exact coefficients follow from
// rational arithmetic: 35 pairs are concordant, 4 discordant, 4 tied in x, 2 in y, of 45.
constexpr std::array x_with_ties{12.1, 3.4, 5.5, 3.4, 8.25, 19.7, 0.3, 5.5, 5.5, 41.0};
constexpr std::array y_with_ties{1.2, 0.4, 0.9, 0.5, 0.9, 2.2, 0.1, 1.4, 0.4, 1.9};

TEST(PearsonTest, AgreesWithExactArithmetic) {
  EXPECT_NEAR(0.77325238989271362, *pearson(x_with_ties, y_with_ties), 1e-15);
}

TEST(PearsonTest, IsOneOnALineAndMinusOneOnAFallingOne) {
  EXPECT_DOUBLE_EQ(1.0, *pearson(Values{1.0, 2.0, 4.0}, Values{10.0, 12.0, 16.0}));
  EXPECT_DOUBLE_EQ(-1.0, *pearson(Values{1.0, 2.0, 4.0}, Values{16.0, 14.0, 10.0}));
}

TEST(PearsonTest, KeepsTheDigitsOfASmallSpreadOnALargeMean) {
  // Σdxdy = 1, Σdx² = 2, Σdy² = 2
  EXPECT_NEAR(0.5, *pearson(Values{1e9 + 1, 1e9 + 2, 1e9 + 3}, Values{-1e9, -1e9 + 2, -1e9 + 1}),
              1e-15);
}

TEST(PearsonTest, OfAConstantColumnIsUndefinedEvenWhereItsMeanRounds) {
  EXPECT_FALSE(pearson(Values{0.1, 0.1, 0.1}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(pearson(Values{1.0, 2.0, 3.0}, Values{0.7, 0.7, 0.7}));
}

TEST(PearsonTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(pearson({}, {}));
  EXPECT_FALSE(pearson(Values{1.0, 2.0}, Values{1.0, 2.0}));
  EXPECT_FALSE(pearson(Values{1.0, 2.0, 3.0}, Values{1.0, 2.0, 3.0, 4.0}));
  EXPECT_FALSE(pearson(Values{1.0, nan_value, 3.0}, Values{1.0, 2.0, 4.0}));
  EXPECT_FALSE(pearson(Values{1.0, 2.0, 3.0}, Values{1.0, infinite, 4.0}));
  EXPECT_FALSE(pearson(Values{-1e300, 0.0, 1e300}, Values{1.0, 2.0, 4.0}));
}

TEST(AverageRanksTest, LetEqualNumbersShareTheMeanOfTheirRanks) {
  EXPECT_EQ((Values{8.0, 2.5, 5.0, 2.5, 7.0, 9.0, 1.0, 5.0, 5.0, 10.0}),
            *average_ranks(x_with_ties));
}

TEST(AverageRanksTest, TakeNegativeZeroForZero) {
  EXPECT_EQ((Values{1.5, 3.0, 1.5}), *average_ranks(Values{0.0, 1.0, -0.0}));
}

TEST(AverageRanksTest, OfNothingAreNothingAndOfWhatIsNoNumberAreUndefined) {
  EXPECT_TRUE(average_ranks({})->empty());
  EXPECT_FALSE(average_ranks(Values{1.0, nan_value}));
}

TEST(SpearmanTest, AgreesWithExactArithmeticOnTies) {
  EXPECT_NEAR(0.85762213174503356, *spearman(x_with_ties, y_with_ties), 1e-15);
}

TEST(SpearmanTest, SeesOrderAlone) {
  EXPECT_DOUBLE_EQ(1.0, *spearman(Values{1.0, 2.0, 3.0, 4.0}, Values{0.001, 0.1, 90.0, 1e6}));
}

TEST(SpearmanTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(spearman(Values{1.0, 2.0}, Values{2.0, 1.0}));
  EXPECT_FALSE(spearman(Values{1.0, 1.0, 1.0}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(spearman(Values{1.0, 2.0, nan_value}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(spearman(Values{1.0, 2.0, 3.0}, Values{1.0, 2.0, 3.0, 4.0}));
}

TEST(KendallTest, CorrectsForTiesInBothColumns) {
  // (35 − 4) / √((45 − 4)(45 − 2))
  EXPECT_NEAR(31.0 / std::sqrt(41.0 * 43.0), *kendall(x_with_ties, y_with_ties), 1e-15);
}

TEST(KendallTest, IsOneInOrderAndMinusOneInReverse) {
  EXPECT_DOUBLE_EQ(1.0, *kendall(Values{1.0, 2.0, 3.0}, Values{5.0, 6.0, 9.0}));
  EXPECT_DOUBLE_EQ(-1.0, *kendall(Values{1.0, 2.0, 3.0}, Values{9.0, 6.0, 5.0}));
}

TEST(KendallTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(kendall(Values{1.0, 2.0}, Values{2.0, 1.0}));
  EXPECT_FALSE(kendall(Values{1.0, 1.0, 1.0}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(kendall(Values{1.0, 2.0, 3.0}, Values{1.0, 1.0, 1.0}));
  EXPECT_FALSE(kendall(Values{1.0, 2.0, infinite}, Values{1.0, 2.0, 3.0}));
  EXPECT_FALSE(kendall(Values{1.0, 2.0, 3.0}, Values{1.0, 2.0, 3.0, 4.0}));
}

// The definition, pair by pair.
double kendall_by_pairs(const Values& x, const Values& y) {
  std::int64_t net = 0;
  std::int64_t untied_x = 0;
  std::int64_t untied_y = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int order_x = (x[i] > x[j]) - (x[i] < x[j]);
      const int order_y = (y[i] > y[j]) - (y[i] < y[j]);
      net += static_cast<std::int64_t>(order_x) * order_y;
      untied_x += order_x != 0;
      untied_y += order_y != 0;
    }
  }
  return static_cast<double>(net) /
         std::sqrt(static_cast<double>(untied_x) * static_cast<double>(untied_y));
}

TEST(KendallTest, EqualsItsDefinitionForEveryNumberOfRows) {
  std::mt19937_64 random(20);  // NOLINT: the same rows every time
  for (std::size_t rows = 5; rows < 80; ++rows) {
    Values x;
    Values y;
    for (std::size_t i = 0; i < rows; ++i) {
      x.push_back(static_cast<double>(random() % 17));
      y.push_back(x.back() + static_cast<double>(random() % 13));
    }
    EXPECT_NEAR(kendall_by_pairs(x, y), *kendall(x, y), 1e-14) << rows;
  }
}

}  // namespace
}  // namespace wattfor::correlation_test
