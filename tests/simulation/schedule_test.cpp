// What stratified launches are worth, side by side with the study's procedure on the same simulated
// board: batches of 90 ms on a gauge that looks at 25 of every 100 ms.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "bench/power_log.h"
#include "bench/study.h"
#include "response/launch_phases.h"
#include "response/phase_regression.h"
#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"
#include "support/launch_sets.h"

namespace wattfor {
namespace {

constexpr Watts idle{60.0};
constexpr Seconds batch{0.09};
constexpr double joules_a_batch = 0.045 * 400.0 + 0.045 * 100.0;

SensorModel board(Seconds phase) {
  return {.kernel = {.kind = ResponseKind::boxcar, .window = Seconds(0.025)},
          .update_period = Seconds(0.1),
          .phase = phase,
          .period_jitter = Seconds(0.0005),
          .noise = Watts(1.0),
          .quantum = 0.01};
}

void add_batches(PowerCourse& course, int batches) {
  add_square(course, batches * batch, Watts(400.0), Watts(100.0), batch);
}

struct Outcome {
  double joules = 0.0;  // of a batch
  double half_width = 0.0;
  Seconds device_time{0.0};
  double relative() const { return half_width / joules; }
};

// Three runs of more than 13 batches and longer than 10 s, the log read every 10 ms, every batch of
// the last 95 % on its own.
Outcome by_the_study(Random& random) {
  Outcome outcome;
  std::vector<BatchEnergy> all;
  for (int run = 0; run < study_replicates; ++run) {
    constexpr int batches = 112;  // 10.08 s
    PowerCourse course(Seconds(0.0), idle);
    add_batches(course, batches);
    const auto published = publications(course, board(Seconds(random.uniform(0.0, 0.1))),
                                        Seconds(-1.0), course.end() + Seconds(1.0), random);
    SensorInfo info;
    info.update_period = Seconds(0.1);
    PowerLog log(info);
    const Instant start{std::chrono::seconds(100)};
    for (const Publication& poll : polled(published, Seconds(-0.5), course.end() + Seconds(0.5),
                                          Seconds(0.01), Seconds(0.001), random)) {
      log.add(start + ticks(poll.time), Watts(poll.value));
    }
    RunMarks marks{.started = start, .count = {}, .end = {}, .memory_bytes = {}};
    for (int i = 1; i <= batches; ++i) {
      marks.count.push_back(1);
      marks.end.push_back(start + ticks(i * batch));
    }
    const auto energies = batch_energies(
        marks, 1, [&](Instant from, Instant to) { return log.energy_between(from, to); });
    all.insert(all.end(), energies.begin(), energies.end());
    outcome.device_time += course.end();
  }
  const PublishedInterval interval = published_interval(all).value();
  outcome.joules = interval.mean_j;
  outcome.half_width = interval.interval_j.high - interval.mean_j;
  return outcome;
}

// Four replicates of stratified launches of three batches, with a rest between them.
Outcome by_launches(Random& random) {
  constexpr int replicates = 4;
  constexpr int batches = 3;
  constexpr Seconds rest{0.13};
  const SensorModel gauge = board(Seconds(random.uniform(0.0, 0.1)));
  const int launches = launches_a_replicate(gauge.kernel, gauge.update_period);
  PowerCourse course(Seconds(0.0), idle);
  course.then(idle, Seconds(1.0));
  std::vector<std::vector<Seconds>> starts(replicates);
  for (auto& replicate : starts) {
    for (const Seconds phase : launch_phases(launches, gauge.update_period, random.uniform())) {
      // The next moment that lies so after an update, give or take a millisecond.
      const double after = (course.end() + rest - gauge.phase - phase) / gauge.update_period;
      const Seconds start = gauge.phase + phase + std::ceil(after) * gauge.update_period +
                            random.normal() * Seconds(0.001);
      course.then(idle, start - course.end());
      replicate.push_back(start);
      add_batches(course, batches);
    }
  }
  course.finally(idle);
  UpdateSeries series(gauge.update_period);
  for (const Publication& each :
       publications(course, gauge, Seconds(0.0), course.end() + Seconds(1.0), random)) {
    series.add(each.time, Watts(each.value));
  }
  std::vector<std::vector<double>> energies;
  for (const auto& replicate : starts) {
    PhaseRegression regression(phases_of_a_batch(batch, gauge.kernel));
    std::vector<PhaseStretch> phases;
    for (const Seconds start : replicate) {
      std::vector<Seconds> edges;
      for (int i = 0; i <= batches; ++i) edges.push_back(start + i * batch);
      phases = batch_phases(edges, gauge.kernel);
      regression.add(series, gauge.kernel, phases);
    }
    const auto found = regression.solve(phases);
    energies.push_back({std::get<PhasePowers>(found).energy.value() / batches});
  }
  const ReplicateMean mean = test::mean_of_sets(energies).value();
  return {.joules = mean.mean,
          .half_width = mean.half_width,
          .device_time = course.end() - Seconds(1.0)};
}

TEST(ScheduleTest, LaunchesReachOnePercentInHalfTheStudysTimeWhichEndsWider) {
  Random random(11);
  constexpr int sweeps = 200;
  double ours = 0.0;
  double study = 0.0;
  int held = 0;
  for (int i = 0; i < sweeps; ++i) {
    const Outcome launched = by_launches(random);
    const Outcome studied = by_the_study(random);
    EXPECT_LE(launched.device_time, 0.5 * studied.device_time);
    ours += launched.relative() / sweeps;
    study += studied.relative() / sweeps;
    if (std::abs(launched.joules - joules_a_batch) <= launched.half_width) ++held;
  }
  EXPECT_LE(ours, 0.01);
  EXPECT_GT(study, 0.01);
  EXPECT_GE(held, 0.9 * sweeps);
  RecordProperty("half_width_percent", std::to_string(100.0 * ours));
  RecordProperty("study_half_width_percent", std::to_string(100.0 * study));
}

}  // namespace
}  // namespace wattfor
