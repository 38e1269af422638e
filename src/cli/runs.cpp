#include <fmt/format.h>

#include <utility>
#include <vector>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "measurement/json.h"
#include "report/run_choice.h"
#include "report/run_list.h"
#include "report/run_summary.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

constexpr const char* no_runs =
    "The store has no runs: `wattfor run -- COMMAND` measures one, `wattfor.track()` in Python "
    "too.";
constexpr const char* no_jobs =
    "No run of this store is of a job: Slurm, torchrun and mpirun name theirs, and $WATTFOR_JOB "
    "names "
    "any.";

}  // namespace

int run_verb(const RunsOptions& options) {
  auto stored = Store(store_path(options.db), StoreAccess::read).measurements();
  const auto records = options.jobs ? jobs_of(stored) : with_jobs(std::move(stored), options.runs);
  const bool lists = options.runs.empty();
  const auto runs = lists ? runs_among(records) : required_runs(records, options.runs);
  if (options.json) {
    nlohmann::json answer = lists ? run_list_json(runs) : nlohmann::json::array();
    if (!lists) {
      for (const Measurement* run : runs) answer.push_back(to_json(*run));
    }
    fmt::print("{}\n", dump(answer, 2));
    return 0;
  }
  const int width = terminal_width(stdout);
  if (lists) fmt::print("{}", run_list_text(runs, options.jobs ? no_jobs : no_runs, width));
  if (lists) return 0;
  const char* between = "";
  for (const Measurement* run : runs) {
    fmt::print("{}{}record {}\n", between, run_summary(*run, width), run->id);
    between = "\n";
  }
  return 0;
}

}  // namespace wattfor::cli
