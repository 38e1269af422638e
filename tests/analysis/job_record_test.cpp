#include "analysis/job_record.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::job_record_test {
namespace {

EnergyFigure figure(double joules) {
  return {.energy = Joules(joules),
          .absolute = Interval{.low = 0.9 * joules, .high = 1.1 * joules},
          .comparison = Interval{.low = 0.99 * joules, .high = 1.01 * joules}};
}

MarkedWindow epoch(std::int64_t number, double start, double joules) {
  return {.kind = WindowKind::epoch,
          .epoch = number,
          .start = Seconds(start),
          .duration = Seconds(4.0),
          .basis = Basis::measured,
          .gross = figure(joules)};
}

// A run that began so many seconds after noon.
Measurement run(const std::string& id, const std::string& node, int second, double seconds,
                double joules) {
  Measurement run;
  run.id = id;
  run.name = "train";
  run.started_at =
      "2026-01-31T12:00:" + std::string(second < 10 ? "0" : "") + std::to_string(second) + ".000Z";
  run.machine.hostname = node;
  run.energy.duration = Seconds(seconds);
  run.energy.total.scope = "cpu";
  run.energy.total.basis = Basis::measured;
  run.energy.total.gross = figure(joules);
  ComponentEnergy& package = run.energy.components.emplace_back();
  package.name = "cpu package 0";
  package.kind = ComponentKind::cpu;
  package.basis = Basis::measured;
  package.gross = figure(joules);
  run.context.emplace();
  run.context->job = {{"SLURM_JOB_ID", "4711"}};
  return run;
}

Measurement sum_of(const std::vector<Measurement>& records) {
  return job_record("4711", runs_of_job(records, "4711"));
}

TEST(JobRecordTest, AddsTheNodesUp) {
  std::vector<Measurement> records{run("a", "n1", 0, 10.0, 1000.0), run("b", "n2", 1, 12.0, 500.0)};
  records[1].energy.total.basis = Basis::modelled;
  const Measurement job = sum_of(records);
  EXPECT_EQ(job.id, "job:4711");
  EXPECT_EQ(job.name, "train");
  EXPECT_EQ(job.machine.hostname, "n1, n2");
  EXPECT_EQ(job.started_at, "2026-01-31T12:00:00.000Z");
  EXPECT_DOUBLE_EQ(job.energy.duration.count(), 13.0);
  ASSERT_TRUE(job.energy.total.gross);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->energy.value(), 1500.0);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->absolute->low, 1350.0);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->comparison->high, 1515.0);
  EXPECT_EQ(job.energy.total.basis, Basis::modelled) << "the weakest";
  EXPECT_EQ(job.energy.total.scope, "cpu");
  ASSERT_EQ(job.energy.components.size(), 2U);
  EXPECT_EQ(job.energy.components[0].name, "n1: cpu package 0");
  EXPECT_EQ(job.settings.at("nodes"), "2");
  EXPECT_EQ(job.warnings, std::vector<std::string>{});
  EXPECT_EQ(job.outcome, Outcome::done);
}

TEST(JobRecordTest, ANodeThatTwoRecordsHoldAtOnceCountsOnce) {
  const Measurement job =
      sum_of({run("short", "n1", 2, 5.0, 480.0), run("long", "n1", 0, 10.0, 1000.0)});
  EXPECT_DOUBLE_EQ(job.energy.total.gross->energy.value(), 1000.0);
  EXPECT_EQ(job.warnings,
            std::vector<std::string>{"n1: of record short nothing counts, as longer records hold "
                                     "the same node at the same time"});
}

TEST(JobRecordTest, OfRecordsThatOverlapInPartEachMomentCountsOnce) {
  std::vector<Measurement> records{run("long", "n1", 0, 10.0, 1000.0),
                                   run("late", "n1", 8, 8.0, 800.0)};
  records[1].windows = {epoch(1, 0.0, 300.0)};
  const Measurement job = sum_of(records);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->energy.value(), 1600.0);
  EXPECT_DOUBLE_EQ(job.energy.components.at(0).gross->energy.value(), 1600.0);
  EXPECT_DOUBLE_EQ(job.energy.duration.count(), 16.0);
  EXPECT_EQ(job.warnings,
            std::vector<std::string>{"n1: of record late 75 % counts, as longer records hold the "
                                     "same node at the same time"});
  EXPECT_EQ(job.windows.size(), 1U);
}

TEST(JobRecordTest, KnowsTheEpochsOfARunWithinARunThatHasNone) {
  std::vector<Measurement> records{run("outer", "n1", 0, 10.0, 1000.0),
                                   run("inner", "n1", 1, 8.0, 800.0)};
  records[1].windows = {epoch(1, 0.0, 300.0)};
  const Measurement job = sum_of(records);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->energy.value(), 1000.0);
  ASSERT_EQ(job.windows.size(), 1U);
  EXPECT_DOUBLE_EQ(job.windows[0].start.count(), 1.0);
}

