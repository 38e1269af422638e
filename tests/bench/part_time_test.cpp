// Sweeps on a gauge that looks part of the time, simulated: a whole machine whose truth is known.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/adaptive.h"
#include "bench/study.h"
#include "meter/meter.h"
#include "response/launch_phases.h"
#include "simulation/simulated_device.h"
#include "support/text.h"

namespace wattfor::part_time_test {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds step{5};

// A board under a square wave of that period while a worker's run goes on, and its meter.
class Board {
 public:
  Board(std::uint64_t seed, Seconds window, Seconds load_period, std::vector<ReadFault> faults = {})
      : clock_(std::make_shared<ManualClock>()),
        simulation_(simulate(spec(seed, window, load_period, std::move(faults)), clock_)),
        load_(simulation_.load),
        meter_(devices(), *clock_, {.interval = Seconds(0.1), .scope = Scope::everything}) {
    meter_.observe([this](const Sample& sample) { logs_.add(sample); });
    pass(std::chrono::seconds(2));
  }

  Meter& meter() { return meter_; }
  PowerLogs& logs() { return logs_; }
  Instant now() const { return clock_->now(); }
  SimulatedLoad& load() { return *load_; }
  void pass(std::chrono::nanoseconds duration) {
    while (duration > std::chrono::nanoseconds(0)) {
      const auto next = std::min<std::chrono::nanoseconds>(duration, step);
      clock_->advance(next);
      meter_.sample();
      duration -= next;
    }
  }
  Pace pace() {
    return {
        .pause = [this](Seconds time) { pass(std::chrono::ceil<std::chrono::nanoseconds>(time)); },
        .interrupted = [] { return false; }};
  }

 private:
  static SimulationSpec spec(std::uint64_t seed, Seconds window, Seconds load_period,
                             std::vector<ReadFault> faults) {
    SimulationSpec spec;
    spec.seed = seed;
    spec.power_limit = Watts(450.0);
    spec.load.waveform = Waveform::square;
    spec.load.idle = Watts(60.0);
    spec.load.high = Watts(400.0);
    spec.load.low = Watts(100.0);
    spec.load.period = load_period;
    SimulatedSensorSpec gauge;
    gauge.id = "instant";
    gauge.model.kernel = {.kind = ResponseKind::boxcar, .window = window};
    gauge.model.noise = Watts(1.0);
    gauge.random_phase = true;
    gauge.read_faults = std::move(faults);
    spec.sensors = {gauge};
    return spec;
  }
  std::vector<std::unique_ptr<Device>> devices() {
    std::vector<std::unique_ptr<Device>> all;
    all.push_back(std::move(simulation_.device));
    return all;
  }

  std::shared_ptr<ManualClock> clock_;
  Simulation simulation_;
  std::shared_ptr<SimulatedLoad> load_;
  PowerLogs logs_{Scope::everything};
  Meter meter_;
};

// Drives the load, and knows what flowed.
class BoardWorker final : public Worker {
 public:
  BoardWorker(Board& board, milliseconds batch) : board_(board), batch_(batch) {}

  const protocol::HelloReply& hello() const override { return hello_; }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& /*load*/) override {
    return protocol::Loaded{};
  }
  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) override {
    RunMarks marks;
    if (run.warm_up) return marks;
    // A program takes some time to begin, and not always the same.
    board_.pass(std::chrono::microseconds(random_() % 1000));
    marks.started = board_.now();
    board_.load().begin_work(marks.started);
    started_.push_back(marks.started);
    on_started(marks.started);
    while (marks.end.empty() || marks.batches() < run.min_batches ||
           marks.duration() < Seconds(run.min_seconds)) {
      board_.pass(batch_);
      marks.count.push_back(1);
      marks.end.push_back(board_.now());
    }
    board_.load().end_work(board_.now());
    joules_ += board_.load().energy(marks.started, board_.now()).value();
    images_ += static_cast<double>(marks.batches());
    return marks;
  }
  double joules_per_image() const { return joules_ / images_; }
  const std::vector<Instant>& started() const { return started_; }

 private:
  Board& board_;
  milliseconds batch_;
  std::mt19937_64 random_;
  protocol::HelloReply hello_;
  std::vector<Instant> started_;
  double joules_ = 0.0;
  double images_ = 0.0;
};

