// What a part-time gauge tells of launches, all runs of a set together.

#include "response/gauge_estimator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "measurement/replicates.h"
#include "response/launch_phases.h"
#include "simulation/sensor_stream.h"

namespace wattfor::gauge_estimator_test {
namespace {

constexpr Seconds period{0.1};
constexpr Watts idle{60.0};
constexpr PowerBounds bounds{.lowest = Watts(0.0), .highest = Watts(450.0), .most = Watts(450.0)};

constexpr Kernel boxcar(double window, double delay = 0.0) {
  return {.kind = ResponseKind::boxcar, .window = Seconds(window), .delay = Seconds(delay)};
}
constexpr Kernel rc(double time_constant) {
  return {.kind = ResponseKind::exponential, .time_constant = Seconds(time_constant)};
}

struct Stretch {
  Watts power;
  Seconds duration;
};

// What a run does: the same batches, but that the first and the last may draw another share.
struct Work {
  std::vector<Stretch> batch;
  int batches = 3;
  double first = 1.0;
  double last = 1.0;
};
Work halves(double batch, int batches = 3) {
  return {.batch = {{Watts(400.0), Seconds(0.5 * batch)}, {Watts(100.0), Seconds(0.5 * batch)}},
          .batches = batches};
}

SensorProfile profile_of(const Kernel& kernel) {
  SensorProfile profile;
  profile.kind = kernel.kind;
  if (kernel.kind == ResponseKind::boxcar) profile.window = {.value = kernel.window};
  if (kernel.kind == ResponseKind::exponential) {
    profile.time_constant = {.value = kernel.time_constant};
  }
  return profile;
}

GaugeEstimator estimator_of(const SensorProfile& profile) {
  return {profile, period, Seconds(0.0), Seconds(0.4)};
}

// A set of launches, at stratified moments of the updates.
struct Set {
  std::vector<std::vector<Seconds>> edges;
  UpdateSeries updates{period};
  Joules each;  // of a run
};

void add_run(PowerCourse& course, const Work& work, Set& set) {
  std::vector<Seconds>& edges = set.edges.emplace_back();
  edges.push_back(course.end());
  for (int i = 0; i < work.batches; ++i) {
    double share = 1.0;
    if (i == 0) share = work.first;
    if (i + 1 == work.batches) share = work.last;
    for (const Stretch& stretch : work.batch) course.then(share * stretch.power, stretch.duration);
    edges.push_back(course.end());
  }
}

Set launches(const Work& work, const Kernel& kernel, Random& random) {
  Set set;
  PowerCourse course(Seconds(0.0), idle);
  course.then(idle, Seconds(1.0));
  const Seconds rest = estimator_of(profile_of(kernel)).rest();
  const Seconds first(random.uniform(0.0, period.count()));
  for (const Seconds phase :
       launch_phases(launches_a_replicate(kernel, period), period, random.uniform())) {
    const Seconds moment = first + phase + random.normal() * Seconds(0.0005);
    const double updates = std::ceil((course.end() + rest - moment) / period);
    course.then(idle, moment + updates * period - course.end());
    add_run(course, work, set);
  }
  course.finally(idle);
  set.each = course.energy(set.edges.front().front(), set.edges.front().back());
  const SensorModel gauge{.kernel = kernel,
                          .update_period = period,
                          .phase = first,
                          .period_jitter = Seconds(0.0005),
                          .noise = Watts(1.0)};
  for (const Publication& published :
       publications(course, gauge, Seconds(0.0), course.end() + Seconds(2.0), random)) {
    set.updates.add(published.time, Watts(published.value));
  }
  return set;
}

// The mean of a set's runs over the truth.
double told(const Set& set, const SensorProfile& profile) {
  const auto energies =
      estimator_of(profile).of_launches(set.updates, set.edges, bounds, Seconds(0.0));
  double sum = 0.0;
  for (const EstimatedEnergy& energy : energies) sum += energy.figure.energy / set.each;
  return sum / static_cast<double>(energies.size());
}

// Sweeps of four sets each.
struct Sweeps {
  double bias = 0.0;
  double half_width = 0.0;  // mean
  double held = 0.0;        // share
};

Sweeps sweeps_of(const Work& work, const Kernel& kernel, const SensorProfile& profile) {
  constexpr int sweeps = 100;
  constexpr int sets = 4;
  Random random(7);
  Sweeps result;
  for (int i = 0; i < sweeps; ++i) {
    std::vector<double> means;
    for (int k = 0; k < sets; ++k) means.push_back(told(launches(work, kernel, random), profile));
    const ReplicateMean mean = replicate_mean(means).value();
    result.bias += (mean.mean - 1.0) / sweeps;
    result.half_width += mean.half_width / sweeps;
    if (std::abs(mean.mean - 1.0) <= mean.half_width) result.held += 1.0 / sweeps;
  }
  return result;
}

void expect_true(const Sweeps& sweeps, const std::string& what) {
  EXPECT_LE(std::abs(sweeps.bias), 0.004) << what;
  EXPECT_GE(sweeps.held, 0.89) << what;
}

TEST(GaugeEstimatorTest, SetsOfLaunchesTellBatchesOfAnyLength) {
  for (const double batch : {0.005, 0.02, 0.05, 0.09, 0.1, 0.13, 0.2}) {
    const int batches = static_cast<int>(std::ceil(0.2 / batch));
    const Kernel kernel = boxcar(0.025);
    const Sweeps sweeps = sweeps_of(halves(batch, batches), kernel, profile_of(kernel));
    expect_true(sweeps, std::to_string(batch));
    EXPECT_LE(sweeps.half_width, 0.02) << batch;
  }
}

// What comes once in a run, at its edges, is seen as often as it is there.
TEST(GaugeEstimatorTest, WhatHappensAtTheEdgesOfARunCountsAsMuchAsItLasts) {
  const Kernel kernel = boxcar(0.025);
  const SensorProfile profile = profile_of(kernel);
  const Work tail{.batch = {{Watts(400.0), Seconds(0.285)}, {Watts(60.0), Seconds(0.015)}},
                  .batches = 1};
  expect_true(sweeps_of(tail, kernel, profile), "a batch that ends in a pause");
  const Work head{.batch = {{Watts(60.0), Seconds(0.02)}, {Watts(400.0), Seconds(0.28)}},
                  .batches = 1};
  expect_true(sweeps_of(head, kernel, profile), "a batch that begins with a pause");
  Work ramp = halves(0.09);
  ramp.first = 0.8;
  expect_true(sweeps_of(ramp, kernel, profile), "a first batch of less power");
  Work end = halves(0.09);
  end.last = 0.8;
  expect_true(sweeps_of(end, kernel, profile), "a last batch of less power");
}

TEST(GaugeEstimatorTest, AnRcFilterTellsLaunchesToo) {
  const Kernel kernel = rc(0.05);
  const SensorProfile profile = profile_of(kernel);
  expect_true(sweeps_of(halves(0.09), kernel, profile), "short batches");
  expect_true(sweeps_of(halves(1.0, 1), kernel, profile), "one long batch");
}

// The idle power is the same on both sides, so what one edge loses the other one gains.
TEST(GaugeEstimatorTest, ADelayThatNobodyKnowsShiftsNoEnergy) {
  const SensorProfile believed = profile_of(boxcar(0.025));
  for (const double delay : {0.01, 0.02}) {
    expect_true(sweeps_of(halves(0.09), boxcar(0.025, delay), believed), std::to_string(delay));
  }
}

TEST(GaugeEstimatorTest, EachRunsFigureHasItsErrorsAndWhatMayHaveFlowedUnseen) {
  Random random(3);
  const Kernel kernel = boxcar(0.025);
  const Set set = launches(halves(0.09), kernel, random);
  const auto energies =
      estimator_of(profile_of(kernel)).of_launches(set.updates, set.edges, bounds, Seconds(0.0));
  ASSERT_EQ(energies.size(), set.edges.size());
  for (const EstimatedEnergy& energy : energies) {
    EXPECT_LE(energy.figure.comparison->low, set.each.value());
    EXPECT_GE(energy.figure.comparison->high, set.each.value());
    const EnergyFigure looked = attended(energy.figure);
    EXPECT_GT(looked.comparison->high, looked.energy.value()) << "noise and timing remain";
    EXPECT_LT(energy.budget.levels / set.each, 0.005) << "of idle power that is known";
    EXPECT_LT(looked.comparison->high, energy.figure.comparison->high);
  }
}

TEST(GaugeEstimatorTest, GainAndOffsetOfTheBoardAreTakenOffLaunchesToo) {
  Random random(4);
  const Kernel kernel = boxcar(0.025);
  const Set set = launches(halves(0.09), kernel, random);
  SensorProfile board = profile_of(kernel);
  board.gain = {.value = 1.05, .standard_error = 0.01};
  board.offset = {.value = Watts(10.0), .standard_error = Watts(1.0)};
  const auto plain =
      estimator_of(profile_of(kernel)).of_launches(set.updates, set.edges, bounds, Seconds(0.0));
  const auto corrected =
      estimator_of(board).of_launches(set.updates, set.edges, bounds, Seconds(0.0));
  ASSERT_FALSE(plain.empty());
  const Seconds duration = set.edges.front().back() - set.edges.front().front();
  const Joules expected = (plain.front().figure.energy - Watts(10.0) * duration) / 1.05;
  EXPECT_NEAR(corrected.front().figure.energy.value(), expected.value(), 1e-9);
  EXPECT_NEAR(corrected.front().budget.gain / expected, normal_95 * 0.01 / 1.05, 1e-9);
}

TEST(GaugeEstimatorTest, WhatTellsEachWindowOnItsOwnTellsNothingMoreOfSets) {
  Random random(5);
  const Kernel full = boxcar(0.1);
  const Set seen_whole = launches(halves(0.09), full, random);
  EXPECT_TRUE(estimator_of(profile_of(full))
                  .of_launches(seen_whole.updates, seen_whole.edges, bounds, Seconds(0.0))
                  .empty());
  SensorProfile unknown;
  unknown.kind = ResponseKind::boxcar;
  EXPECT_TRUE(estimator_of(unknown)
                  .of_launches(seen_whole.updates, seen_whole.edges, bounds, Seconds(0.0))
                  .empty());
}

TEST(GaugeEstimatorTest, WithoutUpdatesNothingIsTold) {
  Random random(7);
  const Kernel kernel = boxcar(0.025);
  const Set set = launches(halves(0.09), kernel, random);
  UpdateSeries before(period);
  before.add(Seconds(0.1), idle);
  before.add(Seconds(0.2), idle);
  const GaugeEstimator estimator = estimator_of(profile_of(kernel));
  EXPECT_TRUE(estimator.of_launches(before, set.edges, bounds, Seconds(0.0)).empty());
  EXPECT_TRUE(estimator.of_launches(set.updates, {}, bounds, Seconds(0.0)).empty());
}

}  // namespace
}  // namespace wattfor::gauge_estimator_test
