// Sweeps on a gauge that looks part of the time, simulated: a whole machine whose truth is known.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "bench/adaptive.h"
#include "bench/study.h"
#include "meter/meter.h"
#include "simulation/simulated_device.h"
#include "support/text.h"

namespace wattfor {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds step{5};
constexpr milliseconds batch{20};  // of one image, on average

// A board under a square wave of that period while a worker's run goes on, and its meter.
class Board {
 public:
  Board(std::uint64_t seed, Seconds window, Seconds load_period)
      : clock_(std::make_shared<ManualClock>()),
        simulation_(simulate(spec(seed, window, load_period), clock_)),
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
  static SimulationSpec spec(std::uint64_t seed, Seconds window, Seconds load_period) {
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
  explicit BoardWorker(Board& board) : board_(board) {}

  const protocol::HelloReply& hello() const override { return hello_; }
  std::variant<protocol::Loaded, WorkerFailure> load(const protocol::Load& /*load*/) override {
    return protocol::Loaded{};
  }
  std::variant<RunMarks, WorkerFailure> run(
      const protocol::Run& run, const std::function<void(Instant)>& on_started) override {
    RunMarks marks;
    if (run.warm_up) return marks;
    marks.started = board_.now();
    board_.load().begin_work(marks.started);
    on_started(marks.started);
    while (marks.end.empty() || marks.batches() < run.min_batches ||
           marks.duration() < Seconds(run.min_seconds)) {
      board_.pass(batch);
      marks.count.push_back(1);
      marks.end.push_back(board_.now());
    }
    board_.load().end_work(board_.now());
    joules_ += board_.load().energy(marks.started, board_.now()).value();
    images_ += static_cast<double>(marks.batches());
    return marks;
  }
  double joules_per_image() const { return joules_ / images_; }

 private:
  Board& board_;
  protocol::HelloReply hello_;
  double joules_ = 0.0;
  double images_ = 0.0;
};

Cell one_image() {
  Cell cell;
  cell.batch_size = 1;
  return cell;
}

TEST(PartTimeTest, StratifiedLaunchesTellALoadThatKeepsStepWithTheGauge) {
  // 25 of every 100 ms, and a load of the same period: one window is wrong by up to 60 %.
  int held = 0;
  constexpr int boards = 10;
  for (int i = 0; i < boards; ++i) {
    Board board(static_cast<std::uint64_t>(i + 1), Seconds(0.025), Seconds(0.1));
    BoardWorker worker(board);
    Cell cell = one_image();
    cell.seed = static_cast<std::uint64_t>(i);
    const CellAttempt attempt = measure_adaptive(RunMeter(board.meter(), board.pace()), worker,
                                                 cell, {.target = 0.02, .budget = Seconds(60.0)});
    const CellResult& result = std::get<MeasuredCell>(attempt).result;
    EXPECT_GE(result.replicates.size(), 4U);
    const double truth = worker.joules_per_image();
    EXPECT_NEAR(result.energy_per_image.energy.value(), truth, 0.05 * truth);
    EXPECT_LT(*relative_half_width(result.energy_per_image), 0.10);
    const Interval& interval = *result.energy_per_image.comparison;
    if (interval.low <= truth && truth <= interval.high) ++held;
  }
  EXPECT_GE(held, 8);
}

TEST(PartTimeTest, WhereNoLaunchesFitIntoTheBudgetTheBoundsStay) {
  Board board(1, Seconds(0.025), Seconds(0.1));
  BoardWorker worker(board);
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
  BoardWorker worker(board);
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
  BoardWorker worker(board);
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
}  // namespace wattfor
