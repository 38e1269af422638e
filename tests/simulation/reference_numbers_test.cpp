// How wrong each estimator is on part-time and slow sensors, against numbers that were simulated
// independently (NumPy) for the design: RMSE in percent of the energy, over random phases between
// load and sensor.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "response/counter_energy.h"
#include "response/padded_energy.h"
#include "response/phase_regression.h"
#include "response/sampling_error.h"
#include "simulation/sensor_stream.h"
#include "simulation/waveforms.h"
#include "support/phase_energy.h"

namespace wattfor::reference_numbers_test {
namespace {

constexpr Watts idle{60.0};
constexpr Seconds launch_jitter{0.001};
constexpr int launches = 8;

// Relative errors of independent simulated runs.
class Errors {
 public:
  void add(double relative_error) { errors_.push_back(100.0 * relative_error); }

  double bias_percent() const {
    double sum = 0.0;
    for (const double error : errors_) sum += error;
    return sum / count();
  }
  double rmse_percent() const { return std::sqrt(mean_square()); }
  // Half-width of the 99 % Monte-Carlo interval of a difference between this RMSE and one of
  // `reference_runs` runs.
  double half_width_percent(int reference_runs) const {
    const double mean = mean_square();
    double spread = 0.0;
    for (const double error : errors_) spread += (error * error - mean) * (error * error - mean);
    const double deviation = std::sqrt(spread / (count() - 1.0));
    constexpr double normal_99 = 2.576;
    return normal_99 * deviation / (2.0 * rmse_percent()) *
           std::sqrt(1.0 / count() + 1.0 / reference_runs);
  }

 private:
  double count() const { return static_cast<double>(errors_.size()); }
  double mean_square() const {
    double sum = 0.0;
    for (const double error : errors_) sum += error * error;
    return sum / count();
  }

  std::vector<double> errors_;
};

// A number as it is printed in the reference, and how many runs are behind it.
struct Printed {
  double percent;
  double half_a_digit;
  int runs;
};

void expect_reproduced(const char* what, const Errors& errors, const Printed& printed) {
  EXPECT_NEAR(errors.rmse_percent(), printed.percent,
              errors.half_width_percent(printed.runs) + printed.half_a_digit)
      << what;
}

void expect_no_worse(const char* what, const Errors& errors, const Printed& printed) {
  EXPECT_LE(errors.rmse_percent(),
            printed.percent + errors.half_width_percent(printed.runs) + printed.half_a_digit)
      << what;
}

// 25 ms of every 100 ms.
SensorModel part_time() {
  return {.kernel = {.kind = ResponseKind::boxcar, .window = Seconds(0.025)},
          .update_period = Seconds(0.1),
          .period_jitter = Seconds(0.0005),
          .noise = Watts(1.0),
          .quantum = 0.001};
}

// As a program knows them: the period from the updates themselves.
UpdateSeries series_of(const std::vector<Publication>& published) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < published.size(); ++i) {
    steps.push_back((published[i].time - published[i - 1].time).count());
  }
  std::ranges::sort(steps);
  const std::size_t n = steps.size();
  UpdateSeries series(Seconds(0.5 * (steps[(n - 1) / 2] + steps[n / 2])));
  for (const Publication& each : published) series.add(each.time, Watts(each.value));
  return series;
}

double naive_of(const std::vector<Publication>& published, Seconds duration, Random& random) {
  std::vector<Update> polls;
  for (const Publication& each : polled(published, Seconds(-0.2), duration + Seconds(0.2),
                                        Seconds(0.005), Seconds(0.0005), random)) {
    polls.push_back({each.time, Watts(each.value)});
  }
  return naive_energy(polls, Seconds(0.0), duration).value();
}

// A square wave of 400 and 100 W over 5 s, idle around it.
constexpr Seconds run_length{5.0};

PowerCourse periodic_load(Seconds period) {
  PowerCourse course(Seconds(0.0), idle);
  add_square(course, run_length, Watts(400.0), Watts(100.0), period);
  return course;
}

std::vector<PhaseStretch> labels_of(Seconds period) {
  std::vector<PhaseStretch> labels;
  const PowerCourse course = periodic_load(period);
  for (std::size_t i = 0; i < course.powers().size(); ++i) {
    labels.push_back({course.edges()[i], course.edges()[i + 1],
                      course.powers()[i] == Watts(400.0) ? std::size_t{0} : std::size_t{1}});
  }
  return labels;
}

