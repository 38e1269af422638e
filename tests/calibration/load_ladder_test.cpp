#include "calibration/load_ladder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "simulated_steps.h"
#include "support/text.h"

namespace wattfor::load_ladder_test {
namespace {

constexpr auto two_sensors =
    R"({"seed": 3, "load": {"idle_w": 60, "high_w": 300},
        "sensors": [{"id": "gauge", "window_s": 0.025, "gain": 1.05, "offset_w": -6, "noise_w": 0.5},
                    {"id": "counter", "kind": "counter", "update_period_s": 0.02}]})";

class LoadLadderTest : public testing::Test {
 protected:
  std::optional<std::vector<LoadLevel>> record(double until = 2.0) {
    const auto load_of = [this](double share) {
      shares_.push_back(share);
      return std::make_unique<test::SimulatedSteps>(*world_.simulation.load, *world_.clock, share);
    };
    test::SimulatedRecording bounded("{\"sensors\": [{}]}", until);
    RecordingHost host = world_.host;
    host.go_on = bounded.host.go_on;
    return record_ladder(world_.sensor(0), world_.sensor(1), load_of, {}, host);
  }

  test::SimulatedRecording world_{two_sensors};
  std::vector<double> shares_;
};

TEST_F(LoadLadderTest, GoesUpAndDownAgainInSixLevels) {
  const auto levels = record();
  ASSERT_TRUE(levels);
  EXPECT_EQ(shares_, (std::vector{0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 0.8, 0.6, 0.4, 0.2}));
  ASSERT_EQ(levels->size(), 12U);
  for (std::size_t i = 0; i < 12; ++i) {
    const double power = 60.0 + 48.0 * static_cast<double>(i < 6 ? i : 11 - i);
    EXPECT_NEAR((*levels)[i].reference.value(), power, 0.3);
    EXPECT_NEAR((*levels)[i].sensor.value(), 1.05 * power - 6.0, 1.0);
  }
}

TEST_F(LoadLadderTest, GainAndOffsetAreToldAgainstACounterOfTheSameDevice) {
  const auto levels = record();
  ASSERT_TRUE(levels);
  SensorInfo exact = world_.sensor(1).info();
  exact.calibration->gain = Uncertain<double>{1.0, 0.001};
  exact.calibration->offset = Uncertain<Watts>{};
  SensorProfile profile;
  const std::string note = take_gain(*levels, exact, world_.sensor(0).info(), profile);
  EXPECT_NEAR(profile.gain->value, 1.05, 0.003);
  EXPECT_LT(profile.gain->standard_error, 0.003);
  EXPECT_NEAR(profile.offset->value.value(), -6.0, 0.6);
  EXPECT_LT(profile.offset->standard_error, Watts(0.5));
  EXPECT_TRUE(test::has_text(note, "± 0.1 %"));
}

TEST_F(LoadLadderTest, AReferencesOwnCalibrationIsTakenOff) {
  const auto levels = record();
  SensorInfo wrong = world_.sensor(1).info();
  wrong.calibration->gain = Uncertain<double>{0.9, 0.009};
  wrong.calibration->offset = Uncertain<Watts>{Watts(2.0), Watts(1.0)};
  SensorProfile profile;
  take_gain(*levels, wrong, world_.sensor(0).info(), profile);
  EXPECT_NEAR(profile.gain->value, 1.05 * 0.9, 0.003);
  EXPECT_NEAR(profile.gain_uncertainty(), 0.01, 0.001);
  EXPECT_NEAR(profile.offset->value.value(), -6.0 + 1.05 * 2.0, 0.6);
  EXPECT_GT(profile.offset->standard_error, Watts(1.0));
}

TEST_F(LoadLadderTest, OfAMeterThatSeesMoreOnlyTheGainIsTold) {
  const auto levels = record();
  SensorInfo wall = world_.sensor(1).info();
  wall.domain = Domain::wall;
  SensorProfile profile;
  const std::string note = take_gain(*levels, wall, world_.sensor(0).info(), profile);
  EXPECT_NEAR(profile.gain->value, 1.05, 0.003);
  EXPECT_EQ(profile.offset->value, Watts(0.0));
  EXPECT_EQ(profile.offset->standard_error, prior_offset_uncertainty);
  EXPECT_TRUE(test::has_text(note, "the supply loses"));
}

TEST_F(LoadLadderTest, AReferenceOfSomethingElseTellsNothing) {
  auto levels = *record();
  for (std::size_t i = 0; i < levels.size(); ++i) {
    levels[i].reference = Watts(100.0 + static_cast<double>(i % 3));
  }
  SensorProfile profile;
  const std::string note =
      take_gain(levels, world_.sensor(1).info(), world_.sensor(0).info(), profile);
  EXPECT_FALSE(profile.gain);
  EXPECT_FALSE(profile.offset);
  EXPECT_TRUE(test::has_text(note, "is it of this device?"));
  EXPECT_TRUE(test::has_text(
      take_gain({}, world_.sensor(1).info(), world_.sensor(0).info(), profile), "0 levels"));
}

TEST_F(LoadLadderTest, OneThatIsEndedTellsNothing) { EXPECT_FALSE(record(0.3)); }

}  // namespace
}  // namespace wattfor::load_ladder_test
