#include "sensor/host_job.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

constexpr std::array job_variables{"WATTFOR_JOB",
                                   "SLURM_JOB_ID",
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
                                   "LOCAL_WORLD_SIZE",
                                   "TORCHELASTIC_RUN_ID",
                                   "OMPI_COMM_WORLD_RANK",
                                   "OMPI_COMM_WORLD_SIZE",
                                   "OMPI_COMM_WORLD_LOCAL_RANK",
                                   "OMPI_COMM_WORLD_LOCAL_SIZE",
                                   "PMIX_NAMESPACE"};
constexpr std::size_t longest_value = 256;

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

using Variables = std::map<std::string, std::string>;

std::string_view value_of(const Variables& variables, const char* name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string_view() : found->second;
}

// The tasks of a step of srun. The script of a batch job sees the same numbers for its steps, and
// runs but once: it is in no step.
std::optional<int> step_tasks_on_node(const Variables& variables) {
  const auto value = [&](const char* name) { return value_of(variables, name); };
  if (value("SLURM_STEP_ID").empty()) return std::nullopt;
  const auto node = whole_number(value("SLURM_NODEID"));
  if (node && *node >= 0) {
    const auto tasks = tasks_of_node(value("SLURM_STEP_TASKS_PER_NODE"), *node);
    if (tasks) return tasks;
  }
  return count_of(value("SLURM_NTASKS_PER_NODE"));
}

std::optional<int> tasks_on_node(const Variables& variables) {
  for (const char* name : {"LOCAL_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"}) {
    if (const auto tasks = count_of(value_of(variables, name))) return tasks;
  }
  return step_tasks_on_node(variables);
}

std::optional<int> rank_of(const Variables& variables, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto rank = whole_number(value_of(variables, name));
    if (rank && *rank >= 0 && std::in_range<int>(*rank)) return static_cast<int>(*rank);
  }
  return std::nullopt;
}

// Launchers that say nothing of the node (PyTorch Lightning's own) say where the ranks meet.
std::string peers_of(const Variables& variables, const Environment& environment) {
  const auto value = [&](const char* name) { return value_of(variables, name); };
  const auto several = [&](const char* name) { return count_of(value(name)).value_or(1) > 1; };
  if (!value("WATTFOR_JOB").empty()) return fmt::format("job {}", value("WATTFOR_JOB"));
  if (step_tasks_on_node(variables).value_or(1) > 1) {
    return fmt::format("step {}.{}", value("SLURM_JOB_ID"), value("SLURM_STEP_ID"));
  }
  if (several("WORLD_SIZE")) {
    const auto place = environment("MASTER_ADDR");
    const auto port = environment("MASTER_PORT");
    if (port) return fmt::format("ranks that meet at {}:{}", place.value_or(""), *port);
  }
  if (several("OMPI_COMM_WORLD_LOCAL_SIZE") && !value("PMIX_NAMESPACE").empty()) {
    return fmt::format("mpirun {}", value("PMIX_NAMESPACE"));
  }
  return "";
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

JobFacts read_job_facts(const Environment& environment) {
  JobFacts facts;
  for (const char* name : job_variables) {
    auto value = environment(name);
    if (!value || value->empty() || value->size() > longest_value) continue;
    facts.variables.emplace(name, *std::move(value));
  }
  facts.tasks_on_node = tasks_on_node(facts.variables);
  facts.rank = rank_of(facts.variables, {"RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID"});
  facts.local_rank =
      rank_of(facts.variables, {"LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "SLURM_LOCALID"});
  facts.peers = peers_of(facts.variables, environment);
  return facts;
}

}  // namespace wattfor
