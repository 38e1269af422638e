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
// documentation of torchrun, "Environment Variables"; mpirun(1) of Open MPI, "Exported Environment
// Variables". $WATTFOR_JOB is the user's own word for a job.
struct JobFacts {
  std::map<std::string, std::string> variables;  // those that are set: "SLURM_JOB_ID", "RANK"
  // Tasks of the job on this node that were started as this process was; nothing where nobody says.
  std::optional<int> tasks_on_node;
  std::optional<int> rank;        // of this process, among the job's
  std::optional<int> local_rank;  // the same, among those on the node
  // What the processes that were started as parts of one program have in common on this node, and
  // no others there; empty where nobody says that there are several.
  std::string peers;
};

JobFacts read_job_facts(const Environment& environment);

}  // namespace wattfor
