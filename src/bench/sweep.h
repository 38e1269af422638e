#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/metered_run.h"
#include "bench/worker.h"
#include "measurement/measurement.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "units/quantity.h"

namespace wattfor {

enum class Protocol {
  adaptive,  // until the interval is narrow enough (adaptive.h)
  study,     // the inference study's (study.h)
};

// What is to be measured: every model at every batch size, on one setup.
struct SweepPlan {
  // Files, or names that the worker knows ("timm:resnet*", model_names.h).
  std::vector<std::filesystem::path> models;
  std::string worker = "onnxruntime";  // the runtime's part of the setup
  // How the runtime runs a model where that is not its usual way, as the setup's name holds it:
  // "compile-channels-last". `worker_options` tells the worker.
  std::string variant;
  std::string device = "cpu";
  std::string simulated;  // the device whose energy is simulated; empty where it is real
  std::string precision = "fp32";
  int threads = 0;                    // 0: as many as the processors that the worker may use
  std::string worker_options = "{}";  // handed to the worker's load, a JSON object
  Protocol protocol = Protocol::adaptive;
  std::vector<int> batch_sizes;  // empty: the protocol's own choice
  int batch_max = 1024;
  int replicates = 0;  // 0: as many as the protocol wants
  double target = 0.01;
  Seconds max_seconds{3.0};   // of a cell; the study's protocol has no bound
  Seconds idle_seconds{1.0};  // measured before each model's first cell; 0 switches net energy off
  Scope scope = Scope::host_only;  // the meter's
  std::uint64_t seed = 1;
  bool retry_failed = false;
};

// The record that a sweep resumes from and adds to.
class SweepJournal {
 public:
  virtual ~SweepJournal() = default;
  // The newest record of the cell's key.
  virtual std::optional<Measurement> find(const std::string& cell_key) = 0;
  // Must have survived a kill once it returns.
  virtual void record(const Measurement& measurement) = 0;
};

struct SweepProgress {
  std::size_t models = 0;
  std::size_t model = 0;            // counted from 1
  std::size_t cells_finished = 0;   // found in the journal ones too
  std::size_t cells_remaining = 0;  // at most: a search may skip some
};

// Hears how a sweep goes on; only cli prints. Called on the sweep's thread.
class SweepObserver {
 public:
  virtual ~SweepObserver() = default;
  virtual void model_started(const Model& model, const SweepProgress& progress) = 0;
  virtual void cell_started(const Cell& cell, const SweepProgress& progress) = 0;
  // Measured, failed or skipped now, and recorded.
  virtual void cell_finished(const Measurement& measurement, const SweepProgress& progress) = 0;
  // Finished by an earlier sweep.
  virtual void cell_found(const Measurement& measurement, const SweepProgress& progress) = 0;
};

// What a sweep stands on.
struct SweepSite {
  Meter& meter;
  Machine machine;
  WorkerFactory start_worker;
  SweepJournal& journal;
  SweepObserver& observer;
  Pace pace;
  const Surroundings& surroundings;   // where other work on the host shows
  std::vector<std::string> warnings;  // what every record is to say
};

struct SweepSummary {
  int done = 0;
  int skipped = 0;
  int beyond_memory = 0;  // the larger sizes that a search found not to fit: no failures
  int failed = 0;
  int found = 0;         // finished by an earlier sweep; in none of the others
  int found_failed = 0;  // of these, the failed ones
  bool interrupted = false;
};

// Measures what the plan asks for and the journal does not have, one worker process per model;
// after a failure the next cell gets a new one. A cell that fails is recorded with its reason and
// the sweep goes on; out of memory at one batch size drops the larger ones; a model that can't be
// loaded is one failed cell, at its first batch size; one with a fixed batch is measured at that
// size where the plan leaves the sizes open. Between an interruption and its return lie
// some 200 ms, and the cell that was being measured is not recorded.
//
// Throws Error, before anything is recorded, for a plan that can't be carried out: a model file
// that can't be read or has a name that is not UTF-8, a name that the worker does not know, a
// number out of range, a worker that can't be started, does not say hello or lacks the device, the
// precision or its runtime. Throws what the journal throws.
SweepSummary sweep(const SweepPlan& asked, const SweepSite& site);

}  // namespace wattfor