Cell one_image() {
  Cell cell;
  cell.batch_size = 1;
  return cell;
}

// How a sweep of one board went.
struct Sweep {
  double error = 0.0;       // relative, of the energy of an image
  double half_width = 0.0;  // relative
  bool held = false;
  std::size_t replicates = 0;
  Seconds device_time{0.0};
};

Sweep outcome_of(double mean, const Interval& interval, const BoardWorker& worker) {
  const double truth = worker.joules_per_image();
  return {.error = mean / truth - 1.0,
          .half_width = std::max(mean - interval.low, interval.high - mean) / mean,
          .held = interval.low <= truth && truth <= interval.high};
}

// Batches of one image, each of them 400 W for the first half and 100 W for the other, on a gauge
// that looks at 25 of every 100 ms.
Sweep adaptive_sweep(int seed, milliseconds batch, const AdaptiveLimits& limits,
                     std::vector<ReadFault> faults = {}) {
  Board board(static_cast<std::uint64_t>(seed), Seconds(0.025), Seconds(batch), std::move(faults));
  BoardWorker worker(board, batch);
  Cell cell = one_image();
  cell.seed = static_cast<std::uint64_t>(seed);
  const Instant begin = board.now();
  const CellAttempt attempt =
      measure_adaptive(RunMeter(board.meter(), board.pace()), worker, cell, limits);
  const CellResult& result = std::get<MeasuredCell>(attempt).result;
  const EnergyFigure& energy = result.energy_per_image;
  Sweep sweep = outcome_of(energy.energy.value(), *energy.comparison, worker);
  sweep.replicates = result.replicates.size();
  sweep.device_time = board.now() - begin;
  return sweep;
}

// Its own figure, from the readings alone.
Sweep study_sweep(int seed, milliseconds batch) {
  Board board(static_cast<std::uint64_t>(seed), Seconds(0.025), Seconds(batch));
  BoardWorker worker(board, batch);
  const Instant begin = board.now();
  const CellAttempt attempt =
      measure_study(RunMeter(board.meter(), board.pace()), board.logs(), worker, one_image(), 0.01);
  const auto& published = *std::get<MeasuredCell>(attempt).result.published;
  Sweep sweep = outcome_of(published.mean_j, published.interval_j, worker);
  sweep.device_time = board.now() - begin;
  return sweep;
}

// What many sweeps come to.
struct Sweeps {
  double half_width = 0.0;  // mean
  double rms_error = 0.0;
  double held = 0.0;     // share
  double precise = 0.0;  // share within 1 %
};

Sweeps summary_of(const std::vector<Sweep>& all) {
  Sweeps sums;
  const auto count = static_cast<double>(all.size());
  for (const Sweep& each : all) {
    sums.half_width += each.half_width / count;
    sums.rms_error += each.error * each.error / count;
    if (each.held) sums.held += 1.0 / count;
    if (each.half_width <= 0.01) sums.precise += 1.0 / count;
  }
  sums.rms_error = std::sqrt(sums.rms_error);
  return sums;
}

void record(const std::string& name, const Sweeps& sweeps) {
  testing::Test::RecordProperty(name + "_half_width_percent",
                                fmt::format("{:.2f}", 100.0 * sweeps.half_width));
  testing::Test::RecordProperty(name + "_rms_error_percent",
                                fmt::format("{:.2f}", 100.0 * sweeps.rms_error));
  testing::Test::RecordProperty(name + "_held_percent", fmt::format("{:.0f}", 100.0 * sweeps.held));
  testing::Test::RecordProperty(name + "_precise_percent",
                                fmt::format("{:.0f}", 100.0 * sweeps.precise));
}

