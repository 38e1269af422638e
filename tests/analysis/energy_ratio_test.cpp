#include "analysis/energy_ratio.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace wattfor::energy_ratio_test {
namespace {

EnergyFigure figure(double energy, double low, double high) {
  return {.energy = Joules(energy),
          .absolute = std::nullopt,
          .comparison = Interval{.low = low, .high = high}};
}

EnergyFigure published(double energy) {
  return {.energy = Joules(energy), .absolute = std::nullopt, .comparison = std::nullopt};
}

TEST(EnergyRatioTest, JoinsTheSidesThatPullTheSameWayAsSquaresOfLogarithms) {
  // 6/2: the model may be 1.2 times as much or 1.5 times less, the reference 1.1 times less.
  const EnergyRatio ratio = *energy_ratio(figure(6.0, 4.0, 7.2), figure(2.0, 2.0 / 1.1, 2.5));
  EXPECT_DOUBLE_EQ(3.0, ratio.factor);
  EXPECT_NEAR(3.0 * std::exp(std::hypot(std::log(1.2), std::log(1.1))), ratio.interval->high,
              1e-12);
  EXPECT_NEAR(3.0 * std::exp(-std::hypot(std::log(1.5), std::log(1.25))), ratio.interval->low,
              1e-12);
}

TEST(EnergyRatioTest, OfTheOtherOrderIsTheInverse) {
  const EnergyFigure a = figure(6.0, 4.0, 7.2);
  const EnergyFigure b = figure(2.0, 1.8, 2.5);
  const EnergyRatio ratio = *energy_ratio(a, b);
  const EnergyRatio inverse = *energy_ratio(b, a);
  EXPECT_NEAR(1.0, ratio.factor * inverse.factor, 1e-12);
  EXPECT_NEAR(1.0, ratio.interval->low * inverse.interval->high, 1e-12);
}

TEST(EnergyRatioTest, HasNoIntervalWhereAnEnergyHasNoneOrReachesZero) {
  EXPECT_FALSE(energy_ratio(published(6.0), figure(2.0, 1.0, 3.0))->interval);
  EXPECT_FALSE(energy_ratio(figure(2.0, 1.0, 3.0), published(6.0))->interval);
  EXPECT_FALSE(energy_ratio(figure(2.0, 0.0, 3.0), figure(2.0, 1.0, 3.0))->interval);
  EXPECT_EQ(std::nullopt, is_unsure(*energy_ratio(published(6.0), published(6.0))));
}

TEST(EnergyRatioTest, IsUndefinedWithoutBothEnergies) {
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(energy_ratio(published(not_a_number), published(1.0)));
  EXPECT_FALSE(energy_ratio(published(1.0), published(0.0)));
  EXPECT_FALSE(energy_ratio(published(1.0), published(std::numeric_limits<double>::infinity())));
}

TEST(EnergyRatioTest, IsUnsureWhereItsIntervalHoldsOne) {
  EXPECT_TRUE(*is_unsure(*energy_ratio(figure(1.01, 1.0, 1.02), figure(1.0, 0.98, 1.02))));
  EXPECT_FALSE(*is_unsure(*energy_ratio(figure(1.5, 1.4, 1.6), figure(1.0, 0.98, 1.02))));
}

TEST(EnergySavingTest, JoinsTheSidesThatPullTheSameWayAsSquares) {
  const EnergySaving saving = energy_saving(figure(10.0, 7.0, 13.0), figure(4.0, 2.0, 8.0));
  EXPECT_EQ(Joules(6.0), saving.energy);
  EXPECT_DOUBLE_EQ(1.0, saving.interval->low) << "3 down of the first, 4 up of the second";
  EXPECT_DOUBLE_EQ(6.0 + std::sqrt(9.0 + 4.0), saving.interval->high);
  EXPECT_FALSE(energy_saving(published(10.0), figure(4.0, 2.0, 8.0)).interval);
}

}  // namespace
}  // namespace wattfor::energy_ratio_test
