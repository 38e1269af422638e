#include "response/error_budget.h"

#include <gtest/gtest.h>

#include <cmath>

#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"

namespace wattfor::error_budget_test {
namespace {

constexpr Kernel part_time{
    .kind = ResponseKind::boxcar, .window = Seconds(0.025), .delay = Seconds(0.003)};
constexpr Kernel full_time{
    .kind = ResponseKind::boxcar, .window = Seconds(0.1), .delay = Seconds(0.003)};
constexpr Kernel slow{
    .kind = ResponseKind::boxcar, .window = Seconds(1.0), .delay = Seconds(0.003)};

SensorProfile profile_of(const Kernel& kernel) {
  SensorProfile profile;
  profile.kind = kernel.kind;
  profile.window = Uncertain<Seconds>{.value = kernel.window};
  profile.delay = Uncertain<Seconds>{.value = kernel.delay, .standard_error = Seconds(0.001)};
  return profile;
}

// Steps of 90 ms between 380 and 150 W, idle at 60 W before and 90 W after.
PowerCourse shot(Seconds length, Random& random) {
  PowerCourse course(Seconds(0.0), Watts(60.0));
  add_square(course, length, Watts(380.0), Watts(150.0), Seconds(0.09), 0.7, random.uniform());
  course.finally(Watts(90.0));
  return course;
}

SensorModel sensor_of(const Kernel& kernel, Random& random) {
  SensorModel sensor;
  sensor.kernel = kernel;
  sensor.update_period = Seconds(0.1);
  sensor.phase = Seconds(random.uniform(0.0, 0.1));
  sensor.period_jitter = Seconds(0.0005);
  sensor.noise = Watts(1.0);
  return sensor;
}

PaddedEnergy padded_of(const PowerCourse& course, const SensorModel& sensor, Seconds length,
                       Random& random, const Padding& padding = Seconds(1.0)) {
  UpdateSeries series(sensor.update_period);
  for (const Publication& each :
       publications(course, sensor, Seconds(-4.0), length + Seconds(4.0), random)) {
    series.add(each.time, Watts(each.value));
  }
  return padded_energy(series, sensor.kernel, Seconds(0.0), length, padding);
}

WindowFacts facts_of(Seconds length) {
  return {.duration = length,
          .update_period = Seconds(0.1),
          .lowest = Watts(60.0),
          .highest = Watts(380.0),
          .most = Watts(400.0)};
}

bool holds(const std::optional<Interval>& interval, double value) {
  return interval->low <= value && value <= interval->high;
}

// A plain estimate of 100 J in 1 s with quiet levels.
PaddedEnergy plain() {
  PaddedEnergy padded;
  padded.energy = Joules(100.0);
  padded.seen = Seconds(1.0);
  padded.weight_before = padded.weight_after = Seconds(0.05);
  padded.before = padded.after = {
      .power = Watts(50.0), .deviation = Watts(0.0), .updates = 10, .nearest = Watts(50.0)};
  padded.updates = 11;
  return padded;
}

TEST(ErrorBudgetTest, UndoesGainAndOffset) {
  SensorProfile profile = profile_of(full_time);
  profile.gain = Uncertain<double>{.value = 0.95, .standard_error = 0.0};
  profile.offset = Uncertain<Watts>{.value = Watts(5.0), .standard_error = Watts(0.0)};
  const auto found = figure_of(plain(), profile, facts_of(Seconds(1.0)));
  EXPECT_NEAR(100.0, found->figure.energy.value(), 1e-9);  // (100 − 5)/0.95
  EXPECT_EQ(Joules(0.0), found->budget.gain);
  EXPECT_EQ(Joules(0.0), found->budget.offset);
}

TEST(ErrorBudgetTest, KeepsGainAndOffsetOutOfComparisons) {
  WindowFacts facts = facts_of(Seconds(1.0));
  facts.fall = Seconds(0.0);
  const auto found = figure_of(plain(), profile_of(full_time), facts);
  EXPECT_NEAR(1.96 * 3.7, found->budget.gain.value(), 1e-9);
  EXPECT_NEAR(1.96 * 6.0, found->budget.offset.value(), 1e-9);
  EXPECT_NEAR(std::hypot(1.96 * 3.7, 1.96 * 6.0), found->figure.absolute->high - 100.0, 0.01);
  EXPECT_NEAR(100.0, found->figure.comparison->high, 0.5);
}

// 100 W fall to 50 W: what flows meanwhile counts as the window's.
TEST(ErrorBudgetTest, ThePowersFallAfterTheWorkIsInBothIntervals) {
  WindowFacts facts = facts_of(Seconds(1.0));
  facts.time_error = Seconds(0.0);
  facts.fall = Seconds(0.1);
  const auto found = figure_of(plain(), profile_of(full_time), facts);
  EXPECT_NEAR(1.96 * 50.0 * 0.1, found->budget.timing.value(), 0.1);
  EXPECT_GE(found->figure.comparison->high, 100.0 + 1.96 * 5.0);
}

// Work that ended in the second before the window shows in the last update before it alone: 40 W
// above the others of what flowed in a second, of which all may be taken for the window's.
TEST(ErrorBudgetTest, WorkBesideTheWindowIsInItsInterval) {
  SensorProfile profile;
  profile.kind = ResponseKind::boxcar;
  profile.window = Uncertain<Seconds>{.value = Seconds(1.0)};
  PaddedEnergy padded = plain();
  EXPECT_EQ(Joules(0.0), figure_of(padded, profile, facts_of(Seconds(1.0)))->budget.levels);
  padded.before.nearest = Watts(90.0);
  EXPECT_NEAR(40.0, figure_of(padded, profile, facts_of(Seconds(1.0)))->budget.levels.value(),
              1e-9);
}

// A window of one and a half updates over a load that keeps step: three quarters of what it says
// and a quarter of anything.
TEST(ErrorBudgetTest, BoundsWhatAWindowOfBrokenPeriodsDoesNotSee) {
  SensorProfile profile;
  profile.kind = ResponseKind::boxcar;
  profile.window = Uncertain<Seconds>{.value = Seconds(0.15)};
  PaddedEnergy padded = plain();
  padded.energy = Joules(200.0);
  WindowFacts facts = facts_of(Seconds(1.0));
  facts.update_period = Seconds(0.1);
  facts.lowest = Watts(100.0);
  facts.highest = Watts(400.0);
  const auto found = figure_of(padded, profile, facts);
  EXPECT_NEAR(0.25 * 200.0, found->budget.unattended_high.value(), 1e-9);
  EXPECT_NEAR(0.25 * 100.0, found->budget.unattended_low.value(), 1e-9);
}

TEST(ErrorBudgetTest, AGainThatWasCalibratedAloneHasTheOffsetInIt) {
  SensorProfile profile = profile_of(full_time);
  profile.gain = Uncertain<double>{.value = 1.0, .standard_error = 0.01};
  EXPECT_EQ(Joules(0.0), figure_of(plain(), profile, facts_of(Seconds(1.0)))->budget.offset);
}

TEST(ErrorBudgetTest, HasNoFigureWhereHalfOfTheWindowWasNotSeen) {
  PaddedEnergy padded = plain();
  padded.unseen = Seconds(0.6);
  EXPECT_FALSE(figure_of(padded, profile_of(full_time), facts_of(Seconds(1.0))));
  EXPECT_FALSE(figure_of(PaddedEnergy{}, profile_of(full_time), facts_of(Seconds(1.0))));
  EXPECT_FALSE(figure_of(plain(), profile_of(full_time), facts_of(Seconds(0.0))));
}

TEST(ErrorBudgetTest, BoundsWhatMayHaveFlowedInAGap) {
  PaddedEnergy padded = plain();
  padded.unseen = Seconds(0.2);
  // Between nothing and 400 W, at a mean of 100 W.
  EXPECT_NEAR(60.0,
              figure_of(padded, profile_of(full_time), facts_of(Seconds(1.0)))->budget.gaps.value(),
              1e-9);
  // An update that is missing at the window's edge is a gap too.
  padded = plain();
  padded.seen = Seconds(0.8);
  const auto found = figure_of(padded, profile_of(full_time), facts_of(Seconds(1.0)));
  EXPECT_NEAR(125.0, found->figure.energy.value(), 1e-9);
  EXPECT_NEAR(0.2 * 275.0, found->budget.gaps.value(), 1e-9);
}

TEST(ErrorBudgetTest, IsWiderWithoutIdleBesideTheWindow) {
  Random random(2);
  const Seconds length(2.0);
  const PowerCourse course = shot(length, random);
  const SensorModel sensor = sensor_of(slow, random);
  const auto levels = [&](const Padding& padding) {
    return figure_of(padded_of(course, sensor, length, random, padding), profile_of(slow),
                     facts_of(length))
        ->budget.levels.value();
  };
  EXPECT_GT(levels(Seconds(0.0)), 10.0 * levels(Seconds(1.0)));
}

TEST(ErrorBudgetTest, BoundsWhatALoadInStepHidesFromAPartTimeGauge) {
  // On while the gauge looks, off while it does not.
  PowerCourse course(Seconds(0.0), Watts(60.0));
  add_square(course, Seconds(2.0), Watts(380.0), Watts(60.0), Seconds(0.1), 0.25);
  Random random(1);
  SensorModel sensor = sensor_of(part_time, random);
  sensor.phase = Seconds(0.028);
  sensor.period_jitter = Seconds(0.0);
  const double truth = course.energy(Seconds(0.0), Seconds(2.0)).value();
  const auto found = figure_of(padded_of(course, sensor, Seconds(2.0), random),
                               profile_of(part_time), facts_of(Seconds(2.0)));
  EXPECT_GT(found->figure.energy.value(), 2.0 * truth);
  EXPECT_TRUE(holds(found->figure.comparison, truth));
  EXPECT_TRUE(holds(found->figure.absolute, truth));
}

// The share of single shots of random length whose energy lies in the interval, in %, and the
// root mean square of the errors with and without holding the energy against what was seen.
struct Shots {
  double covered_percent = 0.0;
  double compared_percent = 0.0;
  double error_percent = 0.0;
  double plain_error_percent = 0.0;
};

Shots simulate(const Kernel& kernel, double seconds) {
  constexpr int count = 400;
  Random random(7);
  Shots shots;
  for (int i = 0; i < count; ++i) {
    const Seconds length(seconds * random.uniform(0.8, 1.2));
    const PowerCourse course = shot(length, random);
    SensorModel sensor = sensor_of(kernel, random);
    const auto same_board = padded_of(course, sensor, length, random);
    sensor.gain = 1.0 + prior_gain_uncertainty * random.normal();
    sensor.offset = random.normal() * prior_offset_uncertainty;
    const auto some_board = padded_of(course, sensor, length, random);
    const double truth = course.energy(Seconds(0.0), length).value();
    const auto compared = figure_of(same_board, profile_of(kernel), facts_of(length));
    const auto absolute = figure_of(some_board, profile_of(kernel), facts_of(length));
    shots.compared_percent += 100.0 / count * holds(compared->figure.comparison, truth);
    shots.covered_percent += 100.0 / count * holds(absolute->figure.absolute, truth);
    const double error = compared->figure.energy.value() / truth - 1.0;
    const double plain_error = same_board.energy.value() / truth - 1.0;
    shots.error_percent += error * error / count;
    shots.plain_error_percent += plain_error * plain_error / count;
  }
  shots.error_percent = 100.0 * std::sqrt(shots.error_percent);
  shots.plain_error_percent = 100.0 * std::sqrt(shots.plain_error_percent);
  return shots;
}

TEST(ErrorBudgetTest, CoversNineteenOfTwentySingleShots) {
  for (const Kernel& kernel : {part_time, full_time, slow}) {
    for (const double seconds : {0.5, 2.0}) {
      const Shots shots = simulate(kernel, seconds);
      EXPECT_GE(shots.covered_percent, 93.0) << kernel.window.count() << " " << seconds;
      EXPECT_GE(shots.compared_percent, 93.0) << kernel.window.count() << " " << seconds;
    }
  }
}

TEST(ErrorBudgetTest, IsNearerByWhatWasSeenThanByTheLengthOfTheUpdates) {
  const Shots half = simulate(part_time, 0.5);
  EXPECT_LT(half.error_percent, 0.97 * half.plain_error_percent);
  const Shots whole = simulate(part_time, 1.0);
  EXPECT_LT(whole.error_percent, 0.8 * whole.plain_error_percent);
  const Shots attentive = simulate(full_time, 0.5);
  EXPECT_LT(attentive.error_percent, attentive.plain_error_percent);
}

}  // namespace
}  // namespace wattfor::error_budget_test