// The mean of the updates that see nothing but the run, times its length.
double aligned_energy(const PhaseRegression& one_phase) {
  const std::vector<PhaseStretch> whole{{Seconds(0.0), run_length, 0}};
  return test::phase_energy(one_phase.powers().value(), whole).value();
}

struct PeriodicErrors {
  Errors naive;
  Errors random_runs;
  Errors stratified_runs;
  Errors regression;
  Errors misspecified;
};

// Eight launches, each a run of its own: at random phases, or an eighth of the period apart.
PeriodicErrors simulate_periodic(Seconds period, int repetitions) {
  PeriodicErrors errors;
  const PowerCourse load = periodic_load(period);
  const double truth = load.energy(Seconds(0.0), run_length).value();
  const auto labels = labels_of(period);
  const std::vector<PhaseStretch> whole{{Seconds(0.0), run_length, 0}};
  Random random(20260922);
  const auto run = [&](Seconds phase) {
    SensorModel sensor = part_time();
    sensor.phase = phase;
    return publications(load, sensor, Seconds(-0.5), run_length + Seconds(0.5), random);
  };
  const Kernel kernel = part_time().kernel;
  for (int i = 0; i < repetitions; ++i) {
    const Seconds phase(random.uniform(0.0, 0.1));
    errors.naive.add(naive_of(run(phase), run_length, random) / truth - 1.0);
    PhaseRegression scattered(1);
    PhaseRegression stratified(1);
    PhaseRegression phases(2);
    for (int k = 0; k < launches; ++k) {
      scattered.add(series_of(run(Seconds(random.uniform(0.0, 0.1)))), kernel, whole);
      const UpdateSeries series =
          series_of(run(phase + k * Seconds(0.1) / launches + random.normal() * launch_jitter));
      stratified.add(series, kernel, whole);
      phases.add(series, kernel, labels);
    }
    errors.random_runs.add(aligned_energy(scattered) / truth - 1.0);
    errors.stratified_runs.add(aligned_energy(stratified) / truth - 1.0);
    errors.regression.add(test::phase_energy(phases.powers().value(), labels).value() / truth -
                          1.0);
  }
  return errors;
}

// Markers that are late or early by a millisecond, a sensor whose window and delay are not what the
// profile says, a power supply with a rise time, and a load that is not steady.
Errors simulate_misspecified(Seconds period, int repetitions) {
  Errors errors;
  const PowerCourse load = with_rise(periodic_load(period), Seconds(0.005));
  const Kernel believed = part_time().kernel;
  Random random(7);
  for (int i = 0; i < repetitions; ++i) {
    const Seconds phase(random.uniform(0.0, 0.1));
    PhaseRegression phases(2);
    double truth = 0.0;
    auto labels = labels_of(period);
    for (int k = 0; k < launches; ++k) {
      const PowerCourse noisy = with_noise(load, Watts(15.0), Seconds(0.03), random);
      truth += noisy.energy(Seconds(0.0), run_length).value() / launches;
      SensorModel sensor = part_time();
      sensor.kernel.window = Seconds(0.026);
      sensor.kernel.delay = Seconds(0.003);
      sensor.phase = phase + k * Seconds(0.1) / launches + random.normal() * launch_jitter;
      labels = labels_of(period);
      for (std::size_t j = 1; j < labels.size(); ++j) {
        labels[j].from += random.normal() * Seconds(0.001);
        labels[j - 1].to = labels[j].from;
      }
      phases.add(
          series_of(publications(noisy, sensor, Seconds(-0.4), run_length + Seconds(0.4), random)),
          believed, labels);
    }
    errors.add(test::phase_energy(phases.powers().value(), labels).value() / truth - 1.0);
  }
  return errors;
}

struct PeriodicReference {
  double period_ms;
  Printed naive, random_runs, stratified_runs, regression, misspecified;
};

class PeriodicLoadTest : public testing::TestWithParam<PeriodicReference> {};

