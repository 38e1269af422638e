#include "response/identify.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "response/update_times.h"
#include "simulated_calibration.h"
#include "simulation/waveforms.h"

namespace wattfor::identify_test {
namespace {

double ms(Seconds duration) { return 1e3 * duration.count(); }

std::string text_of(const Identification& found) {
  std::string text = found.kind ? std::string(name_of(*found.kind)) : "no kind";
  for (const auto& note : found.notes) text += "\n  " + note;
  return text;
}

// The board of the study whose gain and offset were found to be these.
SensorModel part_time_gauge() {
  return {
      .kernel = {.kind = ResponseKind::boxcar, .window = Seconds(0.025), .delay = Seconds(0.003)},
      .update_period = Seconds(0.1003),
      .phase = Seconds(0.0417),
      .period_jitter = Seconds(0.0005),
      .gain = 0.9454,
      .offset = Watts(-1.18),
      .noise = Watts(0.5),
      .quantum = 0.01};
}

TEST(IdentifyTest, TellsThePeriodToATenthOfAPerCentFromTenSecondsOfFastPolling) {
  double squares = 0.0;
  double errors = 0.0;
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    Random random(100 + round);
    PowerCourse power(Seconds(0.0), Watts(60.0));
    add_square(power, Seconds(10.0), Watts(300.0), Watts(60.0), Seconds(0.02));
    const auto polls = polls_of(power, part_time_gauge(), Seconds(0.005), random);
    const auto lattice = fit_lattice(changes_of(polls));
    ASSERT_TRUE(lattice);
    EXPECT_NEAR(100.3, ms(lattice->period), 0.1) << round;
    squares += std::pow(ms(lattice->period) - 100.3, 2.0);
    errors += ms(lattice->period_error);
  }
  EXPECT_LT(std::sqrt(squares / rounds), 0.01);
  EXPECT_NEAR(1.0, errors / rounds / std::sqrt(squares / rounds), 0.5);
}

TEST(IdentifyTest, TellsWindowAndDelayToAMillisecondFromSixtyMarkedSteps) {
  constexpr int rounds = rounds_of(100);
  double windows = 0.0;
  double delays = 0.0;
  double window_errors = 0.0;
  for (int round = 1; round <= rounds; ++round) {
    Random random(static_cast<std::uint64_t>(round));
    const auto load = stepped_load(60, Seconds(0.5), Seconds(0.6), Seconds(0.0), random);
    const auto polls = polls_of(load.power, part_time_gauge(), Seconds(0.002), random);
    const auto found = identify_from_load(polls, load.marks);
    ASSERT_EQ(ResponseKind::boxcar, found.kind) << text_of(found);
    const SensorProfile& profile = found.profile;
    // 1 ms is about three standard errors.
    EXPECT_NEAR(25.0, ms(profile.window->value), 1.2) << round;
    EXPECT_NEAR(3.0, ms(profile.delay->value), 1.2) << round;
    EXPECT_NEAR(100.3, ms(profile.update_period->value), 0.1);
    EXPECT_NEAR(0.249, profile.attention->value, 0.012);
    EXPECT_NEAR(0.01, *profile.quantum, 1e-9);
    windows += std::pow(ms(profile.window->value) - 25.0, 2.0) / rounds;
    delays += std::pow(ms(profile.delay->value) - 3.0, 2.0) / rounds;
    window_errors += ms(profile.window->standard_error) / rounds;
  }
  EXPECT_LT(std::sqrt(windows), 0.6);
  EXPECT_LT(std::sqrt(delays), 0.6);
  EXPECT_LT(std::sqrt(windows), 1.5 * window_errors);
}

SensorModel random_sensor(Random& random, ResponseKind kind, Seconds poll) {
  SensorModel sensor{.update_period = Seconds(random.uniform(0.015, 0.12)),
                     .phase = Seconds(random.uniform(0.0, 0.1)),
                     .period_jitter = Seconds(0.0005),
                     .gain = random.uniform(0.9, 1.1),
                     .offset = Watts(random.uniform(-12.0, 12.0)),
                     .noise = Watts(random.uniform(0.5, 2.0)),
                     .quantum = std::pow(10.0, random.uniform(-2.0, 0.0))};
  sensor.kernel = {.kind = kind, .delay = Seconds(random.uniform(0.0, 0.02))};
  const auto logarithmic = [&](double low, double high) {
    return Seconds(low * std::pow(high / low, random.uniform()));
  };
  if (kind == ResponseKind::boxcar) {
    sensor.kernel.window = logarithmic(5.0 * poll.count(), 1.0);
  } else if (kind == ResponseKind::exponential) {
    sensor.kernel.time_constant = logarithmic(0.015, 0.5);
  }
  return sensor;
}

struct Deviations {
  double squares = 0.0;
  double greatest = 0.0;
  int count = 0;
  void add(double value) {
    squares += value * value;
    greatest = std::max(greatest, std::abs(value));
    ++count;
  }
  double usual() const { return std::sqrt(squares / std::max(1, count)); }
};

// What 200 sensors, a third of each kind, are found to be. Their errors are told in the standard
// errors that came with them.
TEST(IdentifyTest, TellsTheKindOfTwoHundredRandomSensors) {
  constexpr std::array kinds{ResponseKind::instantaneous, ResponseKind::boxcar,
                             ResponseKind::exponential};
  constexpr Seconds poll{0.002};
  constexpr std::size_t sensors = rounds_of(200);
  std::size_t right = 0;
  Deviations widths;
  Deviations delays;
  for (std::size_t i = 0; i < sensors; ++i) {
    Random random(1000 + i);
    const SensorModel sensor = random_sensor(random, kinds[i % 3], poll);
    const Seconds rise(random.uniform(0.0, 0.005));
    const auto load = stepped_load(60, Seconds(0.3), Seconds(0.7), rise, random);
    const auto polls = polls_of(load.power, sensor, poll, random);
    const auto found = identify_from_load(polls, load.marks);
    EXPECT_EQ(sensor.kernel.kind, found.kind.value_or(ResponseKind::counter)) << fmt::format(
        "sensor {}: T {:.1f} W {:.1f} tau {:.1f} rise {:.1f} ms: {}", i, ms(sensor.update_period),
        ms(sensor.kernel.window), ms(sensor.kernel.time_constant), ms(rise), text_of(found));
    if (found.kind != sensor.kernel.kind) continue;
    ++right;
    const Kernel kernel = found.profile.kernel();
    delays.add((kernel.delay - sensor.kernel.delay) / found.profile.delay->standard_error);
    if (kernel.kind == ResponseKind::instantaneous) continue;
    const auto& width =
        kernel.kind == ResponseKind::boxcar ? found.profile.window : found.profile.time_constant;
    widths.add((width->value - width_of(sensor.kernel)) / width->standard_error);
  }
  EXPECT_EQ(sensors, right);
  // Of the few that a sanitizer leaves time for, any spread is chance.
  if (sensors > 100) {
    EXPECT_NEAR(1.0, widths.usual(), 0.5);
  }
  EXPECT_LT(widths.greatest, 4.5);
  EXPECT_LT(delays.usual(), 1.5);
}

TEST(IdentifyTest, TellsGainAndOffsetAgainstAReference) {
  Random random(7);
  const auto load = stepped_load(30, Seconds(0.3), Seconds(0.7), Seconds(0.004), random);
  const auto polls = polls_of(load.power, part_time_gauge(), Seconds(0.002), random);
  const auto found = identify_from_reference(polls, load.power);
  ASSERT_EQ(ResponseKind::boxcar, found.kind) << text_of(found);
  EXPECT_NEAR(25.0, ms(found.profile.window->value), 1.0);
  EXPECT_NEAR(3.0, ms(found.profile.delay->value), 1.0);
  EXPECT_NEAR(0.9454, found.profile.gain->value, 0.002);
  EXPECT_NEAR(-1.18, found.profile.offset->value.value(), 0.3);
  EXPECT_LT(std::abs(found.profile.gain->value - 0.9454), 3.0 * found.profile.gain->standard_error);
}

// What the published study could not do against an assumed square: power that is not flat.
TEST(IdentifyTest, TellsTheWindowOfALoadWithoutSteadyLevelsFromTheReference) {
  Random random(8);
  PowerCourse power(Seconds(0.5), Watts(60.0));
  add_token_decoding(power, Seconds(20.0), Watts(300.0), Watts(60.0), random);
  SensorModel sensor = part_time_gauge();
  sensor.kernel.window = Seconds(0.1);
  const auto found =
      identify_from_reference(polls_of(power, sensor, Seconds(0.002), random), power);
  ASSERT_EQ(ResponseKind::boxcar, found.kind) << text_of(found);
  EXPECT_NEAR(100.0, ms(found.profile.window->value), 2.0);
  EXPECT_NEAR(0.9454, found.profile.gain->value, 0.01);
}

TEST(IdentifyTest, KeepsTheReadingsOfEachStepForAFigure) {
  Random random(9);
  const auto load = stepped_load(20, Seconds(0.3), Seconds(0.7), Seconds(0.0), random);
  const auto found = identify_from_load(
      polls_of(load.power, part_time_gauge(), Seconds(0.002), random), load.marks);
  ASSERT_GT(found.points.size(), 20u) << text_of(found);
  for (const StepPoint& point : found.points) {
    const double expected = step_response(found.profile.kernel(), point.age);
    EXPECT_NEAR(expected, point.share, 0.15) << point.age.count();
  }
}

}  // namespace
}  // namespace wattfor::identify_test
