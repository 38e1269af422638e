#include "bench/adaptive.h"

#include <gtest/gtest.h>

#include <chrono>

#include "support/simulated_worker.h"
#include "support/text.h"

namespace wattfor::adaptive_test {
namespace {

using test::has_text;

using test::SimulatedMachine;
using test::SimulatedModel;
using test::SimulatedWork;
using test::SimulatedWorker;

Cell cell_of_batch(int batch_size, int replicates = 0) {
  Cell cell;
  cell.batch_size = batch_size;
  cell.replicates = replicates;
  return cell;
}

MeteredRun pilot_with(double joules, double edges, double seconds) {
  MeteredRun run;
  run.marks.count = {1};
  run.marks.end = {run.marks.started +
                   std::chrono::duration_cast<Instant::duration>(Seconds(seconds))};
  run.energy.total.gross = EnergyFigure{.energy = Joules(joules),
                                        .absolute = {},
                                        .comparison = Interval{joules - edges, joules + edges}};
  return run;
}

TEST(AdaptiveTest, LengthsFollowTheSlowestSensorAndTheBudget) {
  const auto quick = replicate_lengths(Seconds(0.001), Seconds(3.0));
  EXPECT_DOUBLE_EQ(quick.pilot.count(), 0.1);
  EXPECT_DOUBLE_EQ(quick.shortest.count(), 0.1);
  EXPECT_DOUBLE_EQ(quick.longest.count(), 0.58);
  const auto gauge = replicate_lengths(Seconds(0.1), Seconds(10.0));
  EXPECT_DOUBLE_EQ(gauge.pilot.count(), 0.3);
  EXPECT_DOUBLE_EQ(gauge.shortest.count(), 1.0);
  EXPECT_DOUBLE_EQ(gauge.longest.count(), 1.94);
  const auto tight = replicate_lengths(Seconds(0.1), Seconds(0.4));
  EXPECT_DOUBLE_EQ(tight.pilot.count(), 0.05);
  EXPECT_DOUBLE_EQ(tight.shortest.count(), 0.07);
}

// ±0.2 J on 10 J in 0.1 s is 2 %; for 1 % the window has to be twice as long.
TEST(AdaptiveTest, AReplicateIsAsLongAsItsEdgesNeed) {
  const ReplicateLengths lengths{
      .pilot = Seconds(0.1), .shortest = Seconds(0.1), .longest = Seconds(0.5)};
  EXPECT_NEAR(replicate_length(pilot_with(10, 0.2, 0.1), 0.01, lengths).count(), 0.2, 1e-12);
  EXPECT_DOUBLE_EQ(replicate_length(pilot_with(10, 0.0, 0.1), 0.01, lengths).count(), 0.1);
  EXPECT_DOUBLE_EQ(replicate_length(pilot_with(10, 9.0, 0.1), 0.01, lengths).count(), 0.5);
  EXPECT_DOUBLE_EQ(replicate_length(MeteredRun{}, 0.01, lengths).count(), 0.1);
}

// A cell of a simulated model, measured.
struct Attempt {
  Attempt(const SimulatedModel& model, const Cell& cell, const AdaptiveLimits& limits) {
    SimulatedMachine machine(Watts(10));
    SimulatedWorker worker(machine, model, work);
    const RunMeter run_meter(machine.meter(), machine.pace());
    attempt = measure_adaptive(run_meter, worker, cell, limits);
  }
  const MeasuredCell& measured() const { return std::get<MeasuredCell>(attempt); }