TEST_P(PeriodicLoadTest, EachEstimatorIsAsWrongAsItWasInTheReference) {
  const PeriodicReference& reference = GetParam();
  const Seconds period(reference.period_ms * 1e-3);
  const PeriodicErrors errors = simulate_periodic(period, 120);
  expect_reproduced("naive", errors.naive, reference.naive);
  expect_reproduced("8 random runs", errors.random_runs, reference.random_runs);
  expect_reproduced("8 stratified runs", errors.stratified_runs, reference.stratified_runs);
  expect_reproduced("stratified, regression", errors.regression, reference.regression);
  expect_reproduced("misspecified", simulate_misspecified(period, 24), reference.misspecified);
}

constexpr int runs = 1500;
constexpr int regressions = 400;
constexpr int misspecified = 150;

INSTANTIATE_TEST_SUITE_P(, PeriodicLoadTest,
                         testing::Values(PeriodicReference{20,
                                                           {9.7, 0.05, runs},
                                                           {3.4, 0.05, runs},
                                                           {1.1, 0.05, runs},
                                                           {0.02, 0.005, regressions},
                                                           {0.56, 0.005, misspecified}},
                                         PeriodicReference{90,
                                                           {3.1, 0.05, runs},
                                                           {1.0, 0.05, runs},
                                                           {0.26, 0.005, runs},
                                                           {0.02, 0.005, regressions},
                                                           {0.29, 0.005, misspecified}},
                                         PeriodicReference{100,
                                                           {48.6, 0.05, runs},
                                                           {16.5, 0.05, runs},
                                                           {1.2, 0.05, runs},
                                                           {0.02, 0.005, regressions},
                                                           {0.75, 0.005, misspecified}},
                                         PeriodicReference{110,
                                                           {3.6, 0.05, runs},
                                                           {1.3, 0.05, runs},
                                                           {0.36, 0.005, runs},
                                                           {0.02, 0.005, regressions},
                                                           {0.27, 0.005, misspecified}},
                                         PeriodicReference{250,
                                                           {7.1, 0.05, runs},
                                                           {2.4, 0.05, runs},
                                                           {0.34, 0.005, runs},
                                                           {0.02, 0.005, regressions},
                                                           {0.35, 0.005, misspecified}}),
                         [](const auto& each) {
                           return std::to_string(static_cast<int>(each.param.period_ms)) + "ms";
                         });

// The bound that needs no simulation: what one run's aligned mean is off by.
TEST(SamplingErrorTest, PredictsTheErrorsOfOneRunInClosedForm) {
  const auto predicted = [](double period_ms) {
    const auto harmonics = square_harmonics(Watts(400.0), Watts(100.0), 0.5, 400);
    return 100.0 * sampling_deviation(harmonics, Seconds(period_ms * 1e-3), part_time().kernel,
                                      Seconds(0.1), 50);
  };
  EXPECT_NEAR(predicted(20), 9.8, 0.05);
  EXPECT_NEAR(predicted(90), 2.8, 0.05);
  EXPECT_NEAR(predicted(100), 49.0, 0.5);
  EXPECT_NEAR(predicted(110), 3.5, 0.05);
  EXPECT_NEAR(predicted(250), 6.9, 0.05);
}

// Work of 90 ms steps, 380 W for 70 % of the time and 150 W, between 60 W before and 90 W after.
constexpr Watts power_before{60.0};
constexpr Watts power_after{90.0};

PowerCourse single_shot(Seconds length, double phase) {
  PowerCourse course(Seconds(0.0), power_before);
  add_square(course, length, Watts(380.0), Watts(150.0), Seconds(0.09), 0.7, phase);
  course.finally(power_after);
  return course;
}

Seconds padding_for(const Kernel& kernel) {
  return std::max(
      {Seconds(1.3), kernel.window + Seconds(0.3), 6.0 * kernel.time_constant + Seconds(0.3)});
}

// The reference's form of the padded sum: over all updates of the padding, those too that see
// nothing of the window and only bring their noise along.
double padded_whole(const UpdateSeries& series, const Kernel& kernel, Seconds length,
                    Seconds padding, const PaddedEnergy& levels) {
  const std::size_t first = series.after(-padding);
  const std::size_t last = series.after(length + padding);
  Joules energy = series.energy(first, last);
  for (std::size_t k = first; k < last; ++k) {
    const Seconds time = series.updates()[k].time;
    energy -= series.period() * (levels.before.power * (1.0 - step_response(kernel, time)) +
                                 levels.after.power * step_response(kernel, time - length));
  }
  return energy.value();
}