TEST(PartTimeTest, ASweepReachesOnePercentInHalfTheTimeOfTheStudyWhichEndsWider) {
  constexpr milliseconds batch{90};
  std::vector<Sweep> ours;
  std::vector<Sweep> studys;
  for (int seed = 1; seed <= 30; ++seed) {
    studys.push_back(study_sweep(seed, batch));
    const Seconds half = 0.5 * studys.back().device_time;
    ours.push_back(adaptive_sweep(seed, batch, {.target = 0.01, .budget = half - Seconds(0.5)}));
    EXPECT_LE(ours.back().device_time, half);
    EXPECT_GT(studys.back().half_width, 0.01);
  }
  const Sweeps summary = summary_of(ours);
  EXPECT_LE(summary.half_width, 0.01);
  EXPECT_GE(summary.precise, 0.8);
  EXPECT_GE(summary.held, 0.9);
  record("adaptive", summary);
  record("study", summary_of(studys));
}

TEST(PartTimeTest, StratifiedLaunchesTellBatchesThatKeepStepWithTheGauge) {
  // One window of these is wrong by up to 60 %.
  std::vector<Sweep> sweeps;
  for (int seed = 1; seed <= 20; ++seed) {
    sweeps.push_back(
        adaptive_sweep(seed, milliseconds(100), {.target = 0.01, .budget = Seconds(30.0)}));
    EXPECT_GE(sweeps.back().replicates, 4U);
  }
  const Sweeps summary = summary_of(sweeps);
  EXPECT_LE(summary.half_width, 0.01);
  EXPECT_LE(summary.rms_error, 0.005);
  EXPECT_GE(summary.held, 0.9);
  record("in_step", summary);
}

TEST(PartTimeTest, ASetLaunchesOnceAtEachOfItsMoments) {
  Board board(1, Seconds(0.025), Seconds(0.09));
  BoardWorker worker(board, milliseconds(90));
  const RunMeter run_meter(board.meter(), board.pace());
  const Seconds period = run_meter.part_time_beat()->period;
  const auto runs = std::get<std::vector<MeteredRun>>(run_meter.launches(
      worker, {.batch = 1, .min_seconds = 0.2}, launch_phases(8, period, 0.3), [] { return 0.5; }));
  ASSERT_EQ(runs.size(), 8U);
  std::vector<double> places;  // in the period of the updates, from the first launch on
  for (const Instant started : worker.started()) {
    const double periods = Seconds(started - worker.started().front()) / period;
    places.push_back(periods - std::floor(periods + 0.01));
  }
  std::ranges::sort(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_NEAR(places[i], 0.125 * static_cast<double>(i), 0.03) << "1 ms is 0.01";
  }
  // The next moment is the one that comes first after the rest: no wait is as long as a period.
  const Seconds rest = run_meter.part_time_beat()->rest;
  EXPECT_LT(Seconds(worker.started().back() - worker.started().front()),
            7.0 * (Seconds(0.271) + rest + 0.5 * period));
  Joules energy{0.0};
  Seconds duration{0.0};
  for (const MeteredRun& run : runs) {
    EXPECT_EQ(run.energy.duration, run.marks.duration());
    energy += run.energy.total.gross->energy;
    duration += run.energy.duration;
  }
  EXPECT_NEAR((energy / duration).value(), 250.0, 5.0);
}

TEST(PartTimeTest, AnInterruptedSetIsAFailure) {
  Board board(1, Seconds(0.025), Seconds(0.09));
  BoardWorker worker(board, milliseconds(90));
  Pace pace = board.pace();
  pace.interrupted = [&] { return worker.started().size() >= 3; };
  const auto answer = RunMeter(board.meter(), pace)
                          .launches(worker, {.batch = 1, .min_seconds = 0.2},
                                    launch_phases(8, Seconds(0.1), 0.3), [] { return 0.5; });
  ASSERT_TRUE(std::holds_alternative<WorkerFailure>(answer));
  EXPECT_EQ(std::get<WorkerFailure>(answer).message, "interrupted");
  EXPECT_EQ(worker.started().size(), 3U);
}

