#include "response/phase_regression.h"

#include <gtest/gtest.h>

#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"
#include "support/phase_energy.h"

namespace wattfor::phase_regression_test {
namespace {

constexpr Kernel part_time{.kind = ResponseKind::boxcar, .window = Seconds(0.025)};

struct MarkedRun {
  UpdateSeries updates{Seconds(0.1)};
  std::vector<PhaseStretch> stretches;
  Joules truth;
};

// 400 W and 100 W in turn for 5 s, seen for 25 ms of every 100 ms.
MarkedRun square_run(Seconds period, Seconds phase) {
  MarkedRun run;
  PowerCourse course(Seconds(0.0), Watts(60.0));
  add_square(course, Seconds(5.0), Watts(400.0), Watts(100.0), period);
  run.truth = course.energy(Seconds(0.0), Seconds(5.0));
  for (std::size_t i = 0; i < course.powers().size(); ++i) {
    run.stretches.push_back({course.edges()[i], course.edges()[i + 1], i % 2});
  }
  Random random(5);
  for (const Publication& each : publications(course,
                                              {.kernel = part_time,
                                               .update_period = Seconds(0.1),
                                               .phase = phase,
                                               .period_jitter = Seconds(0.0005),
                                               .noise = Watts(1.0)},
                                              Seconds(-1.0), Seconds(6.0), random)) {
    run.updates.add(each.time, Watts(each.value));
  }
  return run;
}

TEST(PhaseRegressionTest, TellsThePowerOfEachPhaseAndTheEnergyOfTheRun) {
  const MarkedRun run = square_run(Seconds(0.09), Seconds(0.03));
  PhaseRegression regression(2);
  regression.add(run.updates, part_time, run.stretches);
  const auto powers = regression.powers().value();
  EXPECT_NEAR(powers[0].value(), 400.0, 2.0);
  EXPECT_NEAR(powers[1].value(), 100.0, 2.0);
  EXPECT_NEAR(test::phase_energy(powers, run.stretches) / run.truth, 1.0, 0.002);
}

// Clocks that differ make a delay below zero: the kernel then sees what came after the update.
TEST(PhaseRegressionTest, ADelayBelowZeroLosesNoShare) {
  MarkedRun run = square_run(Seconds(0.09), Seconds(0.03));
  Kernel early = part_time;
  early.delay = Seconds(-0.0048);
  UpdateSeries shifted(Seconds(0.1));
  for (const Update& update : run.updates.updates()) {
    shifted.add(update.time + early.delay, update.power);
  }
  PhaseRegression regression(2);
  regression.add(shifted, early, run.stretches);
  EXPECT_NEAR(test::phase_energy(regression.powers().value(), run.stretches) / run.truth, 1.0,
              0.002);
}

// At every phase, also where an update's window lies across an edge and jitter alone moves it.
TEST(PhaseRegressionTest, RefusesALoadThatKeepsStepWithTheUpdates) {
  for (int i = 0; i < 50; ++i) {
    const MarkedRun run = square_run(Seconds(0.1), i * Seconds(0.002));
    PhaseRegression regression(2);
    regression.add(run.updates, part_time, run.stretches);
    EXPECT_FALSE(regression.powers()) << i;
  }
}

TEST(PhaseRegressionTest, LaunchesAtOtherPhasesTellWhatOneRunCant) {
  PhaseRegression regression(2);
  MarkedRun run;
  for (int i = 0; i < 8; ++i) {
    run = square_run(Seconds(0.1), i * Seconds(0.1) / 8);
    regression.add(run.updates, part_time, run.stretches);
  }
  EXPECT_NEAR(test::phase_energy(regression.powers().value(), run.stretches) / run.truth, 1.0,
              0.002);
}

TEST(PhaseRegressionTest, AGaugeThatLooksAllTheTimeSeesEachPhaseForItsLength) {
  const Kernel full{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  UpdateSeries series(Seconds(0.1));
  for (int i = 0; i < 60; ++i) series.add(Seconds(0.1 * i + 0.017), Watts(100.0));
  const std::vector<Seconds> edges{Seconds(1.003), Seconds(1.093), Seconds(1.183), Seconds(1.273)};
  const auto run = batch_phases(edges, 3);
  const auto durations = phase_durations(run, 3);
  const auto seen = seen_phases(series, full, run, 3);
  const auto part = seen_phases(series, part_time, run, 3);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(durations[j].count(), 0.09, 1e-12);
    EXPECT_NEAR(seen[j].count(), 0.09, 1e-9);
  }
  // Updates at 1.017, 1.117, 1.217 look at 14 ms of the first batch's first phase, at all three
  // phases of the second one's, and at the middle of the third one's.
  EXPECT_NEAR((part[0] + part[1] + part[2]).count(), 0.1 * (0.014 + 0.025 + 0.025) / 0.025, 1e-9);
}

TEST(PhaseRegressionTest, TooFewReadingsAreNoFit) {
  PhaseRegression regression(2);
  EXPECT_FALSE(regression.powers());
}

}  // namespace
}  // namespace wattfor::phase_regression_test
