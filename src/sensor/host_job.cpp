#include "sensor/host_job.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

constexpr std::array job_variables{"SLURM_JOB_ID",
                                   "SLURM_STEP_ID",
                                   "SLURM_ARRAY_JOB_ID",
                                   "SLURM_ARRAY_TASK_ID",
                                   "SLURM_PROCID",
                                   "SLURM_LOCALID",
                                   "SLURM_NODEID",
                                   "SLURM_NNODES",
                                   "SLURM_NTASKS",
                                   "SLURM_NTASKS_PER_NODE",
                                   "SLURM_STEP_TASKS_PER_NODE",
                                   "RANK",
                                   "LOCAL_RANK",
                                   "WORLD_SIZE",
                                   "LOCAL_WORLD_SIZE"};

std::optional<int> count_of(std::string_view text) {
  const auto number = whole_number(text);
  if (!number || *number < 1 || !std::in_range<int>(*number)) return std::nullopt;
  return static_cast<int>(*number);
}

// The entry of node `node` in "4(x2),1": four tasks on each of two nodes, one on the third.
std::optional<int> tasks_of_node(std::string_view counts, std::int64_t node) {
  while (!counts.empty()) {
    const auto comma = counts.find(',');
    const std::string_view entry = counts.substr(0, comma);
    const auto repeated = entry.find("(x");
    const auto tasks = count_of(entry.substr(0, repeated));
    std::optional<int> nodes = 1;
    if (repeated != std::string_view::npos) {
      const std::string_view times = entry.substr(repeated + 2);
      nodes = count_of(times.substr(0, times.find(')')));
    }
    if (!tasks || !nodes) return std::nullopt;
    if (node < *nodes) return tasks;
    node -= *nodes;
    if (comma == std::string_view::npos) break;
    counts.remove_prefix(comma + 1);
  }
  return std::nullopt;
}

// Where several were started: by torchrun, or by srun as the tasks of a step. The script of a batch
// job sees the same numbers for its steps, and runs but once: it is in no step.
std::optional<int> tasks_on_node(const std::map<std::string, std::string>& variables) {
  const auto value = [&](const char* name) -> std::string_view {
    const auto found = variables.find(name);
    return found == variables.end() ? std::string_view() : found->second;
  };
  if (const auto workers = count_of(value("LOCAL_WORLD_SIZE"))) return workers;
  if (value("SLURM_STEP_ID").empty()) return std::nullopt;
  const auto node = whole_number(value("SLURM_NODEID"));
  if (node && *node >= 0) {
    const auto tasks = tasks_of_node(value("SLURM_STEP_TASKS_PER_NODE"), *node);
    if (tasks) return tasks;
  }
  return count_of(value("SLURM_NTASKS_PER_NODE"));
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

JobFacts read_job_facts(const Environment& environment) {
  constexpr std::size_t longest_value = 256;
  JobFacts facts;
  for (const char* name : job_variables) {
    auto value = environment(name);
    if (!value || value->empty() || value->size() > longest_value) continue;
    facts.variables.emplace(name, *std::move(value));
  }
  facts.tasks_on_node = tasks_on_node(facts.variables);
  return facts;
}

}  // namespace wattfor
