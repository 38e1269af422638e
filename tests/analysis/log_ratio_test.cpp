#include "analysis/log_ratio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace wattfor::log_ratio_test {
namespace {

using Values = std::vector<double>;

TEST(LogRatioTest, IsTheGeometricMeanAndDeviationOfTheRatios) {
  // Ratios 2, 4 and 8: logarithms 1, 2 and 3 times ln 2, whose deviation with n − 1 is ln 2.
  const auto ratio = log_ratio(Values{6.0, 20.0, 8.0}, Values{3.0, 5.0, 1.0});
  EXPECT_NEAR(4.0, ratio->geometric_mean, 1e-14);
  EXPECT_NEAR(2.0, ratio->geometric_deviation, 1e-14);
}

TEST(LogRatioTest, OfExchangedColumnsIsTheInverseWithTheSameDeviation) {
  const auto ratio = log_ratio(Values{3.0, 5.0, 1.0}, Values{6.0, 20.0, 8.0});
  EXPECT_NEAR(0.25, ratio->geometric_mean, 1e-15);
  EXPECT_NEAR(2.0, ratio->geometric_deviation, 1e-14);
}

TEST(LogRatioTest, OfEqualColumnsIsOneWithoutDeviation) {
  const auto ratio = log_ratio(Values{3.0, 5.0}, Values{3.0, 5.0});
  EXPECT_EQ(1.0, ratio->geometric_mean);
  EXPECT_EQ(1.0, ratio->geometric_deviation);
}

TEST(LogRatioTest, IsUndefinedOutsideItsDomain) {
  EXPECT_FALSE(log_ratio({}, {}));
  EXPECT_FALSE(log_ratio(Values{2.0}, Values{1.0}));
  EXPECT_FALSE(log_ratio(Values{2.0, 3.0}, Values{1.0, 1.0, 1.0}));
  EXPECT_FALSE(log_ratio(Values{2.0, 0.0}, Values{1.0, 1.0}));
  EXPECT_FALSE(log_ratio(Values{2.0, 3.0}, Values{1.0, -1.0}));
  EXPECT_FALSE(log_ratio(Values{2.0, std::nan("")}, Values{1.0, 1.0}));
  EXPECT_FALSE(log_ratio(Values{2.0, std::numeric_limits<double>::infinity()}, Values{1.0, 1.0}));
  EXPECT_FALSE(log_ratio(Values{1e300, 1e300}, Values{1e-300, 1e-300}));
}

}  // namespace
}  // namespace wattfor::log_ratio_test
