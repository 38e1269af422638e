// What a part-time gauge tells of batches, all runs of them together.

#include "response/gauge_estimator.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "response/launch_phases.h"
#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"

namespace wattfor {
namespace {

constexpr Seconds period{0.1};
constexpr int batches = 3;  // of a run

SensorProfile profile_of_window(Seconds window) {
  SensorProfile profile;
  profile.kind = ResponseKind::boxcar;
  profile.window = Uncertain<Seconds>{.value = window};
  return profile;
}

GaugeEstimator estimator_of(const SensorProfile& profile) {
  return {profile, period, Seconds(0.0), Seconds(0.4)};
}

// Runs of batches, 400 W in their first half and 100 W in the other, at stratified moments of the
// updates of a gauge; 60 W beside them.
struct Launches {
  std::vector<std::vector<Seconds>> edges;
  UpdateSeries updates{period};
  Joules each;  // of a run
};

Launches launches(Seconds batch, Seconds window, Random& random) {
  Launches result;
  PowerCourse course(Seconds(0.0), Watts(60.0));
  course.then(Watts(60.0), Seconds(1.0));
  const Kernel kernel{.kind = ResponseKind::boxcar, .window = window};
  const Seconds first(random.uniform(0.0, period.count()));
  for (const Seconds phase :
       launch_phases(launches_a_replicate(kernel, period), period, random.uniform())) {
    const Seconds moment = first + phase;
    const double updates = std::ceil((course.end() - moment) / period);
    course.then(Watts(60.0), moment + updates * period - course.end());
    std::vector<Seconds> edges{course.end()};
    for (int i = 1; i <= batches; ++i) edges.push_back(edges.front() + i * batch);
    add_square(course, batches * batch, Watts(400.0), Watts(100.0), batch);
    result.edges.push_back(std::move(edges));
  }
  course.finally(Watts(60.0));
  result.each = batches * batch * Watts(250.0);
  const SensorModel gauge{.kernel = kernel,
                          .update_period = period,
                          .phase = first,
                          .period_jitter = Seconds(0.0005),
                          .noise = Watts(1.0)};
  for (const Publication& each :
       publications(course, gauge, Seconds(0.0), course.end() + Seconds(1.0), random)) {
    result.updates.add(each.time, Watts(each.value));
  }
  return result;
}

TEST(GaugeEstimatorTest, BatchesAreToldByAllRunsTogether) {
  Random random(3);
  for (const double batch : {0.09, 0.1, 0.13, 0.2}) {
    const Launches runs = launches(Seconds(batch), Seconds(0.025), random);
    const auto energies =
        estimator_of(profile_of_window(Seconds(0.025))).of_batches(runs.updates, runs.edges);
    ASSERT_EQ(energies.size(), runs.edges.size()) << batch;
    for (const EstimatedEnergy& energy : energies) {
      EXPECT_NEAR(energy.figure.energy / runs.each, 1.0, 0.02) << batch;
      EXPECT_LE(energy.figure.comparison->low, runs.each.value()) << batch;
      EXPECT_GE(energy.figure.comparison->high, runs.each.value()) << batch;
      EXPECT_EQ(attended(energy.figure).comparison->high, energy.figure.energy.value())
          << "the scatter is what further sets tell";
    }
  }
}

TEST(GaugeEstimatorTest, GainAndOffsetOfTheBoardAreTakenOffBatchesToo) {
  Random random(4);
  const Launches runs = launches(Seconds(0.09), Seconds(0.025), random);
  SensorProfile board = profile_of_window(Seconds(0.025));
  board.gain = {.value = 1.05, .standard_error = 0.01};
  board.offset = {.value = Watts(10.0), .standard_error = Watts(1.0)};
  const auto plain =
      estimator_of(profile_of_window(Seconds(0.025))).of_batches(runs.updates, runs.edges);
  const auto corrected = estimator_of(board).of_batches(runs.updates, runs.edges);
  ASSERT_FALSE(plain.empty());
  const Seconds duration = runs.edges.front().back() - runs.edges.front().front();
  const Joules expected = (plain.front().figure.energy - Watts(10.0) * duration) / 1.05;
  EXPECT_DOUBLE_EQ(corrected.front().figure.energy.value(), expected.value());
  EXPECT_NEAR(corrected.front().budget.gain / expected, normal_95 * 0.01 / 1.05, 1e-9);
}

TEST(GaugeEstimatorTest, AGaugeThatLooksAllTheTimeTellsEachRunOnItsOwn) {
  Random random(5);
  const Launches runs = launches(Seconds(0.09), Seconds(0.1), random);
  EXPECT_TRUE(
      estimator_of(profile_of_window(Seconds(0.1))).of_batches(runs.updates, runs.edges).empty());
}

TEST(GaugeEstimatorTest, OneWhoseWindowNobodyKnowsTellsNothingMoreOfBatches) {
  Random random(6);
  const Launches runs = launches(Seconds(0.09), Seconds(0.025), random);
  SensorProfile unknown;
  unknown.kind = ResponseKind::boxcar;
  EXPECT_TRUE(estimator_of(unknown).of_batches(runs.updates, runs.edges).empty());
}

TEST(GaugeEstimatorTest, WithoutUpdatesInsideTheRunsNothingIsTold) {
  Random random(7);
  const Launches runs = launches(Seconds(0.09), Seconds(0.025), random);
  UpdateSeries before(period);
  before.add(Seconds(0.1), Watts(60.0));
  before.add(Seconds(0.2), Watts(60.0));
  const GaugeEstimator estimator = estimator_of(profile_of_window(Seconds(0.025)));
  EXPECT_TRUE(estimator.of_batches(before, runs.edges).empty());
  EXPECT_TRUE(estimator.of_batches(runs.updates, {}).empty());
}

}  // namespace
}  // namespace wattfor
