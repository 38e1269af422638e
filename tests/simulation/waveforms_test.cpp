#include "simulation/waveforms.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wattfor::waveforms_test {
namespace {

PowerCourse idling() { return {Seconds(0.0), Watts(60.0)}; }

TEST(WaveformsTest, ASquareWaveHasItsDutyAndPhase) {
  PowerCourse course = idling();
  add_square(course, Seconds(1.0), Watts(400.0), Watts(100.0), Seconds(0.1), 0.3);
  EXPECT_NEAR(course.energy(Seconds(0.0), Seconds(1.0)).value(), 0.3 * 400.0 + 0.7 * 100.0, 1e-9);
  EXPECT_EQ(course.power_at(Seconds(0.029)), Watts(400.0));
  EXPECT_EQ(course.power_at(Seconds(0.031)), Watts(100.0));

  PowerCourse late = idling();
  add_square(late, Seconds(1.0), Watts(400.0), Watts(100.0), Seconds(0.1), 0.3, 0.2);
  EXPECT_EQ(late.power_at(Seconds(0.009)), Watts(400.0));
  EXPECT_EQ(late.power_at(Seconds(0.011)), Watts(100.0));
  EXPECT_EQ(late.power_at(Seconds(0.081)), Watts(400.0));
}

TEST(WaveformsTest, TheLastPieceIsCutWhereTheDurationEnds) {
  PowerCourse course = idling();
  add_square(course, Seconds(0.12), Watts(400.0), Watts(100.0), Seconds(0.1));
  EXPECT_DOUBLE_EQ(course.end().count(), 0.12);
  EXPECT_NEAR(course.energy(Seconds(0.0), Seconds(0.12)).value(), 20.0 + 5.0 + 8.0, 1e-9);
}

TEST(WaveformsTest, ALadderStandsOnBothOfItsEnds) {
  PowerCourse course = idling();
  add_ladder(course, Seconds(5.0), Watts(100.0), Watts(300.0), 5);
  EXPECT_EQ(course.power_at(Seconds(0.5)), Watts(100.0));
  EXPECT_EQ(course.power_at(Seconds(2.5)), Watts(200.0));
  EXPECT_EQ(course.power_at(Seconds(4.5)), Watts(300.0));
}

TEST(WaveformsTest, ATrainingStepHasItsFourPhases) {
  PowerCourse course = idling();
  add_training_steps(course, Seconds(2.0), Watts(100.0), Watts(300.0), Seconds(1.0));
  EXPECT_EQ(course.power_at(Seconds(0.1)), Watts(260.0));
  EXPECT_EQ(course.power_at(Seconds(1.5)), Watts(300.0));
  EXPECT_EQ(course.power_at(Seconds(0.8)), Watts(190.0));
  EXPECT_NEAR(course.power_at(Seconds(1.95)).value(), 120.0, 1e-9);
}

TEST(WaveformsTest, TokensTakeTwentyToSixtyMillisecondsAndComeAgainFromTheSameSeed) {
  Random random(7);
  PowerCourse course = idling();
  add_token_decoding(course, Seconds(10.0), Watts(300.0), Watts(150.0), random);
  const auto edges = course.edges();
  for (std::size_t i = 0; i + 3 < edges.size(); i += 2) {
    const Seconds token = edges[i + 2] - edges[i];
    EXPECT_GE(token, Seconds(0.0199));
    EXPECT_LE(token, Seconds(0.0601));
  }
  Random again(7);
  PowerCourse same = idling();
  add_token_decoding(same, Seconds(10.0), Watts(300.0), Watts(150.0), again);
  EXPECT_EQ(same.energy(Seconds(0.0), Seconds(10.0)), course.energy(Seconds(0.0), Seconds(10.0)));
}

TEST(WaveformsTest, AWarmingChipDrawsMoreAndMore) {
  PowerCourse course = idling();
  add_thermal_ramp(course, Seconds(20.0), Watts(300.0), Watts(330.0), Seconds(5.0));
  EXPECT_NEAR(course.power_at(Seconds(5.0)).value(), 330.0 - 30.0 * std::exp(-1.0), 0.01);
  EXPECT_NEAR(course.power_at(Seconds(19.99)).value(), 330.0 - 30.0 * std::exp(-4.0), 0.01);
}

TEST(WaveformsTest, AThrottledLoadDrawsTooMuchUntilThatIsNoticed) {
  PowerCourse course = idling();
  add_throttling(course, Seconds(1.0), Watts(400.0), Watts(250.0), Seconds(0.2), Seconds(0.1));
  EXPECT_EQ(course.power_at(Seconds(0.1)), Watts(400.0));
  EXPECT_NEAR(course.energy(Seconds(0.2), Seconds(1.0)).value(), 0.8 * 250.0, 1e-9);
}

TEST(WaveformsTest, AFiniteRiseDelaysEnergyAndLosesNone) {
  PowerCourse sharp = idling();
  add_square(sharp, Seconds(1.0), Watts(400.0), Watts(100.0), Seconds(0.2));
  const PowerCourse soft = with_rise(sharp, Seconds(0.005));
  EXPECT_LT(soft.power_at(Seconds(0.001)), Watts(200.0));
  EXPECT_NEAR(soft.energy(Seconds(0.0), Seconds(2.0)).value(),
              sharp.energy(Seconds(0.0), Seconds(2.0)).value(), 0.2);
}

TEST(WaveformsTest, NoiseHasTheDeviationAndTheMeanThatWereAskedFor) {
  PowerCourse steady = idling();
  steady.then(Watts(300.0), Seconds(100.0));
  Random random(1);
  const PowerCourse noisy = with_noise(steady, Watts(15.0), Seconds(0.03), random);
  double squares = 0.0;
  for (const Watts power : noisy.powers()) {
    squares += (power.value() - 300.0) * (power.value() - 300.0);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(noisy.powers().size()));
  EXPECT_NEAR(deviation, 15.0, 1.0);
  EXPECT_NEAR(noisy.energy(Seconds(0.0), Seconds(100.0)).value(), 30000.0, 100.0);
}

}  // namespace
}  // namespace wattfor::waveforms_test