TEST(JobRecordTest, RecordsOfANodeOneAfterAnotherAddUp) {
  std::vector<Measurement> records{run("dead", "n1", 0, 5.0, 500.0),
                                   run("rest", "n1", 6, 4.0, 400.0)};
  records[0].outcome = Outcome::interrupted;
  records[0].windows = {epoch(1, 0.0, 300.0)};
  records[1].windows = {epoch(2, 0.0, 310.0)};
  const Measurement job = sum_of(records);
  EXPECT_DOUBLE_EQ(job.energy.total.gross->energy.value(), 900.0);
  EXPECT_DOUBLE_EQ(job.energy.components.at(0).gross->energy.value(), 900.0);
  EXPECT_EQ(job.outcome, Outcome::done) << "another went on, to the end";
  ASSERT_EQ(job.windows.size(), 2U);
  EXPECT_DOUBLE_EQ(job.windows[1].start.count(), 6.0);
}

TEST(JobRecordTest, AnEpochIsTheJobsWhereEveryNodeHasIt) {
  std::vector<Measurement> records{run("a", "n1", 0, 10.0, 1000.0), run("b", "n2", 1, 10.0, 800.0)};
  records[0].windows = {epoch(1, 1.0, 300.0), epoch(2, 5.0, 310.0)};
  records[1].windows = {epoch(1, 0.5, 200.0), epoch(2, 4.5, 210.0)};
  records[1].windows[0].duration = Seconds(4.5);
  records[1].windows[1].ended = false;
  const Measurement job = sum_of(records);
  ASSERT_EQ(job.windows.size(), 1U);
  EXPECT_DOUBLE_EQ(job.windows[0].gross->energy.value(), 500.0);
  EXPECT_DOUBLE_EQ(job.windows[0].gross->absolute->high, 550.0);
  EXPECT_DOUBLE_EQ(job.windows[0].start.count(), 1.0);
  EXPECT_DOUBLE_EQ(job.windows[0].duration.count(), 4.5);
}

TEST(JobRecordTest, ANodeWithoutAFigureLeavesNoSum) {
  std::vector<Measurement> records{run("a", "n1", 0, 10.0, 1000.0), run("b", "n2", 0, 10.0, 800.0)};
  records[1].energy.total.gross.reset();
  records[1].energy.total.basis = Basis::missing;
  const Measurement job = sum_of(records);
  EXPECT_FALSE(job.energy.total.gross);
  EXPECT_EQ(job.energy.total.basis, Basis::missing);
  EXPECT_EQ(job.warnings,
            std::vector<std::string>{"n2: of record b no energy is known, so there is no sum"});
}

TEST(JobRecordTest, KnowsWhatAnyOfItsRanksTold) {
  std::vector<Measurement> records{run("a", "n1", 0, 10.0, 1000.0), run("b", "n2", 0, 10.0, 800.0)};
  records[0].training = TrainingFacts{.model = "m", .epochs_total = 90};
  records[1].training = TrainingFacts{.accuracy_percent = 76.1};
  records[1].warnings = {"hot"};
  records[1].outcome = Outcome::failed;
  records[1].reason = "out of memory";
  const Measurement job = sum_of(records);
  EXPECT_EQ(job.training->model, "m");
  EXPECT_EQ(job.training->accuracy_percent, 76.1);
  EXPECT_EQ(job.warnings, std::vector<std::string>{"n2: hot"});
  EXPECT_EQ(job.outcome, Outcome::failed);
  EXPECT_EQ(job.reason, "n2: out of memory");
}

TEST(JobRecordTest, ARecordThatBeganAtNoTimeIsRefused) {
  std::vector<Measurement> records{run("a", "n1", 0, 10.0, 1000.0)};
  records[0].started_at = "noon";
  test::expect_refusal(test::refusal_of([&] { sum_of(records); }), ErrorCode::invalid_input,
                       "record a: it began at 'noon', which is no time");
}

TEST(JobRecordTest, JobsAreFoundByWhatTheirLauncherCallsThem) {
  std::vector<Measurement> records{run("a", "n1", 0, 1.0, 1.0), run("b", "n1", 2, 1.0, 1.0),
                                   run("c", "n1", 4, 1.0, 1.0), run("d", "n1", 6, 1.0, 1.0)};
  records[1].context->job = {{"TORCHELASTIC_RUN_ID", "night"}};
  records[2].context->job = {{"TORCHELASTIC_RUN_ID", "none"}};  // torchrun's word for no id
  records[3].context->job = {{"SLURM_JOB_ID", "1"}, {"WATTFOR_JOB", "night"}};
  EXPECT_EQ(jobs_among(records), (std::vector<std::string>{"4711", "night"}));
  EXPECT_EQ(runs_of_job(records, "night").size(), 2U);
  records[3].context->job = {{"SLURM_JOB_ID", "1"}, {"WATTFOR_JOB", ""}};
  EXPECT_EQ(jobs_among(records), (std::vector<std::string>{"4711", "night", "1"}));
  records[3].context->job = {{"WATTFOR_JOB", "night"}};
  records[0].cell.emplace();
  EXPECT_EQ(jobs_among(records), std::vector<std::string>{"night"}) << "a sweep's cell is no run";
}

}  // namespace
}  // namespace wattfor::job_record_test
