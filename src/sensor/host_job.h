#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace wattfor {

// The value of an environment variable; nothing where it is unset.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

// This process's own.
std::optional<std::string> environment_variable(const std::string& name);

// What a scheduler or launcher says of the job that this process belongs to, in its environment
// alone: no controller is asked. Sources: srun(1), "OUTPUT ENVIRONMENT VARIABLES"; the
// documentation of torchrun, "Environment Variables".
struct JobFacts {
  std::map<std::string, std::string> variables;  // those that are set: "SLURM_JOB_ID", "RANK"
  // Tasks of the job on this node that were started as this process was; nothing where nobody says.
  std::optional<int> tasks_on_node;
};

JobFacts read_job_facts(const Environment& environment);

}  // namespace wattfor
