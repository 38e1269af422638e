#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "measurement/measurement.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "store/store.h"
#include "tracking/mark.h"
#include "tracking/marked_windows.h"

namespace wattfor {

// A run while it goes on: the energy of all of it and of the windows that its program marks, and
// what the program tells of its training. All members may be called from any thread; none but
// figure(), record_by_now(), checkpoint() and finish() waits for anything.
class TrackedRun {
 public:
  using Key = MarkedWindows::Key;

  // The run begins now, and ends at end() or finish(). `draft` is its record as
  // far as it is known: id, name, machine, settings, command, warnings. All must outlive it; the
  // meter is sampling, or the caller samples.
  TrackedRun(Meter& meter, const Clock& clock, const Surroundings& surroundings, Measurement draft);
  TrackedRun(const TrackedRun&) = delete;
  TrackedRun& operator=(const TrackedRun&) = delete;
  ~TrackedRun();

  const std::string& id() const { return id_; }

  // Before the first mark: another process measured the run until now; see MarkedWindows.
  void continue_after(std::optional<std::int64_t> epoch, std::optional<std::int64_t> steps);

  // What the program marks, at this moment; see MarkedWindows, whose errors are theirs. Once the
  // run has ended, Error{usage}.
  Key begin_epoch(std::optional<std::int64_t> number = std::nullopt);
  void mark_epoch(std::optional<std::int64_t> number = std::nullopt);
  Key begin_window(std::string name);
  void end_window(Key window);  // of any kind
  // Facts are taken until finish() has the record.
  void take(const ProgramMark& mark);
  // Replaces what was told before.
  void tell(const TrainingFacts& facts);
  TrainingFacts facts() const;

  // Of the whole run, up to what the sensors have said.
  EnergyReport so_far();
  // Of a window; waits until the sensors have caught up with its end. Of one that is open: so far.
  MarkedWindow figure(Key window);

  // What the record would be if the run ended here; waits for the sensors as figure() does.
  Measurement record_by_now();

  // Keeps in the store what there is by now.
  void checkpoint(Store& store);

  // Ends the run, if end() has not before, and waits for the sensors. The record, its warnings with
  // it, for the caller to keep. Once.
  void end();
  Measurement finish();

 private:
  // The lock, and now, while the run goes on.
  struct Turn {
    std::unique_lock<std::mutex> lock;
    Instant now;
  };
  Turn turn();
  void take_fact(const mark::Fact& fact);
  EnergyReport energy_so_far();
  Measurement record_so_far();

  Meter& meter_;
  const Clock& clock_;
  const Surroundings& surroundings_;
  const std::string id_;

  mutable std::mutex mutex_;
  Measurement record_;
  SurroundingsNow before_;
  Instant begin_;
  WindowId window_;
  MarkedWindows windows_;
  std::optional<Instant> end_;
  std::optional<EnergyReport> finished_;  // what it took, once it is finished
};

}  // namespace wattfor
