#include "analysis/returns_bootstrap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "analysis/diminishing_returns.h"
#include "analysis/fronts.h"
#include "analysis/random_draw.h"

namespace wattfor::returns_bootstrap_test {
namespace {

// The same interval, each resample drawn point by point and fitted by the general search.
BootstrapInterval one_by_one(std::span<const AccuracyAndEnergy> points, Resampling resampling) {
  std::mt19937_64 random(resampling.seed);
  std::vector<double> decades;
  std::vector<AccuracyAndEnergy> drawn(points.size());
  for (std::size_t i = 0; i < resampling.resamples; ++i) {
    for (AccuracyAndEnergy& each : drawn) each = points[draw_below(points.size(), random)];
    const auto curve = fit_diminishing_returns(drawn);
    if (!curve) continue;
    decades.push_back(
        curve->log10_energy_j_at_100_percent.value_or(std::numeric_limits<double>::infinity()));
  }
  std::ranges::sort(decades);
  const auto last = static_cast<double>(decades.size() - 1);
  const auto end = [&](double place) {
    const double found = decades[static_cast<std::size_t>(place)];
    return std::isfinite(found) ? std::optional(found) : std::nullopt;
  };
  return {.low = end(std::floor(0.025 * last)),
          .high = end(std::ceil(0.975 * last)),
          .fitted = decades.size()};
}

// Scattered about a curve, some points thrice, some energies equal: what fronts are not, and what
// may be passed all the same.
Points scattered(unsigned seed) {
  std::mt19937_64 random(seed);
  Points points;
  for (int i = 0; i < 24; ++i) {
    const double log_energy = -7.0 + static_cast<double>(draw_below(40, random)) / 5.0;
    const double scatter = static_cast<double>(draw_below(100, random)) / 10.0;
    points.push_back(
        {60.0 + 9.0 * std::log(log_energy + 8.5) + scatter, Joules(std::exp(log_energy))});
    if (i % 7 == 0) points.insert(points.end(), 2, points.back());
  }
  return points;
}

TEST(BootstrapTest, GivesWhatFitsOneByOneGive) {
  Points plunging = nested_logarithm(4.0, 6.91, 70.0);
  plunging.front().accuracy_percent = 40.0;
  std::vector<Points> fronts{Points(published_front.begin(), published_front.end()),
                             Points(published_front.begin() + 3, published_front.end()),
                             points_of([](double x) { return 80.0 + 3.0 * x; }), plunging};
  for (unsigned seed = 1; seed <= 6; ++seed) fronts.push_back(scattered(seed));
  for (const Points& front : fronts) {
    const Resampling resampling{.resamples = 100, .seed = front.size()};
    const auto quick = bootstrap_log10_energy_at_100_percent(front, resampling);
    const auto slow = one_by_one(front, resampling);
    ASSERT_TRUE(quick);
    EXPECT_EQ(slow.fitted, quick->fitted);
    ASSERT_EQ(slow.low.has_value(), quick->low.has_value());
    ASSERT_EQ(slow.high.has_value(), quick->high.has_value());
    if (slow.low) {
      EXPECT_NEAR(*slow.low, *quick->low, 1e-5 * (1.0 + std::abs(*slow.low)));
    }
    if (slow.high) {
      EXPECT_NEAR(*slow.high, *quick->high, 1e-5 * (1.0 + std::abs(*slow.high)));
    }
  }
}

TEST(BootstrapTest, DrawsTheSameOnEveryPlatform) {
  const auto interval =
      bootstrap_log10_energy_at_100_percent(published_front, {.resamples = 200, .seed = 1});
  EXPECT_EQ(200U, interval->fitted);
  EXPECT_NEAR(0.9407215, *interval->low, 1e-4);
  EXPECT_NEAR(12.5021245, *interval->high, 1e-4);
}

TEST(BootstrapTest, DependsOnTheSeed) {
  const auto one =
      bootstrap_log10_energy_at_100_percent(published_front, {.resamples = 50, .seed = 1});
  const auto other =
      bootstrap_log10_energy_at_100_percent(published_front, {.resamples = 50, .seed = 2});
  EXPECT_NE(*one->high, *other->high);
}

TEST(BootstrapTest, OfACurveWithoutScatterIsAPoint) {
  const auto interval = bootstrap_log10_energy_at_100_percent(nested_logarithm(8.0, 7.5, 70.0),
                                                              {.resamples = 50, .seed = 3});
  const double exact = (std::exp(30.0 / 8.0) - 7.5) / std::log(10.0);
  EXPECT_NEAR(exact, *interval->low, 1e-4);
  EXPECT_NEAR(exact, *interval->high, 1e-4);
}

TEST(BootstrapTest, LeavesTheEndOpenThatCurvesNeverReach) {
  const Points falling = points_of([](double log_energy) { return 60.0 - 3.0 * log_energy; });
  const auto interval =
      bootstrap_log10_energy_at_100_percent(falling, {.resamples = 50, .seed = 3});
  EXPECT_FALSE(interval->low);
  EXPECT_FALSE(interval->high);
}

TEST(BootstrapTest, IsUndefinedWhereMostResamplesHaveNoFit) {
  // Of four points, one resample in eleven has all four.
  const Points good = nested_logarithm(8.0, 7.5, 70.0);
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent(Points(good.begin(), good.begin() + 4)));
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent({}));
  EXPECT_FALSE(bootstrap_log10_energy_at_100_percent(good, {.resamples = 0, .seed = 1}));
}

}  // namespace
}  // namespace wattfor::returns_bootstrap_test
