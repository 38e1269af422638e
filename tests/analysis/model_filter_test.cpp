#include "analysis/model_filter.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace wattfor::model_filter_test {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

using Numbers = std::vector<double>;
using Rows = std::vector<std::size_t>;
using Limits = std::vector<ColumnLimit>;

TEST(ModelFilterTest, LetsPassWhatMeetsEveryLimitBothEndsIncluded) {
  const Numbers energy{1.0, 2.0, 3.0, 4.0};
  const Numbers accuracy{70.0, 80.0, 90.0, 95.0};
  const FilteredRows filtered =
      filter_rows(energy, Limits{{.column = energy, .most = 3.0}, {accuracy, 80.0, 100.0}});
  EXPECT_EQ((Rows{1, 2}), filtered.rows);
  EXPECT_EQ(1U, filtered.removed[0].beyond);
  EXPECT_EQ(1U, filtered.removed[1].beyond);
  EXPECT_EQ(1U, filtered.removed[0].only);
}

TEST(ModelFilterTest, RemovesAndCountsApartWhatIsNotKnown) {
  const Numbers energy{1.0, 2.0, 3.0};
  const Numbers latency{5.0, not_known, 50.0};
  const FilteredRows filtered = filter_rows(energy, Limits{{.column = latency, .most = 10.0}});
  EXPECT_EQ(Rows{0}, filtered.rows);
  EXPECT_EQ(1U, filtered.removed[0].unknown);
  EXPECT_EQ(1U, filtered.removed[0].beyond);
}

TEST(ModelFilterTest, AColumnWithoutAnyNumberIsKnownOfNoModel) {
  const Numbers energy{1.0, not_known, 3.0};
  const FilteredRows filtered = filter_rows(energy, Limits{{.column = {}, .most = 10.0}});
  EXPECT_TRUE(filtered.rows.empty());
  EXPECT_EQ(2U, filtered.removed[0].unknown);
}

TEST(ModelFilterTest, LooksAtCandidatesAlone) {
  const Numbers energy{not_known, 2.0};
  const FilteredRows filtered = filter_rows(energy, Limits{{.column = energy, .most = 1.0}});
  EXPECT_EQ(0U, filtered.removed[0].unknown);
  EXPECT_EQ(1U, filtered.removed[0].beyond);
  EXPECT_EQ(Rows{1}, rows_that_fail_only(filtered, 0));
}

TEST(ModelFilterTest, WithoutLimitsEveryCandidatePasses) {
  const Numbers energy{1.0, not_known, 3.0};
  EXPECT_EQ((Rows{0, 2}), filter_rows(energy, {}).rows);
  EXPECT_TRUE(filter_rows(Numbers{}, {}).rows.empty());
  EXPECT_TRUE(rows_that_fail_fewest(filter_rows(energy, {})).empty());
}

TEST(ModelFilterTest, NothingMeetsALeastAboveTheMost) {
  const Numbers energy{1.0, 2.0, 3.0};
  const FilteredRows filtered = filter_rows(energy, Limits{{energy, 2.5, 1.5}});
  EXPECT_TRUE(filtered.rows.empty());
  EXPECT_EQ(3U, filtered.removed[0].beyond) << "a number on both wrong sides counts once";
}

TEST(ModelFilterTest, TellsWhatFailsOneLimitOnlyAndWhatFailsTheFewest) {
  const Numbers a{1.0, 9.0, 9.0, 1.0};
  const Numbers b{9.0, 1.0, 9.0, not_known};
  const FilteredRows filtered =
      filter_rows(a, Limits{{.column = a, .most = 5.0}, {.column = b, .most = 5.0}});
  EXPECT_TRUE(filtered.rows.empty());
  EXPECT_EQ(Rows{1}, rows_that_fail_only(filtered, 0));
  EXPECT_EQ((Rows{0, 3}), rows_that_fail_only(filtered, 1));
  EXPECT_EQ((Rows{0, 1, 3}), rows_that_fail_fewest(filtered));
}

TEST(ModelFilterTest, AgreesWithItsDefinitionOnRandomTables) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> digit(0, 9);
  const auto number = [&] { return digit(random) == 0 ? not_known : digit(random); };
  for (int round = 0; round < 100; ++round) {
    std::vector<Numbers> columns(4, Numbers(50));
    for (Numbers& column : columns) std::ranges::generate(column, number);
    Limits limits;
    for (const Numbers& column : columns) {
      const double least = digit(random);
      limits.push_back({.column = column, .least = least, .most = least + digit(random)});
    }
    Rows expected;
    for (std::size_t row = 0; row < 50; ++row) {
      const bool passes = std::ranges::all_of(limits, [row](const ColumnLimit& limit) {
        return limit.column[row] >= limit.least && limit.column[row] <= limit.most;
      });
      if (columns[0][row] == columns[0][row] && passes) expected.push_back(row);
    }
    ASSERT_EQ(expected, filter_rows(columns[0], limits).rows) << "round " << round;
  }
}

}  // namespace
}  // namespace wattfor::model_filter_test
