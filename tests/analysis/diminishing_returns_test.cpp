#include "analysis/diminishing_returns.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include "analysis/fronts.h"

namespace wattfor::diminishing_returns_test {
namespace {

constexpr LossChoice soft_l1{.loss = FitLoss::soft_l1, .scale_percent = 1.0};
constexpr LossChoice cauchy{.loss = FitLoss::cauchy, .scale_percent = 1.0};

double energy_j_at_100(std::span<const AccuracyAndEnergy> points, LossChoice loss = {}) {
  return std::pow(10.0, *fit_diminishing_returns(points, loss)->log10_energy_j_at_100_percent);
}

TEST(DiminishingReturnsTest, ReproducesWhatThePublishedFrontSaysByEachLossAndCutOff) {
  EXPECT_NEAR(81.4, energy_j_at_100(published_front), 0.1);
  EXPECT_NEAR(2129.0, energy_j_at_100(published_front, soft_l1), 2.0);
  EXPECT_NEAR(9990.0, energy_j_at_100(published_front, cauchy), 10.0);
  const double megawatt_hour = kilowatt_hours(1000.0).value();
  const auto upper = std::span(published_front).subspan(3);
  EXPECT_NEAR(1776.0, energy_j_at_100(upper) / megawatt_hour, 1.0);
  EXPECT_NEAR(819.7, energy_j_at_100(upper, soft_l1) / megawatt_hour, 1.0);
  EXPECT_NEAR(218.4, energy_j_at_100(upper, cauchy) / megawatt_hour, 0.5);
}

TEST(DiminishingReturnsTest, AgreesWithAnIndependentFitOfThePublishedFront) {
  const auto squared = fit_diminishing_returns(published_front);
  EXPECT_NEAR(13.95216, squared->a, 1e-4);
  EXPECT_NEAR(7.294162, squared->b, 1e-5);
  EXPECT_NEAR(65.69087, squared->c, 1e-4);
  EXPECT_NEAR(349.75116, squared->residual_sum, 1e-5);
  EXPECT_EQ(BestAt::inside, squared->best_at);
  const auto robust = fit_diminishing_returns(published_front, cauchy);
  EXPECT_NEAR(10.32425, robust->a, 1e-4);
  EXPECT_NEAR(7.201648, robust->b, 1e-5);
  EXPECT_NEAR(71.11322, robust->c, 1e-4);
  EXPECT_NEAR(30.530085, robust->residual_sum, 1e-6);
}

TEST(DiminishingReturnsTest, FindsTheParametersOfACurveByEveryLoss) {
  const Points points = nested_logarithm(8.0, 7.5, 70.0);
  for (const LossChoice loss : {LossChoice{}, soft_l1, cauchy}) {
    const auto curve = fit_diminishing_returns(points, loss);
    EXPECT_NEAR(8.0, curve->a, 1e-6);
    EXPECT_NEAR(7.5, curve->b, 1e-6);
    EXPECT_NEAR(70.0, curve->c, 1e-6);
    EXPECT_NEAR(0.0, curve->residual_sum, 1e-12);
    // 100 = 8·ln(ln E + 7.5) + 70
    EXPECT_NEAR((std::exp(30.0 / 8.0) - 7.5) / std::log(10.0),
                *curve->log10_energy_j_at_100_percent, 1e-5);
    EXPECT_NEAR(points[4].accuracy_percent, *accuracy_percent_at(*curve, points[4].energy), 1e-8);
  }
}

TEST(DiminishingReturnsTest, MovesBAloneWithTheUnitOfEnergy) {
  const auto joules = fit_diminishing_returns(published_front);
  Points scaled(published_front.begin(), published_front.end());
  for (AccuracyAndEnergy& each : scaled) each.energy = each.energy * 1000.0;
  const auto millijoules = fit_diminishing_returns(scaled);
  EXPECT_NEAR(joules->a, millijoules->a, 1e-6);
  EXPECT_NEAR(joules->b - std::log(1000.0), millijoules->b, 1e-6);
  EXPECT_NEAR(joules->c, millijoules->c, 1e-6);
  EXPECT_NEAR(*joules->log10_energy_j_at_100_percent + 3.0,
              *millijoules->log10_energy_j_at_100_percent, 1e-6);
}

TEST(DiminishingReturnsTest, ByARobustLossBarelyHeedsAnOutlier) {
  Points points = nested_logarithm(8.0, 7.5, 70.0);
  points[5].accuracy_percent -= 10.0;
  const auto error = [&](LossChoice loss) {
    const auto curve = fit_diminishing_returns(points, loss);
    return std::abs(*accuracy_percent_at(*curve, Joules(1.0)) - (8.0 * std::log(7.5) + 70.0));
  };
  EXPECT_GT(error({}), 1.0);
  EXPECT_LT(error(soft_l1), 0.6);
  EXPECT_LT(error(cauchy), 0.1);
}

TEST(DiminishingReturnsTest, OfAStraightLineInLogEnergyEndsAtTheUpperEnd) {
  const auto curve =
      fit_diminishing_returns(points_of([](double log_energy) { return 80.0 + 3.0 * log_energy; }));
  EXPECT_EQ(BestAt::upper_end, curve->best_at);
  EXPECT_NEAR(20.0 / 3.0 / std::log(10.0), *curve->log10_energy_j_at_100_percent, 1e-2);
  EXPECT_NEAR(80.0, *accuracy_percent_at(*curve, Joules(1.0)), 1e-2);
}

TEST(DiminishingReturnsTest, OfAPlungeAtTheLeastEnergyEndsAtTheLowerEnd) {
  Points points = points_of([](double) { return 80.0; });
  points.front().accuracy_percent = 40.0;
  EXPECT_EQ(BestAt::lower_end, fit_diminishing_returns(points)->best_at);
}

TEST(DiminishingReturnsTest, KnowsNoEnergyAt100PercentForAFallingCurve) {
  const auto curve =
      fit_diminishing_returns(points_of([](double log_energy) { return 60.0 - 3.0 * log_energy; }));
  EXPECT_LT(curve->a, 0.0);
  EXPECT_FALSE(curve->log10_energy_j_at_100_percent);
}

TEST(DiminishingReturnsTest, KeepsAnAstronomicalEnergyAsItsLogarithm) {
  const auto curve = fit_diminishing_returns(nested_logarithm(0.1, 7.5, 70.0));
  // ln E + 7.5 = e^300
  EXPECT_NEAR(300.0 / std::log(10.0),
              std::log10(*curve->log10_energy_j_at_100_percent * std::log(10.0)), 0.1);
}

TEST(DiminishingReturnsTest, KnowsNoEnergyWhereEvenTheLogarithmOverflows) {
  const auto curve = fit_diminishing_returns(nested_logarithm(0.01, 7.5, 70.0));
  EXPECT_NEAR(0.01, curve->a, 1e-6);
  EXPECT_FALSE(curve->log10_energy_j_at_100_percent);
}

TEST(DiminishingReturnsTest, IsUndefinedOutsideItsDomain) {
  constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
  const Points good = nested_logarithm(8.0, 7.5, 70.0);
  EXPECT_FALSE(fit_diminishing_returns({}));
  EXPECT_FALSE(fit_diminishing_returns(Points(good.begin(), good.begin() + 3)));
  EXPECT_TRUE(fit_diminishing_returns(Points(good.begin(), good.begin() + 4)));
  EXPECT_FALSE(fit_diminishing_returns(Points(20, good[0])));
  EXPECT_FALSE(fit_diminishing_returns(points_of([](double) { return 70.0; })));
  for (const AccuracyAndEnergy& bad :
       {AccuracyAndEnergy{80.0, Joules(0.0)}, AccuracyAndEnergy{80.0, Joules(nan_value)},
        AccuracyAndEnergy{nan_value, Joules(1.0)}, AccuracyAndEnergy{100.5, Joules(1.0)},
        AccuracyAndEnergy{-1.0, Joules(1.0)}}) {
    Points points = good;
    points.push_back(bad);
    EXPECT_FALSE(fit_diminishing_returns(points));
  }
  EXPECT_FALSE(fit_diminishing_returns(good, {.loss = FitLoss::cauchy, .scale_percent = 0.0}));
  EXPECT_FALSE(
      fit_diminishing_returns(good, {.loss = FitLoss::soft_l1, .scale_percent = nan_value}));
}

TEST(DiminishingReturnsTest, HasNoAccuracyWhereTheCurveDoesNotReach) {
  const auto curve = fit_diminishing_returns(nested_logarithm(8.0, 7.5, 70.0));
  EXPECT_FALSE(accuracy_percent_at(*curve, Joules(std::exp(-7.6))));
  EXPECT_FALSE(accuracy_percent_at(*curve, Joules(0.0)));
  EXPECT_FALSE(accuracy_percent_at(*curve, Joules(-1.0)));
}

}  // namespace
}  // namespace wattfor::diminishing_returns_test
