#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "process/process_run.h"

namespace wattfor::c_api {

// A run of this process that answers after its end, too. All members may be called from any thread.
// In a child made by fork they throw Error{unsupported}, but for the texts, which are empty there.
class RecordedRun {
 public:
  using Key = ProcessRun::Key;

  RecordedRun(std::shared_ptr<MeterOnDemand> meter, RunDraft draft);
  RecordedRun(const RecordedRun&) = delete;
  RecordedRun& operator=(const RecordedRun&) = delete;
  ~RecordedRun() = default;

  // To mark; throws once the run has ended.
  std::shared_ptr<NodeRun> run() const { return run_.run(); }

  // These wait while it is being finished. Of a run that another process of the job measures they
  // tell what that one has kept; without an energy where that is nothing.
  struct Energy {
    std::optional<EnergyReport> report;
    bool is_final = false;
  };
  Energy energy() const;
  struct Window {
    MarkedWindow window;
    std::string scope;
    bool is_final = false;
  };
  Window window(Key key) const;
  Measurement record() const;  // Error{not_found} where another's is not known
  const std::string& id() const;
  const std::string& file() const;
  const std::string& trouble() const;

  // Throws Error{io} where the record could not be kept in the store: what can be known is then
  // known all the same.
  void finish(Outcome outcome, const std::string& reason);
  // Finishes it as interrupted, if it goes on in this process; its windows may still ask.
  void drop() noexcept;

 private:
  struct Ended {
    std::optional<Measurement> record;  // nothing where another process measured
    std::string file;
    std::string trouble;
  };
  // Nothing while it goes on; it does not change any more then.
  const Ended* ended() const;

  ProcessRun run_;
  mutable std::mutex mutex_;
  std::optional<Ended> ended_;
  mutable std::set<std::string> ids_;  // that were told: their texts stay
};

}  // namespace wattfor::c_api
