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

TEST(HostJobTest, MpirunSaysHowManyProcessesShareTheNode) {
  const JobFacts facts =
      facts_of({{"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}, {"PMIX_NAMESPACE", "prterun-node1-77@1"}});
  EXPECT_EQ(facts.tasks_on_node, 4);
  EXPECT_EQ(facts.peers, "mpirun prterun-node1-77@1");
}

TEST(HostJobTest, TheTasksOfAStepAreEachOthersPeers) {
  Variables step{{"SLURM_JOB_ID", "4711"},
                 {"SLURM_STEP_ID", "2"},
                 {"SLURM_STEP_TASKS_PER_NODE", "4"},
                 {"SLURM_NODEID", "0"},
                 {"SLURM_PROCID", "3"}};
  EXPECT_EQ(facts_of(step).peers, "step 4711.2");
  step["SLURM_STEP_TASKS_PER_NODE"] = "1(x2)";
  EXPECT_EQ(facts_of(step).peers, "");
}

TEST(HostJobTest, RanksThatMeetAtOnePlaceArePeersWhoeverLaunchedThem) {
  const Variables ranks{
      {"WORLD_SIZE", "4"}, {"RANK", "1"}, {"MASTER_ADDR", "node1"}, {"MASTER_PORT", "29500"}};
  EXPECT_EQ(facts_of(ranks).peers, "ranks that meet at node1:29500");
  EXPECT_FALSE(facts_of(ranks).variables.contains("MASTER_ADDR"));  // of no use in a record
  Variables alone = ranks;
  alone["WORLD_SIZE"] = "1";
  EXPECT_EQ(facts_of(alone).peers, "");
}

TEST(HostJobTest, TheUsersOwnWordForAJobComesFirst) {
  EXPECT_EQ(facts_of({{"WATTFOR_JOB", "night"}, {"WORLD_SIZE", "4"}, {"MASTER_PORT", "1"}}).peers,
            "job night");
}

TEST(HostJobTest, AProcessAloneHasNoPeers) {
  EXPECT_EQ(facts_of({}).peers, "");
  EXPECT_EQ(facts_of({{"SLURM_JOB_ID", "1"}, {"SLURM_NTASKS_PER_NODE", "4"}}).peers, "");
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
