#include "sensor/host_job.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

namespace wattfor::host_job_test {
namespace {

using Variables = std::map<std::string, std::string>;

JobFacts facts_of(const Variables& variables) {
  return read_job_facts([&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

TEST(HostJobTest, KeepsTheWordsThatAreSet) {
  const Variables job{
      {"SLURM_JOB_ID", "4711"}, {"SLURM_ARRAY_TASK_ID", "3"}, {"RANK", "0"}, {"WORLD_SIZE", "8"}};
  Variables all = job;
  all["HOME"] = "/root";
  all["SLURM_PROCID"] = "";
  all["SLURM_NTASKS"] = std::string(100'000, '1');
  EXPECT_EQ(facts_of(all).variables, job);
  EXPECT_EQ(facts_of(all).tasks_on_node, std::nullopt);
}

TEST(HostJobTest, CountsTheTasksOfAStepOnThisNode) {
  Variables step{{"SLURM_JOB_ID", "1"},
                 {"SLURM_STEP_ID", "0"},
                 {"SLURM_STEP_TASKS_PER_NODE", "4(x2),1"},
                 {"SLURM_NODEID", "1"}};
  EXPECT_EQ(facts_of(step).tasks_on_node, 4);
  step["SLURM_NODEID"] = "2";
  EXPECT_EQ(facts_of(step).tasks_on_node, 1);
  step["SLURM_NODEID"] = "3";
  EXPECT_EQ(facts_of(step).tasks_on_node, std::nullopt);
}

TEST(HostJobTest, FallsBackToWhatWasAskedFor) {
  EXPECT_EQ(facts_of({{"SLURM_STEP_ID", "0"}, {"SLURM_NTASKS_PER_NODE", "4"}}).tasks_on_node, 4);
}

TEST(HostJobTest, ABatchJobsScriptRunsOnce) {
  EXPECT_EQ(facts_of({{"SLURM_JOB_ID", "1"}, {"SLURM_NTASKS_PER_NODE", "4"}}).tasks_on_node,
            std::nullopt);
}

TEST(HostJobTest, TorchrunSaysHowManyWorkersShareTheNode) {
  EXPECT_EQ(facts_of({{"LOCAL_RANK", "1"}, {"LOCAL_WORLD_SIZE", "8"}}).tasks_on_node, 8);
}

TEST(HostJobTest, GarbageIsNoNumber) {
  for (const char* garbage :
       {"", "four", "0", "-4", "4(x", "4(x)", "4(x0)", "4(xx2)", "99999999999", ","}) {
    EXPECT_EQ(
        facts_of(
            {{"SLURM_STEP_ID", "0"}, {"SLURM_NODEID", "0"}, {"SLURM_STEP_TASKS_PER_NODE", garbage}})
            .tasks_on_node,
        std::nullopt)
        << garbage;
    EXPECT_EQ(facts_of({{"LOCAL_WORLD_SIZE", garbage}}).tasks_on_node, std::nullopt) << garbage;
  }
}

}  // namespace
}  // namespace wattfor::host_job_test
