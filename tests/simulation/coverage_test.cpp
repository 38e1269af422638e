// Whether the 95 % intervals hold the truth in 95 of 100 cases: over loads, sensors, boards and
// phases at random, of single windows of a gauge that looks all the time and of repeated launches
// of one that does not.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "measurement/replicates.h"
#include "response/error_budget.h"
#include "response/launch_phases.h"
#include "response/padded_energy.h"
#include "response/profile.h"
#include "simulation/load.h"
#include "simulation/sensor_stream.h"

namespace wattfor::coverage_test {
namespace {

constexpr Watts idle{60.0};
constexpr Seconds padding{1.0};

// Some work as deep learning draws it.
Load random_load(Random& random) {
  constexpr std::array waveforms{Waveform::constant,  Waveform::square,   Waveform::pseudo_random,
                                 Waveform::training,  Waveform::decoding, Waveform::thermal_ramp,
                                 Waveform::throttling};
  Load load{.idle = idle};
  load.waveform = waveforms[static_cast<std::size_t>(random.uniform() * waveforms.size())];
  load.low = Watts(random.uniform(80.0, 150.0));
  load.high = Watts(random.uniform(200.0, 400.0));
  load.period = Seconds(random.uniform(0.02, 0.4));
  load.duty = random.uniform(0.2, 0.8);
  load.phase = random.uniform();
  load.settling = Seconds(random.uniform(0.3, 2.0));
  load.rise = random.uniform() < 0.5 ? Seconds(0.0) : Seconds(0.004);
  load.noise = random.uniform() < 0.5 ? Watts(0.0) : Watts(random.uniform(1.0, 15.0));
  return load;
}

// A board with a gain and an offset of its own.
SensorModel random_board(const Kernel& kernel, Seconds period, Random& random) {
  return {.kernel = kernel,
          .update_period = period,
          .phase = Seconds(random.uniform(0.0, period.count())),
          .period_jitter = Seconds(0.0005),
          .gain = 1.0 + prior_gain_uncertainty * random.normal(),
          .noise = Watts(random.uniform(0.5, 2.0)),
          .quantum = 0.01};
}

UpdateSeries updates_of_board(const PowerCourse& course, const SensorModel& board, Seconds to,
                              Random& random) {
  UpdateSeries series(board.update_period);
  for (const Publication& each : publications(course, board, -padding - Seconds(1.5), to, random)) {
    series.add(each.time, Watts(each.value));
  }
  return series;
}

// A gauge that looks all the time: windows of one to ten updates.
Kernel attentive_kernel(Seconds period, Random& random) {
  const double windows = std::ceil(random.uniform(0.0, 10.0));
  return {.kind = ResponseKind::boxcar, .window = windows * period};
}

struct Coverage {
  int held = 0;
  int all = 0;
  double percent() const { return 100.0 * held / all; }
  void add(const Interval& interval, double truth) {
    ++all;
    if (interval.low <= truth && truth <= interval.high) ++held;
  }
};

struct BothCoverages {
  Coverage absolute;
  Coverage comparison;
};

// Single windows of a gauge that looks all the time.
BothCoverages of_single_windows(int runs) {
  Random random(1);
  BothCoverages coverage;
  for (int i = 0; i < runs; ++i) {
    const Seconds length(random.uniform(0.3, 3.0));
    const PowerCourse course = course_of(random_load(random), Seconds(0.0), length, random);
    const Seconds period(random.uniform(0.015, 0.12));
    const SensorModel board = random_board(attentive_kernel(period, random), period, random);
    const UpdateSeries series = updates_of_board(
        course, board, length + board.kernel.window + padding + Seconds(0.5), random);
    SensorProfile profile;
    profile.kind = board.kernel.kind;
    profile.window = {board.kernel.window, Seconds(0.0)};
    profile.delay = {Seconds(0.0), Seconds(0.0)};
    profile.offset = {Watts(0.0), Watts(0.0)};
    const PaddedEnergy padded =
        padded_energy(series, profile.kernel(), Seconds(0.0), length, padding);
    const auto [low, high] = std::ranges::minmax(series.updates(), {}, &Update::power);
    const auto found = figure_of(padded, profile,
                                 {.duration = length,
                                  .update_period = period,
                                  .lowest = low.power,
                                  .highest = high.power,
                                  .most = Watts(500.0)});
    const double truth = course.energy(Seconds(0.0), length).value();
    coverage.absolute.add(found.value().figure.absolute.value(), truth);
    coverage.comparison.add(found.value().figure.comparison.value(), board.gain * truth);
  }
  return coverage;
}

// Mean of the replicates' means over their launches, with its 95 % half-width: launches of one
// replicate are not independent.
std::optional<ReplicateMean> mean_of_sets(const std::vector<std::vector<double>>& sets) {
  std::vector<double> means;
  for (const std::vector<double>& launches : sets) {
    means.push_back(std::accumulate(launches.begin(), launches.end(), 0.0) /
                    static_cast<double>(launches.size()));
  }
  return replicate_mean(means);
}

// Four replicates of stratified launches on a gauge that looks part of the time, of a load that
// begins at the same phase each time, as a program does that is started again.
Coverage of_repeated_launches(int runs) {
  constexpr int replicates = 4;
  constexpr Seconds launch_jitter{0.001};
  Random random(2);
  Coverage coverage;
  for (int i = 0; i < runs; ++i) {
    const Seconds period(random.uniform(0.05, 0.12));
    const Kernel kernel{.kind = ResponseKind::boxcar, .window = random.uniform(0.2, 0.7) * period};
    const Seconds length(random.uniform(0.4, 1.2));
    const Load load = random_load(random);
    SensorModel board = random_board(kernel, period, random);
    const int launches = launches_a_replicate(kernel, period);
    std::vector<std::vector<double>> energies(replicates);
    double truth = 0.0;
    for (auto& replicate : energies) {
      for (const Seconds phase : launch_phases(launches, period, random.uniform())) {
        const PowerCourse course = course_of(load, Seconds(0.0), length, random);
        truth +=
            course.energy(Seconds(0.0), length + Seconds(0.03)).value() / (launches * replicates);
        board.phase = -(phase + random.normal() * launch_jitter);
        const UpdateSeries series =
            updates_of_board(course, board, length + padding + Seconds(0.5), random);
        const PaddedEnergy padded =
            padded_energy(series, kernel, Seconds(0.0), length + Seconds(0.03), padding);
        replicate.push_back(padded.energy.value());
      }
    }
    coverage.add(mean_of_sets(energies).value().interval(), board.gain * truth);
  }
  return coverage;
}

TEST(CoverageTest, NinetyFiveOfAHundredIntervalsHoldTheTruth) {
  const BothCoverages single = of_single_windows(2000);
  const Coverage launches = of_repeated_launches(200);
  const auto is_close_to_95 = [](const char* what, double percent, double tolerance) {
    EXPECT_NEAR(percent, 95.0, tolerance) << what;
    testing::Test::RecordProperty(what, std::to_string(percent));
  };
  is_close_to_95("absolute", single.absolute.percent(), 2.0);
  is_close_to_95("comparison", single.comparison.percent(), 2.0);
  // 200 sets of some 25 launches each: known to ±3 % themselves.
  is_close_to_95("launches", launches.percent(), 5.0);
  const Coverage all{.held = single.comparison.held + launches.held,
                     .all = single.comparison.all + launches.all};
  is_close_to_95("all comparisons", all.percent(), 2.0);
}

}  // namespace
}  // namespace wattfor::coverage_test