struct ShotErrors {
  Errors naive;
  Errors padded;  // as the reference has it
  Errors ours;
  Errors stratified;  // the mean of eight launches
};

ShotErrors simulate_shots(Seconds length, SensorModel sensor, int repetitions) {
  ShotErrors errors;
  Random random(3);
  const Kernel& kernel = sensor.kernel;
  const Seconds padding = padding_for(kernel);
  const auto published = [&](const PowerCourse& course, Seconds phase) {
    sensor.phase = phase;
    return publications(course, sensor, -padding - Seconds(2.0), length + padding + Seconds(2.0),
                        random);
  };
  const auto padded = [&](const UpdateSeries& series) {
    return padded_energy(series, kernel, Seconds(0.0), length, padding + Seconds(1.0));
  };
  for (int i = 0; i < repetitions; ++i) {
    const PowerCourse course = single_shot(length, random.uniform());
    const double truth = course.energy(Seconds(0.0), length).value();
    const Seconds phase(random.uniform(0.0, 0.1));
    const auto updates = published(course, phase);
    errors.naive.add(naive_of(updates, length, random) / truth - 1.0);
    const UpdateSeries series = series_of(updates);
    const PaddedEnergy found = padded(series);
    errors.ours.add(found.energy.value() / truth - 1.0);
    errors.padded.add(padded_whole(series, kernel, length, padding, found) / truth - 1.0);
    double sum = 0.0;
    if (kernel.window < sensor.update_period && kernel.window > Seconds(0.0)) {
      for (int k = 0; k < launches; ++k) {
        const Seconds launch =
            phase + k * sensor.update_period / launches + random.normal() * launch_jitter;
        const UpdateSeries again = series_of(published(course, launch));
        sum += padded_whole(again, kernel, length, padding, padded(again));
      }
      errors.stratified.add(sum / launches / truth - 1.0);
    }
  }
  return errors;
}

struct ShotReference {
  double seconds;
  Printed part_time_naive, part_time, stratified, whole_naive, whole, slow_naive, slow, rc_naive,
      rc, counter_naive, counter;
};

class SingleShotTest : public testing::TestWithParam<ShotReference> {};

void expect_bias(const char* what, const Errors& errors, const Printed& printed) {
  EXPECT_NEAR(errors.bias_percent(), printed.percent,
              2.576 * errors.rmse_percent() * std::sqrt(1.0 / 150 + 1.0 / printed.runs) +
                  printed.half_a_digit)
      << what;
}

TEST_P(SingleShotTest, PaddingMendsWhatTheNaiveIntegralMisses) {
  const ShotReference& reference = GetParam();
  const Seconds length(reference.seconds);
  const auto sensor = [](const Kernel& kernel) {
    SensorModel model = part_time();
    model.kernel = kernel;
    return model;
  };
  constexpr int repetitions = 150;
  const ShotErrors part = simulate_shots(length, part_time(), repetitions);
  expect_bias("25/100 naive", part.naive, reference.part_time_naive);
  expect_reproduced("25/100", part.padded, reference.part_time);
  expect_no_worse("25/100", part.ours, reference.part_time);
  expect_reproduced("25/100, 8 phases", part.stratified, reference.stratified);
  const ShotErrors whole = simulate_shots(
      length, sensor({.kind = ResponseKind::boxcar, .window = Seconds(0.1)}), repetitions);
  expect_bias("100/100 naive", whole.naive, reference.whole_naive);
  expect_reproduced("100/100", whole.padded, reference.whole);
  expect_no_worse("100/100", whole.ours, reference.whole);
  const ShotErrors slow = simulate_shots(
      length, sensor({.kind = ResponseKind::boxcar, .window = Seconds(1.0)}), repetitions);
  expect_bias("1000/100 naive", slow.naive, reference.slow_naive);
  expect_reproduced("1000/100", slow.padded, reference.slow);
  expect_no_worse("1000/100", slow.ours, reference.slow);
  const ShotErrors rc = simulate_shots(
      length, sensor({.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)}),
      2 * repetitions);
  expect_bias("RC naive", rc.naive, reference.rc_naive);
  expect_reproduced("RC", rc.padded, reference.rc);
  expect_no_worse("RC", rc.ours, reference.rc);
}

