#include "bench/stopping_rule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace wattfor::stopping_rule_test {
namespace {

TEST(StoppingRuleTest, WantsFourReplicatesHoweverEqual) {
  StoppingRule rule(0.01);
  for (int i = 0; i < 3; ++i) rule.add(2.0);
  EXPECT_TRUE(rule.within_target());
  EXPECT_FALSE(rule.satisfied());
  rule.add(2.0);
  EXPECT_TRUE(rule.satisfied());
}

TEST(StoppingRuleTest, ComparesStudentsHalfWidthWithTheTarget) {
  // Mean 10, s = 0.0816497, half-width 3.18245 · s / √4 = 0.12992: 1.2992 %.
  const double values[] = {9.9, 10.0, 10.1, 10.0};
  StoppingRule loose(0.013);
  StoppingRule tight(0.0129);
  for (const double value : values) {
    loose.add(value);
    tight.add(value);
  }
  EXPECT_TRUE(loose.satisfied());
  EXPECT_FALSE(tight.satisfied());
  EXPECT_NEAR(loose.mean()->half_width, 0.12992, 1e-5);
}

TEST(StoppingRuleTest, OneReplicateSaysNothing) {
  StoppingRule rule(0.5);
  rule.add(1.0);
  EXPECT_FALSE(rule.within_target());
  EXPECT_FALSE(rule.mean().has_value());
}

// Looking after every replicate is no independent sample any more: this counts what it costs.
TEST(StoppingRuleTest, ItsIntervalHoldsTheTruthWhateverTheNoise) {
  constexpr int trials = 2000;
  constexpr double truth = 5.0;
  std::mt19937_64 random(20240607);
  for (const double noise : {0.003, 0.006, 0.01, 0.02}) {
    for (const int most : {6, 30}) {
      std::normal_distribution<double> replicate(truth, noise * truth);
      int covered = 0;
      for (int trial = 0; trial < trials; ++trial) {
        StoppingRule rule(0.01);
        while (!rule.satisfied() && rule.replicates() < most) rule.add(replicate(random));
        const auto estimate = *rule.mean();
        covered += std::abs(estimate.mean - truth) <= estimate.half_width ? 1 : 0;
      }
      EXPECT_GE(covered, 0.9 * trials) << "noise " << noise << ", at most " << most;
      RecordProperty("coverage", covered);
    }
  }
}

}  // namespace
}  // namespace wattfor::stopping_rule_test
