#include "analysis/diminishing_returns.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace wattfor {
namespace {

using Points = std::vector<AccuracyAndEnergy>;

// The Pareto front of the inference study's published figures for the H100 with TensorRT (its data
// set DL-Inference-Energy-Efficiency at commit 96cd60e, H100_TRT.csv), to six digits.
constexpr std::array<AccuracyAndEnergy, 38> published_front{
    {{40.832, Joules(0.786012e-3)}, {46.424, Joules(1.29923e-3)}, {59.874, Joules(1.76499e-3)},
     {65.664, Joules(2.32758e-3)},  {68.76, Joules(2.65779e-3)},  {73.436, Joules(2.6857e-3)},
     {73.73, Joules(2.7073e-3)},    {74.29, Joules(3.33983e-3)},  {74.644, Joules(3.37195e-3)},
     {76.902, Joules(3.64338e-3)},  {77.288, Joules(5.09445e-3)}, {77.342, Joules(5.75558e-3)},
     {80.726, Joules(6.25605e-3)},  {81.566, Joules(11.2987e-3)}, {82.63, Joules(12.4178e-3)},
     {83.306, Joules(12.456e-3)},   {83.694, Joules(16.0702e-3)}, {83.81, Joules(21.6562e-3)},
     {84.456, Joules(26.2453e-3)},  {84.566, Joules(26.3056e-3)}, {84.81, Joules(26.4846e-3)},
     {84.856, Joules(28.6661e-3)},  {85.088, Joules(35.5847e-3)}, {85.182, Joules(36.9938e-3)},
     {85.226, Joules(37.5253e-3)},  {85.41, Joules(37.9848e-3)},  {85.602, Joules(44.6813e-3)},
     {85.728, Joules(46.5552e-3)},  {86.21, Joules(47.0128e-3)},  {86.494, Joules(47.046e-3)},
     {86.604, Joules(60.987e-3)},   {86.608, Joules(88.9172e-3)}, {87.44, Joules(121.521e-3)},
     {88.596, Joules(143.844e-3)},  {88.682, Joules(335.639e-3)}, {89.25, Joules(441.145e-3)},
     {89.966, Joules(1192.58e-3)},  {90.054, Joules(1198.38e-3)}}};

constexpr LossChoice soft_l1{.loss = FitLoss::soft_l1, .scale_percent = 1.0};
constexpr LossChoice cauchy{.loss = FitLoss::cauchy, .scale_percent = 1.0};

double energy_j_at_100(std::span<const AccuracyAndEnergy> points, LossChoice loss = {}) {
  return std::pow(10.0, *fit_diminishing_returns(points, loss)->log10_energy_j_at_100_percent);
}

// Eight points over three decades, from 1 mJ.
Points points_of(const std::function<double(double log_energy)>& accuracy_percent) {
  Points points;
  for (int i = 0; i < 8; ++i) {
    const double energy = 1e-3 * std::pow(1000.0, i / 7.0);
    points.push_back({accuracy_percent(std::log(energy)), Joules(energy)});
  }
  return points;
}

Points nested_logarithm(double a, double b, double c) {
  return points_of([=](double log_energy) { return a * std::log(log_energy + b) + c; });
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

TEST(BootstrapTest, DrawsTheSameOnEveryPlatform) {
  const auto interval =
      bootstrap_log10_energy_at_100_percent(published_front, {}, {.resamples = 200, .seed = 1});
  EXPECT_EQ(200U, interval->fitted);
  EXPECT_NEAR(0.9407215, *interval->low, 1e-4);
  EXPECT_NEAR(12.5021245, *interval->high, 1e-4);
}

TEST(BootstrapTest, DependsOnTheSeed) {
  const auto one =
      bootstrap_log10_energy_at_100_percent(published_front, {}, {.resamples = 50, .seed = 1});
  const auto other =
      bootstrap_log10_energy_at_100_percent(published_front, {}, {.resamples = 50, .seed = 2});
  EXPECT_NE(*one->high, *other->high);
}

TEST(BootstrapTest, OfACurveWithoutScatterIsAPoint) {
  const auto interval = bootstrap_log10_energy_at_100_percent(nested_logarithm(8.0, 7.5, 70.0), {},
                                                              {.resamples = 50, .seed = 3});
  const double exact = (std::exp(30.0 / 8.0) - 7.5) / std::log(10.0);
  EXPECT_NEAR(exact, *interval->low, 1e-4);
  EXPECT_NEAR(exact, *interval->high, 1e-4);
}

TEST(BootstrapTest, LeavesTheEndOpenThatCurvesNeverReach) {
  const Points falling = points_of([](double log_energy) { return 60.0 - 3.0 * log_energy; });
  const auto interval =
      bootstrap_log10_energy_at_100_percent(falling, {}, {.resamples = 50, .seed = 3});
  EXPECT_FALSE(interval->low);
  EXPECT_FALSE(interval->high);
}

TEST(BootstrapTest, IsUndefinedWhereMostResamplesHaveNoFit) {
  // Of four points, one resample in eleven has all four.
  const Points good = nested_logarithm(8.0, 7.5, 70.0);
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent(Points(good.begin(), good.begin() + 4)));
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent({}));
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent(good, {}, {.resamples = 0, .seed = 1}));
}

}  // namespace
}  // namespace wattfor
