#include "measurement/replicates.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wattfor::replicates_test {
namespace {

ReplicateMean mean_of(const std::vector<double>& values) { return replicate_mean(values).value(); }

// The quantiles are those of the printed tables of Student's t, 0.975: 12.7062, 4.30265, 2.26216
// for 1, 2, 9 degrees of freedom.
TEST(ReplicateMeanTest, TwoValuesHaveOneDegreeOfFreedom) {
  const ReplicateMean mean = mean_of({10.0, 12.0});
  EXPECT_DOUBLE_EQ(mean.mean, 11.0);
  EXPECT_DOUBLE_EQ(mean.standard_deviation, std::sqrt(2.0));
  EXPECT_NEAR(mean.half_width, 12.7062, 1e-4);  // s / √n = 1
}

TEST(ReplicateMeanTest, ThreeValuesHaveTwo) {
  const ReplicateMean mean = mean_of({1.0, 2.0, 3.0});
  EXPECT_DOUBLE_EQ(mean.mean, 2.0);
  EXPECT_DOUBLE_EQ(mean.standard_deviation, 1.0);
  EXPECT_NEAR(mean.half_width, 4.30265 / std::sqrt(3.0), 1e-5);
  EXPECT_NEAR(mean.relative_half_width(), 4.30265 / std::sqrt(3.0) / 2.0, 1e-5);
  EXPECT_NEAR(mean.interval().low, 2.0 - 4.30265 / std::sqrt(3.0), 1e-5);
  EXPECT_NEAR(mean.interval().high, 2.0 + 4.30265 / std::sqrt(3.0), 1e-5);
}

TEST(ReplicateMeanTest, TenValuesHaveNine) {
  // Mean 4.5, sum of squared differences 82.5.
  const ReplicateMean mean = mean_of({0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_DOUBLE_EQ(mean.standard_deviation, std::sqrt(82.5 / 9.0));
  EXPECT_NEAR(mean.half_width, 2.26216 * std::sqrt(82.5 / 9.0 / 10.0), 1e-4);
}

TEST(ReplicateMeanTest, OneRunHasNoSpread) {
  EXPECT_EQ(replicate_mean(std::vector<double>{}), std::nullopt);
  EXPECT_EQ(replicate_mean(std::vector<double>{5.0}), std::nullopt);
}

TEST(ReplicateMeanTest, EqualValuesHaveAnIntervalOfNoWidth) {
  const ReplicateMean mean = mean_of({0.25, 0.25, 0.25});
  EXPECT_EQ(mean.half_width, 0.0);
  EXPECT_EQ(mean.interval(), (Interval{.low = 0.25, .high = 0.25}));
}

TEST(ReplicateMeanTest, KeepsSmallDifferencesOfLargeValues) {
  EXPECT_NEAR(mean_of({1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0}).standard_deviation, 1.0, 1e-6);
}

TEST(ReplicateMeanTest, NegativeNetEnergyStillHasAPositiveRelativeWidth) {
  EXPECT_NEAR(mean_of({-1.0, -2.0, -3.0}).relative_half_width(), 4.30265 / std::sqrt(3.0) / 2.0,
              1e-5);
}

// So that no stopping rule takes it for precise.
TEST(ReplicateMeanTest, AMeanOfZeroReachesNoRelativePrecision) {
  EXPECT_FALSE(mean_of({0.0, 0.0}).relative_half_width() <= 0.01);
  EXPECT_FALSE(mean_of({-1.0, 1.0}).relative_half_width() <= 0.01);
}

}  // namespace
}  // namespace wattfor::replicates_test