// Its edges' powers are known to 1 W.
TEST_P(SingleShotTest, ACountersEdgesArePadded) {
  const ShotReference& reference = GetParam();
  const Seconds length(reference.seconds);
  SensorModel sensor = part_time();
  sensor.kernel = {.kind = ResponseKind::counter};
  Random random(5);
  Errors naive;
  Errors padded;
  for (int i = 0; i < 300; ++i) {
    const PowerCourse course = single_shot(length, random.uniform());
    const double truth = course.energy(Seconds(0.0), length).value();
    sensor.phase = Seconds(random.uniform(0.0, 0.1));
    std::vector<Count> counts;
    for (const Publication& each :
         publications(course, sensor, Seconds(-1.0), length + Seconds(1.0), random)) {
      counts.push_back({each.time, Joules(each.value)});
    }
    const auto shown = [&](Seconds time) {
      return (std::ranges::upper_bound(counts, time, {}, &Count::time) - 1)->energy;
    };
    naive.add((shown(length) - shown(Seconds(0.0))).value() / truth - 1.0);
    const auto energy =
        counter_energy(counts, Seconds(0.0), Seconds(0.0), length,
                       power_before + Watts(random.normal()), power_after + Watts(random.normal()));
    padded.add(energy->value() / truth - 1.0);
  }
  expect_bias("naive", naive, reference.counter_naive);
  expect_reproduced("padded", padded, reference.counter);
}

constexpr int shots = 600;
constexpr int rc_shots = 60;

INSTANTIATE_TEST_SUITE_P(, SingleShotTest,
                         testing::Values(ShotReference{0.5,
                                                       {-10, 0.5, shots},
                                                       {14, 0.5, shots},
                                                       {0.40, 0.005, shots},
                                                       {-16, 0.5, shots},
                                                       {0.32, 0.005, shots},
                                                       {-64, 0.5, shots},
                                                       {0.32, 0.005, shots},
                                                       {-37, 0.5, rc_shots},
                                                       {1.4, 0.05, rc_shots},
                                                       {-8.4, 0.05, shots},
                                                       {0.05, 0.005, shots}},
                                         ShotReference{1,
                                                       {-5.0, 0.05, shots},
                                                       {2.8, 0.05, shots},
                                                       {0.18, 0.005, shots},
                                                       {-8.1, 0.05, shots},
                                                       {0.18, 0.005, shots},
                                                       {-44, 0.5, shots},
                                                       {0.19, 0.005, shots},
                                                       {-20, 0.5, rc_shots},
                                                       {0.37, 0.005, rc_shots},
                                                       {-4.0, 0.05, shots},
                                                       {0.03, 0.005, shots}},
                                         ShotReference{2,
                                                       {-2.4, 0.05, shots},
                                                       {2.4, 0.05, shots},
                                                       {0.13, 0.005, shots},
                                                       {-4.0, 0.05, shots},
                                                       {0.12, 0.005, shots},
                                                       {-22, 0.5, shots},
                                                       {0.12, 0.005, shots},
                                                       {-10, 0.5, rc_shots},
                                                       {0.25, 0.005, rc_shots},
                                                       {-2.1, 0.05, shots},
                                                       {0.01, 0.005, shots}},
                                         ShotReference{5,
                                                       {-1.0, 0.05, shots},
                                                       {1.5, 0.05, shots},
                                                       {0.10, 0.005, shots},
                                                       {-1.6, 0.05, shots},
                                                       {0.07, 0.005, shots},
                                                       {-8.9, 0.05, shots},
                                                       {0.07, 0.005, shots},
                                                       {-4.1, 0.05, rc_shots},
                                                       {0.14, 0.005, rc_shots},
                                                       {-0.8, 0.05, shots},
                                                       {0.01, 0.005, shots}}),
                         [](const auto& each) {
                           return std::to_string(static_cast<int>(1000 * each.param.seconds)) +
                                  "ms";
                         });

}  // namespace
}  // namespace wattfor::reference_numbers_test
