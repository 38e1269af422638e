#include "analysis/epoch_variation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "analysis/variance_sum.h"
#include "simulation/random.h"

namespace wattfor::epoch_variation_test {
namespace {

// Epochs of 100 J that are off by 1 % at random; `level` says what of it each takes.
template <class Level>
EpochEnergies epochs_of(int count, Level level, Random& random) {
  EpochEnergies epochs;
  for (int k = 0; k < count; ++k) {
    epochs.push_back(100.0 * level(k) * (1.0 + 0.01 * random.normal()));
  }
  return epochs;
}

std::size_t warm_up_of(EpochEnergies run) {
  return warm_up_epochs(std::vector<EpochEnergies>{std::move(run)});
}

TEST(WarmUpTest, IsTheFirstEpochsThatAreOffTheOthers) {
  EXPECT_EQ(1U, warm_up_of({150.0, 100.2, 99.9, 100.1, 99.8, 100.0}));
  EXPECT_EQ(2U, warm_up_of({150.0, 120.0, 100.2, 99.9, 100.1, 99.8, 100.0}));
  EXPECT_EQ(1U, warm_up_of({70.0, 100.2, 99.9, 100.1, 99.8, 100.0}));
  EXPECT_EQ(0U, warm_up_of({100.3, 100.2, 99.9, 100.1, 99.8, 100.0}));
  // Off the others, too, but not the first.
  EXPECT_EQ(0U, warm_up_of({100.3, 100.2, 99.9, 150.0, 99.8, 100.0}));
}

TEST(WarmUpTest, IsToldByAllRunsTogether) {
  // The rest of each, two epochs, would leave it open.
  const EpochEnergies one{104.0, 100.0, 100.4};
  const EpochEnergies other{1090.0, 1002.0, 1000.0};
  EXPECT_EQ(0U, warm_up_of(one));
  EXPECT_EQ(1U, warm_up_epochs(std::vector<EpochEnergies>{one, other}));
}

TEST(WarmUpTest, IsNotToldOfTwoEpochsNorOfEqualOnes) {
  EXPECT_EQ(0U, warm_up_of({150.0, 100.0}));
  EXPECT_EQ(0U, warm_up_of({0.3, 0.1 + 0.2, 0.3, 0.3, 0.3, 0.3}));
  EXPECT_EQ(0U, warm_up_epochs({}));
}

TEST(WarmUpTest, IsFoundByChanceInFewLongRuns) {
  Random random(1);
  int found = 0;
  for (int i = 0; i < 1000; ++i) {
    found += warm_up_of(epochs_of(60, [](int) { return 1.0; }, random)) > 0 ? 1 : 0;
  }
  EXPECT_LE(found, 40);  // the level is 2 %
}

TEST(SteadyEpochsTest, AreRelativeToTheirMean) {
  const SteadyEpochs steady = steady_epochs({500.0, 90.0, 110.0}, 1);
  EXPECT_DOUBLE_EQ(100.0, steady.mean);
  ASSERT_EQ(2U, steady.deviations.size());
  EXPECT_NEAR(-0.1, steady.deviations[0], 1e-15);
  EXPECT_NEAR(0.1, steady.deviations[1], 1e-15);
  EXPECT_NEAR(0.02, steady.sum_of_squares(), 1e-15);
  EXPECT_TRUE(steady_epochs({500.0}, 1).deviations.empty());
}

TEST(AutocorrelationTest, OfFewEpochsIsWhatIsExpectedAndOfManyWhatTheySay) {
  Random random(2);
  const auto estimate = [&](double rho, int count) {
    EpochEnergies run;
    double error = random.normal();
    for (int k = 0; k < count; ++k) {
      run.push_back(100.0 + error);
      error = rho * error + std::sqrt(1.0 - rho * rho) * random.normal();
    }
    return autocorrelation(std::vector<SteadyEpochs>{steady_epochs(run, 0)});
  };
  EXPECT_NEAR(0.2, estimate(0.0, 3), 0.05);
  EXPECT_NEAR(0.6, estimate(0.6, 5000), 0.05);
  EXPECT_NEAR(0.0, estimate(0.0, 5000), 0.05);
  EXPECT_EQ(0.0, estimate(-0.5, 5000));
  EXPECT_DOUBLE_EQ(0.2, autocorrelation(std::vector<SteadyEpochs>{steady_epochs({1.0}, 0)}));
}

TEST(VarianceInflationTest, IsThatOfASumOfNeighbours) {
  EXPECT_DOUBLE_EQ(1.0, variance_inflation(7.0, 0.0));
  EXPECT_NEAR(1.0, variance_inflation(1.0, 0.3), 1e-15);
  // 1 + 2·(2/3·0.3 + 1/3·0.09)
  EXPECT_NEAR(1.46, variance_inflation(3.0, 0.3), 1e-14);
  EXPECT_NEAR(1.3 / 0.7, variance_inflation(1e9, 0.3), 1e-8);
}

TEST(EpochTrendTest, SaysByHowMuchEachEpochRisesOrFalls) {
  const auto rising = epoch_trend(steady_epochs({98.0, 99.0, 100.1, 100.9, 102.0}, 0));
  ASSERT_TRUE(rising);
  // Least squares give 0.99 J an epoch about the mean of 100 J.
  EXPECT_NEAR(0.0099, rising->per_epoch, 1e-12);
  EXPECT_LT(rising->standard_error, 0.001);
  EXPECT_LT(epoch_trend(steady_epochs({104.0, 102.1, 99.9, 98.0, 96.0}, 0))->per_epoch, 0.0);
  EXPECT_FALSE(epoch_trend(steady_epochs({100.0, 101.0, 99.5, 100.2, 100.1}, 0)));
  EXPECT_FALSE(epoch_trend(steady_epochs({98.0, 99.0, 100.0}, 0)));
}

TEST(EpochTrendTest, IsFoundWhereThrottlingIsClearGradualOrAtOnce) {
  Random random(3);
  const auto found = [&](auto level) {
    int hits = 0;
    for (int i = 0; i < 1000; ++i) {
      const EpochEnergies run = epochs_of(20, level, random);
      hits += epoch_trend(steady_epochs(run, warm_up_of(run))) ? 1 : 0;
    }
    return hits;
  };
  EXPECT_GE(found([](int k) { return 1.0 + 0.005 * k; }), 900);
  EXPECT_GE(found([](int k) { return k < 10 ? 1.0 : 1.1; }), 900);
}

TEST(VarianceSumTest, TakesTheDegreesOfFreedomOfWelchAndSatterthwaite) {
  VarianceSum sum;
  sum.add({.variance = 3.0, .freedom = 2.0});
  sum.add({.variance = 1.0, .freedom = 5.0});
  EXPECT_DOUBLE_EQ(2.0, sum.deviation());
  // 16 / (9/2 + 1/5) = 3.404; t tables have 3.182 for 3 and 2.776 for 4.
  EXPECT_GT(sum.quantile(0.975), 2.0 * 2.776);
  EXPECT_LT(sum.quantile(0.975), 2.0 * 3.182);
  VarianceSum one;
  one.add({.variance = 4.0, .freedom = 4.0});
  EXPECT_NEAR(2.0 * 2.776445105, one.quantile(0.975), 1e-8);
  VarianceSum known;
  known.add({.variance = 4.0});
  EXPECT_NEAR(2.0 * 1.959963985, known.quantile(0.975), 1e-8);
  EXPECT_EQ(0.0, VarianceSum().quantile(0.975));
}

}  // namespace
}  // namespace wattfor::epoch_variation_test
