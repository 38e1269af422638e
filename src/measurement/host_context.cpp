#include "measurement/host_context.h"

namespace wattfor {

std::string job_of(const HostContext& context) {
  for (const char* name :
       {"WATTFOR_JOB", "SLURM_JOB_ID", "TORCHELASTIC_RUN_ID", "PMIX_NAMESPACE"}) {
    const auto found = context.job.find(name);
    if (found != context.job.end() && !found->second.empty() && found->second != "none") {
      return found->second;
    }
  }
  return "";
}

}  // namespace wattfor
