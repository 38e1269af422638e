#pragma once

#include <exception>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/trace_file.h"
#include "measurement/measurement.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "sensor/discovery.h"
#include "tracking/tracked_run.h"

namespace wattfor::cli {

// A signal asked to stop before the command had begun.
class StoppedAtRest : public std::exception {
 public:
  explicit StoppedAtRest(int signal) : signal_(signal) {}
  int signal() const { return signal_; }

 private:
  int signal_;
};

// What measures a command: a meter that samples from its making on, and the run. The clock must
// outlive it.
class MeteredCommand {
 public:
  // Of `draft` it fills in what is metered.
  MeteredCommand(const RunOptions& options, const Clock& clock, const DiscoveryRoots& roots,
                 MeteredDevices metered, Measurement draft);
  MeteredCommand(const MeteredCommand&) = delete;
  MeteredCommand& operator=(const MeteredCommand&) = delete;

  // Measures idle power before the command. Throws StoppedAtRest.
  void measure_idle(SignalQueue& signals, double seconds);

  TrackedRun& begin();
  // The command has ended: of a simulated device, what it drove.
  void end_work();
  // The run's record; waits for the sensors.
  Measurement finish() { return run_->finish(); }
  // Throws Error where not everything reached the trace's file.
  void stop();

 private:
  const Clock& clock_;
  Measurement draft_;
  std::shared_ptr<SimulatedLoad> load_;
  Surroundings surroundings_;
  std::optional<TraceFile> trace_;  // outlives the meter, whose threads write to it
  Meter meter_;
  std::optional<TrackedRun> run_;
};

}  // namespace wattfor::cli
