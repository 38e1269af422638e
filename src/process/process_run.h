#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/forks.h"
#include "measurement/measurement.h"
#include "process/meter_on_demand.h"
#include "tracking/kept_record.h"
#include "tracking/node_run.h"

namespace wattfor {

// What is known of a run as it begins.
struct RunDraft {
  std::string name;
  std::vector<std::string> command;                           // that started this process
  std::vector<std::pair<std::string, std::string>> settings;  // what else affects energy
  TrainingFacts facts = {};
  std::optional<std::string> db = {};  // the store; nothing: the usual one
  // For so long the machine is measured at rest, before the run begins.
  Seconds idle{0.0};
};

// A training that is tracked in this process, on its meter, from its making to finish(). What there
// is of it is kept in the store once a second. Where another process of the same job measures this
// node, the record is that one's (NodeRun). In a child made by fork every call throws
// Error{unsupported}, and nothing is written.
class ProcessRun {
 public:
  using Key = NodeRun::Key;

  // A store that can't be written ends nothing: trouble() tells, and so does the record. `look_up`
  // is called again and again while the machine is measured at rest, and may throw.
  ProcessRun(std::shared_ptr<MeterOnDemand> source, RunDraft draft,
             const std::function<void()>& look_up);
  ProcessRun(const ProcessRun&) = delete;
  ProcessRun& operator=(const ProcessRun&) = delete;
  ~ProcessRun();

  bool is_ours() const { return home_.is_home(); }
  // Of the record; empty while the process that measures the node has not said it.
  std::string id() const;
  // Why there is no store, or empty.
  const std::string& trouble() const { return trouble_; }
  // A process made by fork has none either: its record is a file, which another process is to bring
  // into the store.
  static bool goes_by_file() { return fork_generation() > 0; }
  // Who measures, where this process does not: "rank 0 of this job, in record …"; else empty.
  std::string measured_by() const;

  // What the program marks (NodeRun). Throws where the run has finished.
  std::shared_ptr<NodeRun> run() const;

  // What is known by now. Of a run that another process measures: as it was kept last, also after
  // the end of it here; nothing where that is unknown.
  std::optional<EnergyReport> so_far() const;
  std::optional<Measurement> record_by_now() const;
  // Of a window that is measured here.
  MarkedWindow figure(Key window) const;

  // Keeps in the store what there is by now, as happens once a second anyway.
  void checkpoint() const;

  // Ends the run, waits for the sensors, and keeps the record. Once. Where another process measures
  // there is nothing to wait for and to keep.
  struct Finished {
    bool measured_here = true;
    std::optional<Measurement> record;  // where it was
    std::optional<KeptRecord> kept;
  };
  Finished finish(Outcome outcome, const std::string& reason);

 private:
  struct MeteredRun;
  struct Running;

  std::shared_ptr<Running> running() const;

  DeleteAtHome home_;
  std::string trouble_;
  mutable std::mutex mutex_;
  bool has_finished_ = false;
  std::shared_ptr<Running> running_;  // left alone in a child
};

}  // namespace wattfor
