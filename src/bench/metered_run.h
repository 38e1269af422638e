#pragma once

#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "bench/worker.h"
#include "meter/meter.h"

namespace wattfor {

// A worker's run and the energy of exactly its time.
struct MeteredRun {
  RunMarks marks;
  EnergyReport energy;
};

// How a sweep lets time pass while a sensor catches up, and learns that it is to stop. A test's
// moves its clock by hand.
struct Pace {
  std::function<void(Seconds)> pause;
  std::function<bool()> interrupted;
};

// Sleeps, in pieces short enough to be interrupted soon.
Pace sleeping_pace(std::function<bool()> interrupted);

// Lays the windows of a meter over a worker's runs.
class RunMeter {
 public:
  RunMeter(Meter& meter, Pace pace);

  bool interrupted() const { return pace_.interrupted(); }
  void pause(Seconds duration) const { pace_.pause(duration); }
  // Nothing where the sensors of the total look all the time.
  std::optional<PartTimeBeat> part_time_beat() const { return meter_.part_time_beat(); }
  // The longest time between two updates of a sensor that is in the total.
  Seconds slowest_update() const;

  // The window lies between the run's start and its last batch's end. Returns once the sensors have
  // caught up with that; an interruption before that is a failure.
  std::variant<MeteredRun, WorkerFailure> run(Worker& worker, const protocol::Run& run) const;

  // A set of such runs of equal batches: one at each of these moments after an update of the gauge
  // that part_time_beat() tells of, in the order that waits least. That gauge tells each run by
  // what it says of all of them (Meter::report_together). `random`, in [0, 1), is asked before each
  // one: another gauge may look part of the time at another beat.
  std::variant<std::vector<MeteredRun>, WorkerFailure> launches(
      Worker& worker, const protocol::Run& run, std::span<const Seconds> phases,
      const std::function<double()>& random) const;

  // The energy of a stretch of time in which nothing is asked of the worker; nothing where it was
  // interrupted.
  std::optional<EnergyReport> idle(Seconds duration) const;

 private:
  class HeldWindow;
  struct RunInWindow;

  std::variant<RunInWindow, WorkerFailure> run_in_window(Worker& worker,
                                                         const protocol::Run& run) const;
  // Nothing where it was interrupted: half of a run's energy is no figure.
  std::optional<EnergyReport> settled_report(WindowId window) const;

  Meter& meter_;
  Pace pace_;
};

}  // namespace wattfor