  SimulatedWork work;
  CellAttempt attempt;
};

TEST(AdaptiveTest, StopsAfterFourReplicatesWhereNothingVaries) {
  const Attempt attempt({}, cell_of_batch(10), {});
  const CellResult& result = attempt.measured().result;
  EXPECT_EQ(result.replicates.size(), 4u);
  EXPECT_TRUE(result.precision_reached);
  EXPECT_NEAR(result.energy_per_image.energy.value(), 0.015, 0.015 * 0.01);
  EXPECT_TRUE(attempt.measured().warnings.empty());
  EXPECT_EQ(attempt.work.warm_ups, 1);
  EXPECT_EQ(attempt.work.runs, 5);  // with the pilot
  EXPECT_LT(attempt.measured().energy.duration, Seconds(1.0));
}

TEST(AdaptiveTest, SaysSoWhereTheBudgetRanOut) {
  SimulatedModel noisy;
  noisy.noise = 0.2;
  const Attempt attempt(noisy, cell_of_batch(10), {.target = 0.01, .budget = Seconds(3.0)});
  const MeasuredCell& cell = attempt.measured();
  EXPECT_FALSE(cell.result.precision_reached);
  EXPECT_GT(cell.result.replicates.size(), 4u);
  EXPECT_LE(cell.energy.duration, Seconds(3.0));
  ASSERT_EQ(cell.warnings.size(), 1u);
  EXPECT_TRUE(has_text(cell.warnings[0], "precision not reached: ±"));
  EXPECT_TRUE(has_text(cell.warnings[0], "target ±1 %"));
}

TEST(AdaptiveTest, RunsTwoReplicatesWhereABatchAloneEatsTheBudget) {
  SimulatedModel slow;
  slow.batch_duration = [](int) { return Seconds(4.0); };
  const Attempt attempt(slow, cell_of_batch(1), {.target = 0.01, .budget = Seconds(3.0)});
  EXPECT_EQ(attempt.measured().result.replicates.size(), 2u);
  EXPECT_EQ(attempt.work.runs, 2);
}

TEST(AdaptiveTest, LongBatchesAreFewerSoThatFourReplicatesFit) {
  for (const double batch : {0.15, 0.2, 0.3, 0.5}) {
    SimulatedModel slow;
    slow.batch_duration = [batch](int) { return Seconds(batch); };
    const Attempt attempt(slow, cell_of_batch(1), {.target = 0.01, .budget = Seconds(3.0)});
    EXPECT_GE(attempt.measured().result.replicates.size(), 4U) << batch << " s a batch";
    EXPECT_TRUE(attempt.measured().result.precision_reached) << batch << " s a batch";
  }
}

TEST(AdaptiveTest, OneReplicateHasNoPrecision) {
  const Attempt attempt({}, cell_of_batch(10, 1), {});
  EXPECT_FALSE(attempt.measured().result.precision_reached);
  EXPECT_EQ(attempt.measured().warnings,
            (std::vector<std::string>{"precision unknown: one replicate has no spread"}));
}

TEST(AdaptiveTest, AnExplicitNumberOfReplicatesIsThatNumber) {
  const Attempt attempt({}, cell_of_batch(10, 7), {});
  EXPECT_EQ(attempt.measured().result.replicates.size(), 7u);
}

TEST(AdaptiveTest, AFailureOfTheWarmUpIsTheCells) {
  SimulatedModel small;
  small.memory_limit = 8;
  const Attempt attempt(small, cell_of_batch(16), {});
  const auto& failure = std::get<WorkerFailure>(attempt.attempt);
  EXPECT_EQ(failure.kind, protocol::FailureKind::out_of_memory);
  EXPECT_EQ(attempt.work.runs, 0);
}

// The counter moves every 100 ms only, as a board's does: the edges of a window are uncertain by
// what flows meanwhile, and the replicates have to be longer.
TEST(AdaptiveTest, ASlowCounterMakesLongerReplicates) {
  SimulatedMachine machine(Watts(10), std::chrono::milliseconds(100));
  SimulatedWork work;
  SimulatedWorker worker(machine, {}, work);
  const RunMeter run_meter(machine.meter(), machine.pace());
  const auto attempt = measure_adaptive(run_meter, worker, cell_of_batch(10),
                                        {.target = 0.02, .budget = Seconds(20.0)});
  const auto& measured = std::get<MeasuredCell>(attempt);
  EXPECT_GE(measured.result.replicates.at(0).duration, Seconds(1.0));
  EXPECT_NEAR(measured.result.energy_per_image.energy.value(), 0.015, 0.015 * 0.05);
}

}  // namespace
}  // namespace wattfor::adaptive_test