TEST(PartTimeTest, WhatWasMissedInARunIsNotToldByTheOthers) {
  Board board(1, Seconds(0.025), Seconds(0.09), {{.from = Seconds(3.0), .duration = Seconds(0.5)}});
  BoardWorker worker(board, milliseconds(90));
  const RunMeter run_meter(board.meter(), board.pace());
  const auto runs = std::get<std::vector<MeteredRun>>(
      run_meter.launches(worker, {.batch = 1, .min_seconds = 0.2},
                         launch_phases(8, Seconds(0.1), 0.3), [] { return 0.5; }));
  bool has_gap = false;
  for (const MeteredRun& run : runs) {
    has_gap = has_gap || !run.energy.components.front().gaps.empty();
    const auto& gross = run.energy.total.gross;
    if (!gross) continue;  // less than half of it was seen
    EXPECT_LE(gross->comparison->low, 250.0 * run.energy.duration.count());
    EXPECT_GE(gross->comparison->high, 250.0 * run.energy.duration.count());
    EXPECT_GT(*relative_half_width(*gross), 0.4) << "its bounds, as of one window";
  }
  EXPECT_TRUE(has_gap);
}

TEST(PartTimeTest, ASensorThatMissesSomethingCostsASetAndNotTheCell) {
  for (int seed = 1; seed <= 10; ++seed) {
    const Sweep sweep =
        adaptive_sweep(seed, milliseconds(100), {.target = 0.01, .budget = Seconds(30.0)},
                       {{.from = Seconds(4.0 + 0.1 * seed), .duration = Seconds(0.3)}});
    EXPECT_GE(sweep.replicates, 4U);
    EXPECT_LE(std::abs(sweep.error), 0.02);
  }
}

// The sets in which nothing was missed tell, and the others cost time alone.
TEST(PartTimeTest, OneThatFailsAgainAndAgainCostsTimeAndNotTheCell) {
  std::vector<ReadFault> faults;
  for (int i = 0; i < 20; ++i) {
    faults.push_back({.from = Seconds(1.0 + 17.0 * i), .duration = Seconds(0.3)});
  }
  for (int seed = 1; seed <= 5; ++seed) {
    const Sweep sweep =
        adaptive_sweep(seed, milliseconds(100), {.target = 0.002, .budget = Seconds(60.0)}, faults);
    EXPECT_GE(sweep.replicates, 2U);
    EXPECT_LE(std::abs(sweep.error), 0.01);
    EXPECT_LE(sweep.device_time, Seconds(75.0));
  }
}

TEST(PartTimeTest, WhereNoSetIsReadWholeTheCellFailsAndSaysSo) {
  std::vector<ReadFault> faults;
  for (int i = 0; i < 100; ++i) {
    faults.push_back({.from = Seconds(1.0 + 1.2 * i), .duration = Seconds(0.3)});
  }
  Board board(1, Seconds(0.025), Seconds(0.1), std::move(faults));
  BoardWorker worker(board, milliseconds(100));
  const Instant begin = board.now();
  const CellAttempt attempt =
      measure_adaptive(RunMeter(board.meter(), board.pace()), worker, one_image(),
                       {.target = 0.01, .budget = Seconds(15.0)});
  EXPECT_LT(Seconds(board.now() - begin), Seconds(30.0));
  ASSERT_TRUE(std::holds_alternative<WorkerFailure>(attempt));
  EXPECT_TRUE(test::has_text(std::get<WorkerFailure>(attempt).message, "not read for a while"));
}

