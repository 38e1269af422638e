#include "response/quantum.h"

#include <gtest/gtest.h>

#include <vector>

#include "simulation/random.h"

namespace wattfor::quantum_test {
namespace {

std::vector<Update> readings(const std::vector<double>& values) {
  std::vector<Update> result;
  for (const double value : values) {
    result.push_back({Seconds(0.1 * static_cast<double>(result.size())), Watts(value)});
  }
  return result;
}

TEST(QuantumTest, IsTheCommonStepThoughNoTwoReadingsAreThatClose) {
  // Differences of 2, 3 and 5 steps of 0.25 W.
  EXPECT_DOUBLE_EQ(0.25, *quantum_of(readings({60.0, 60.5, 61.25, 62.5})));
}

TEST(QuantumTest, ForgivesTheRoundingOfDecimalText) {
  // 56.38 − 56.12 is 0.26000000000000512.
  EXPECT_NEAR(0.01, *quantum_of(readings({56.12, 56.38, 60.42, 180.27, 179.9, 56.13})), 1e-12);
}

TEST(QuantumTest, DoesNotMindAnOffset) {
  EXPECT_NEAR(0.5, *quantum_of(readings({60.123, 60.623, 62.123, 61.623})), 1e-9);
}

TEST(QuantumTest, IsFoundInEveryGridOfRandomSteps) {
  Random random(1);
  for (const double quantum : {0.001, 0.0625, 0.3, 1.0, 7.5}) {
    std::vector<double> values;
    for (int i = 0; i < 200; ++i) {
      values.push_back(quantum * std::floor(random.uniform(0.0, 400.0 / quantum)));
    }
    EXPECT_NEAR(quantum, *quantum_of(readings(values)), 1e-6 * quantum);
  }
}

TEST(QuantumTest, IsUnknownWhereReadingsHaveNoStep) {
  Random random(1);
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(random.uniform(50.0, 300.0));
  EXPECT_FALSE(quantum_of(readings(values)));
}

TEST(QuantumTest, IsUnknownOfTooFewValues) {
  EXPECT_FALSE(quantum_of({}));
  EXPECT_FALSE(quantum_of(readings({1.0, 1.0, 2.0, 1.0})));
}

}  // namespace
}  // namespace wattfor::quantum_test
