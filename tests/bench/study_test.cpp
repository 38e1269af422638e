#include "bench/study.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "support/simulated_worker.h"

namespace wattfor::study_test {
namespace {

using test::SimulatedMachine;
using test::SimulatedModel;
using test::SimulatedWork;
using test::SimulatedWorker;

constexpr Instant t0{std::chrono::seconds(1000)};

Cell cell_of_batch(int batch_size, int replicates = 0) {
  Cell cell;
  cell.batch_size = batch_size;
  cell.replicates = replicates;
  return cell;
}

// Twenty batches of 1 s after a start: the first 5 % is the first second.
RunMarks twenty_batches() {
  RunMarks marks{.started = t0, .count = {}, .end = {}, .memory_bytes = {}};
  for (int i = 1; i <= 20; ++i) {
    marks.count.push_back(1);
    marks.end.push_back(t0 + std::chrono::seconds(i));
  }
  return marks;
}

TEST(StudyTest, DropsTheFirstTwentiethOfARun) {
  const auto energies = batch_energies(twenty_batches(), 4, [](Instant begin, Instant end) {
    // 8 W, and 1 J more in the batch that ends at 20 s.
    return std::optional(Watts(8) * Seconds(end - begin) +
                         Joules(end == t0 + std::chrono::seconds(20) ? 1.0 : 0.0));
  });
  ASSERT_EQ(energies.size(), 19u);
  EXPECT_DOUBLE_EQ(energies.front().joules_per_image, 2.0);
  EXPECT_DOUBLE_EQ(energies.back().joules_per_image, 2.25);
}

TEST(StudyTest, LeavesOutBatchesThatTheLogDoesNotCover) {
  const auto energies =
      batch_energies(twenty_batches(), 1, [](Instant, Instant end) -> std::optional<Joules> {
        if (end > t0 + std::chrono::seconds(18)) return std::nullopt;
        return Joules(1.0);
      });
  EXPECT_EQ(energies.size(), 17u);
}

// 1, 2, 3, 4 J: mean 2.5, s = √(5/3) = 1.290994, s/√4 = 0.645497, ±1.96 · that = ±1.265174.
TEST(StudyTest, PublishesMeanSpreadAndInterval) {
  const std::vector<BatchEnergy> batches{{1.0, 1}, {2.0, 1}, {3.0, 1}, {4.0, 1}};
  const auto published = *published_interval(batches);
  EXPECT_DOUBLE_EQ(published.mean_j, 2.5);
  EXPECT_NEAR(published.standard_deviation_j, 1.290994, 1e-6);
  EXPECT_NEAR(published.standard_error_j, 0.645497, 1e-6);
  EXPECT_NEAR(published.interval_j.low, 2.5 - 1.265174, 1e-6);
  EXPECT_NEAR(published.interval_j.high, 2.5 + 1.265174, 1e-6);
  EXPECT_EQ(published.batches, 4);
}

TEST(StudyTest, AnEntryOfSeveralBatchesCountsAsThatMany) {
  const std::vector<BatchEnergy> summed{{1.0, 3}, {5.0, 1}};
  const std::vector<BatchEnergy> apart{{1.0, 1}, {1.0, 1}, {1.0, 1}, {5.0, 1}};
  EXPECT_EQ(*published_interval(summed), *published_interval(apart));
}

TEST(StudyTest, OneBatchHasNoInterval) {
  EXPECT_FALSE(published_interval(std::vector<BatchEnergy>{{1.0, 1}}).has_value());
  EXPECT_FALSE(published_interval({}).has_value());
}

// 10 ms a batch of 8 at 40 W: 0.05 J an image, whatever way it is counted.
TEST(StudyTest, RunsThreeReplicatesOfMoreThanThirteenBatchesAndTenSeconds) {
  SimulatedMachine machine(Watts(10));
  SimulatedWork work;
  SimulatedModel model;
  model.batch_duration = [](int) { return Seconds(0.01); };
  model.energy_per_image = [](int) { return Joules(0.05); };
  SimulatedWorker worker(machine, model, work);
  PowerLogs logs(Scope::host_only);
  machine.meter().observe([&](const Sample& sample) { logs.add(sample); });
  const RunMeter run_meter(machine.meter(), machine.pace());

  const auto attempt = measure_study(run_meter, logs, worker, cell_of_batch(8), 0.01);

  ASSERT_TRUE(std::holds_alternative<MeasuredCell>(attempt));
  const CellResult& result = std::get<MeasuredCell>(attempt).result;
  EXPECT_EQ(work.warm_ups, 1);
  ASSERT_EQ(result.replicates.size(), 3u);
  for (const Replicate& replicate : result.replicates) {
    EXPECT_EQ(replicate.batches, 1000);
    EXPECT_NEAR(replicate.energy.value(), 400.0, 0.5);
  }
  EXPECT_NEAR(result.energy_per_image.energy.value(), 0.05, 1e-4);
  EXPECT_NEAR(result.throughput_per_s, 800.0, 1.0);
  EXPECT_NEAR(result.latency_ms, 10.0, 0.01);
  ASSERT_TRUE(result.published.has_value());
  EXPECT_EQ(result.published->batches, 3 * 950);
  EXPECT_NEAR(result.published->mean_j, 0.05, 1e-4);
  EXPECT_TRUE(result.precision_reached);
}

TEST(StudyTest, SlowBatchesRunUntilThereAreFourteen) {
  SimulatedMachine machine(Watts(10));
  SimulatedWork work;
  SimulatedModel model;
  model.batch_duration = [](int) { return Seconds(2.0); };
  SimulatedWorker worker(machine, model, work);
  PowerLogs logs(Scope::host_only);
  const RunMeter run_meter(machine.meter(), machine.pace());
  const auto attempt = measure_study(run_meter, logs, worker, cell_of_batch(1, 1), 0.01);
  const CellResult& result = std::get<MeasuredCell>(attempt).result;
  ASSERT_EQ(result.replicates.size(), 1u);
  EXPECT_EQ(result.replicates[0].batches, 14);
  EXPECT_FALSE(result.published.has_value());  // nobody logged
}

}  // namespace
}  // namespace wattfor::study_test