TEST(PartTimeTest, ANumberOfReplicatesThatIsNeverReachedEndsAllTheSame) {
  std::vector<ReadFault> faults;
  for (int i = 0; i < 200; ++i) {
    faults.push_back({.from = Seconds(12.0 + 1.2 * i), .duration = Seconds(0.3)});
  }
  Board board(1, Seconds(0.025), Seconds(0.1), std::move(faults));
  BoardWorker worker(board, milliseconds(100));
  Cell cell = one_image();
  cell.replicates = 50;
  const CellAttempt attempt = measure_adaptive(RunMeter(board.meter(), board.pace()), worker, cell,
                                               {.target = 0.01, .budget = Seconds(15.0)});
  const CellResult& result = std::get<MeasuredCell>(attempt).result;
  EXPECT_GE(result.replicates.size(), 1U);
  EXPECT_LT(result.replicates.size(), 50U);
}

TEST(PartTimeTest, TheBudgetIsKept) {
  for (const milliseconds batch : {milliseconds(90), milliseconds(200), milliseconds(220)}) {
    for (const double budget : {3.0, 4.0, 5.0, 6.0, 8.0}) {
      const Sweep sweep = adaptive_sweep(1, batch, {.target = 0.01, .budget = Seconds(budget)});
      EXPECT_LE(sweep.device_time, Seconds(1.15 * budget + 0.5)) << batch.count() << " " << budget;
    }
  }
}

TEST(PartTimeTest, WhereNoLaunchesFitIntoTheBudgetTheBoundsStay) {
  Board board(1, Seconds(0.025), Seconds(0.1));
  BoardWorker worker(board, milliseconds(20));
  const CellAttempt attempt =
      measure_adaptive(RunMeter(board.meter(), board.pace()), worker, one_image(),
                       {.target = 0.02, .budget = Seconds(3.0)});
  const auto& measured = std::get<MeasuredCell>(attempt);
  EXPECT_FALSE(measured.result.precision_reached);
  ASSERT_EQ(measured.warnings.size(), 1U);
  EXPECT_TRUE(test::has_text(measured.warnings.front(), "precision not reached"));
  const Interval& interval = *measured.result.energy_per_image.comparison;
  EXPECT_LE(interval.low, worker.joules_per_image());
  EXPECT_GE(interval.high, worker.joules_per_image());
}

TEST(PartTimeTest, AGaugeThatLooksAllTheTimeNeedsNoLaunches) {
  Board board(1, Seconds(0.1), Seconds(0.1));
  BoardWorker worker(board, milliseconds(20));
  EXPECT_FALSE(board.meter().part_time_beat());
  const CellAttempt attempt =
      measure_adaptive(RunMeter(board.meter(), board.pace()), worker, one_image(),
                       {.target = 0.02, .budget = Seconds(10.0)});
  const auto& result = std::get<MeasuredCell>(attempt).result;
  EXPECT_TRUE(result.precision_reached);
  EXPECT_NEAR(result.energy_per_image.energy.value(), worker.joules_per_image(),
              0.01 * worker.joules_per_image());
}

TEST(PartTimeTest, TheStudyStaysLiteralAndIsWrongWhereTheLoadKeepsStep) {
  // Its own figure, from the readings alone, stands beside the one with the gauge's bounds.
  Board board(3, Seconds(0.025), Seconds(0.1));
  BoardWorker worker(board, milliseconds(20));
  const CellAttempt attempt =
      measure_study(RunMeter(board.meter(), board.pace()), board.logs(), worker, one_image(), 0.01);
  const CellResult& result = std::get<MeasuredCell>(attempt).result;
  const double truth = worker.joules_per_image();
  ASSERT_TRUE(result.published);
  const double half = 0.5 * (result.published->interval_j.high - result.published->interval_j.low);
  EXPECT_GT(std::abs(result.published->mean_j - truth), 3.0 * half) << "sure of a wrong figure";
  EXPECT_LE(result.energy_per_image.comparison->low, truth);
  EXPECT_GE(result.energy_per_image.comparison->high, truth);
  EXPECT_FALSE(result.precision_reached);
}

}  // namespace
}  // namespace wattfor::part_time_test
