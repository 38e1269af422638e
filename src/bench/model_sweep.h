#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/batch_schedule.h"
#include "bench/cell_result.h"
#include "bench/metered_run.h"
#include "bench/power_log.h"
#include "bench/sweep.h"
#include "bench/worker.h"
#include "measurement/measurement.h"

namespace wattfor {

// What the models of one sweep share while it goes on.
struct SweepState {
  SweepSummary summary;
  SweepProgress progress;
  bool worker_heard = false;  // a worker has said hello: the command is right
};

// A new schedule for a model of this plan.
std::unique_ptr<BatchSchedule> schedule_of(const SweepPlan& plan);

// The cells of one model: asks the schedule which is next, takes it from the journal or measures
// it.
class ModelSweep {
 public:
  ModelSweep(const SweepPlan& plan, const SweepSite& site, PowerLogs& logs, SweepState& state,
             Model model);

  // Until the schedule is finished, the model can't be loaded, or the sweep is interrupted.
  void run();

 private:
  Cell cell_at(int batch) const;
  std::optional<Measurement> finished_before(const Cell& cell) const;
  // A record of what the cell yielded; nothing where it was interrupted.
  std::optional<Measurement> attempt(const Cell& cell);
  void adopt_facts(const Measurement& record);
  void follow_fixed_batch(const Measurement& record);
  // Brings up a worker with the model loaded, where there is none.
  std::optional<WorkerFailure> ready_worker();
  void measure_idle();
  CellAttempt measure(const Cell& cell);
  void add_context(Measurement& record, const SurroundingsNow& before) const;
  Measurement blank_record(const Cell& cell) const;
  void record_skipped();
  // Stores, counts and tells the observer.
  void record(const Measurement& measurement);
  void report_found(const Measurement& measurement);
  void heard(const Measurement& measurement);
  bool beyond_memory(const Measurement& measurement) const;
  SweepProgress progress() const;

  const SweepPlan& plan_;
  const SweepSite& site_;
  PowerLogs& logs_;
  SweepState& state_;
  RunMeter run_meter_;
  Model model_;
  Setup setup_;
  std::unique_ptr<BatchSchedule> schedule_;
  std::unique_ptr<Worker> worker_;
  std::map<std::string, std::string> settings_;  // the plan's and the worker's
  std::vector<std::string> warnings_;            // the site's, and of other work on the machine
  bool idle_measured_ = false;
  bool loaded_once_ = false;
  int failed_starts_ = 0;           // of the worker, in a row
  bool measured_ = false;           // at one batch size at least, now or by an earlier sweep
  std::optional<int> fixed_batch_;  // as the loaded model says
  bool batch_is_fixed_ = false;     // and the schedule follows it
};

}  // namespace wattfor
