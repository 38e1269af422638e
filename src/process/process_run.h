#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "measurement/measurement.h"
#include "meter/surroundings.h"
#include "process/forks.h"
#include "process/process_meter.h"
#include "store/store.h"
#include "tracking/heartbeat.h"
#include "tracking/kept_record.h"
#include "tracking/tracked_run.h"

namespace wattfor {

// What is known of a run as it begins.
struct RunDraft {
  std::string name;
  std::vector<std::string> command;                           // that started this process
  std::vector<std::pair<std::string, std::string>> settings;  // what else affects energy
  std::optional<std::string> db;                              // the store; nothing: the usual one
};

// A training that is tracked in this process, on its meter, from its making to finish(). What there
// is of it is kept in the store once a second. In a child made by fork every call throws
// Error{unsupported}, and nothing is written.
class ProcessRun {
 public:
  using Key = TrackedRun::Key;

  // A store that can't be written ends nothing: trouble() tells, and so does the record.
  ProcessRun(std::shared_ptr<ProcessMeter> meter, const RunDraft& draft);
  ProcessRun(const ProcessRun&) = delete;
  ProcessRun& operator=(const ProcessRun&) = delete;
  ~ProcessRun();

  bool is_ours() const { return meter_->is_ours(); }
  const std::string& id() const { return id_; }
  // Why there is no store, or empty.
  const std::string& trouble() const { return trouble_; }
  // A process made by fork has none either: its record is a file, which another process is to bring
  // into the store.
  static bool goes_by_file() { return fork_generation() > 0; }

  // The run itself; throws in a child, and once it has finished.
  std::shared_ptr<TrackedRun> tracked() const;

  // Keeps in the store what there is by now, as happens once a second anyway.
  void checkpoint() const;

  // Ends the run, waits for the sensors, and keeps the record. Once.
  struct Finished {
    Measurement record;
    std::optional<KeptRecord> kept;
  };
  Finished finish(Outcome outcome, const std::string& reason);

 private:
  struct Tracking;

  std::shared_ptr<Tracking> taken();

  std::shared_ptr<ProcessMeter> meter_;
  std::string id_;
  std::string trouble_;
  mutable std::mutex mutex_;
  std::shared_ptr<Tracking> tracking_;  // left alone in a child
};

}  // namespace wattfor
