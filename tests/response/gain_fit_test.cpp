#include "response/gain_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "simulation/random.h"

namespace wattfor::gain_fit_test {
namespace {

TEST(GainFitTest, ALineIsFoundExactly) {
  std::vector<LoadLevel> levels;
  for (const double p : {60.0, 108.0, 156.0, 204.0, 252.0, 300.0}) {
    levels.push_back({Watts(p), Watts(1.05 * p - 6.0)});
  }
  const auto fit = fit_gain(levels);
  ASSERT_TRUE(fit);
  EXPECT_NEAR(1.05, fit->gain.value, 1e-12);
  EXPECT_NEAR(-6.0, fit->offset.value.value(), 1e-9);
  EXPECT_NEAR(0.0, fit->gain.standard_error, 1e-6);
  EXPECT_NEAR(1.0, fit->explained, 1e-12);
}

// Of 400 fits to noisy levels, the errors are as large as they say.
TEST(GainFitTest, TheStandardErrorsAreThoseOfTheScatter) {
  Random random(1);
  double gains = 0.0;
  double offsets = 0.0;
  constexpr int fits = 400;
  for (int i = 0; i < fits; ++i) {
    std::vector<LoadLevel> levels;
    for (int level = 0; level < 12; ++level) {
      const double p = 60.0 + 20.0 * level;
      levels.push_back({Watts(p), Watts(0.95 * p + 3.0 + 0.5 * random.normal())});
    }
    const auto fit = fit_gain(levels);
    ASSERT_TRUE(fit);
    gains += std::pow((fit->gain.value - 0.95) / fit->gain.standard_error, 2.0) / fits;
    offsets +=
        std::pow((fit->offset.value.value() - 3.0) / fit->offset.standard_error.value(), 2.0) /
        fits;
  }
  EXPECT_NEAR(1.1, std::sqrt(gains), 0.15);  // t with 10 degrees of freedom: √(10/8)
  EXPECT_NEAR(1.1, std::sqrt(offsets), 0.15);
}

TEST(GainFitTest, WhatDoesNotMoveTellsNoGain) {
  EXPECT_FALSE(fit_gain(std::vector<LoadLevel>(6, {Watts(60.0), Watts(61.0)})));
  EXPECT_FALSE(fit_gain(std::vector<LoadLevel>{
      {Watts(1.0), Watts(1.0)}, {Watts(2.0), Watts(2.0)}, {Watts(3.0), Watts(3.0)}}));
}

TEST(GainFitTest, AReferenceOfSomethingElseExplainsLittle) {
  const std::vector<LoadLevel> levels{{Watts(60), Watts(50)},  {Watts(61), Watts(300)},
                                      {Watts(62), Watts(40)},  {Watts(61), Watts(200)},
                                      {Watts(60), Watts(310)}, {Watts(62), Watts(90)}};
  const auto fit = fit_gain(levels);
  ASSERT_TRUE(fit);
  EXPECT_LT(fit->explained, 0.5);
}

}  // namespace
}  // namespace wattfor::gain_fit_test
