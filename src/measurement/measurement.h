#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/energy.h"
#include "measurement/host_context.h"
#include "measurement/names.h"
#include "measurement/training.h"
#include "units/quantity.h"

namespace wattfor {

// The host that measured.
struct Machine {
  std::string hostname;
  std::string cpu;  // "AMD EPYC 9575F 64-Core Processor"
  int logical_cpus = 0;
  double memory_bytes = 0.0;
  std::string kernel;
  std::string virtualisation;        // empty on bare metal
  std::vector<std::string> devices;  // accelerators, with their drivers

  bool operator==(const Machine&) const = default;
};

// Keyed by (name, input_size).
struct Model {
  std::string name;    // the file's stem
  int input_size = 0;  // side of the input image in pixels; 0 where the input is no image
  std::string sha256;  // of the model's file
  std::string file;

  bool operator==(const Model&) const = default;
};

// device × runtime × precision.
struct Setup {
  std::string id;     // "epyc-9575f_onnxruntime_fp32_t2"; an imported one keeps its published name
  std::string label;  // "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads"
  std::string device;
  std::string runtime;
  std::string runtime_version;
  std::string precision;
  int threads = 0;  // 0: not a choice of this setup

  bool operator==(const Setup&) const = default;
};

// setup × model × batch size, and how it is to be measured.
struct Cell {
  Setup setup;
  Model model;
  int batch_size = 0;
  std::string protocol;  // "adaptive", "study"
  int replicates = 0;    // asked for; 0: as many as the stopping rule wants
  std::uint64_t seed = 0;

  // What makes two cells the same work: a sweep started again skips a key that is finished. Holds
  // the model's name, as accuracies are joined by it: a renamed file is measured under its new one.
  std::string key() const;

  bool operator==(const Cell&) const = default;
};

// One independent run of a cell.
struct Replicate {
  Seconds duration{0.0};
  std::int64_t batches = 0;
  Joules energy;      // gross, of the setup's scope
  Joules net_energy;  // equals gross where idle was not measured

  bool operator==(const Replicate&) const = default;
};

// Mean, spread and ±1.96 standard errors over all batches of all replicates, as the inference study
// publishes them. Joules per image; too narrow, because batches are autocorrelated.
struct PublishedInterval {
  double mean_j = 0.0;
  double standard_deviation_j = 0.0;
  double standard_error_j = 0.0;
  Interval interval_j;
  std::int64_t batches = 0;

  bool operator==(const PublishedInterval&) const = default;
};

// What a finished cell yielded. Energies per image (one item of a batch).
struct CellResult {
  EnergyFigure energy_per_image;
  std::optional<EnergyFigure> net_energy_per_image;
  double throughput_per_s = 0.0;  // images
  double latency_ms = 0.0;        // of one batch
  std::vector<Replicate> replicates;
  std::optional<PublishedInterval> published;
  bool precision_reached = false;
  std::optional<double> memory_bytes;  // the worker's own word, at the end

  bool operator==(const CellResult&) const = default;
};

// A command under `wattfor run`.
struct Command {
  std::vector<std::string> arguments;
  // 128 + n where signal n ended it; nothing where the record ends before the command did.
  std::optional<int> exit_status = std::nullopt;

  bool operator==(const Command&) const = default;
};

enum class Outcome {
  done,
  skipped,      // a batch size that can't win
  failed,       // out of memory, a crash, an unsupported model
  interrupted,  // the measuring process died; what its last checkpoint held
};
template <>
inline constexpr std::array enumerators<Outcome>{Outcome::done, Outcome::skipped, Outcome::failed,
                                                 Outcome::interrupted};

// What one cell or run yielded: the record that is stored, exported and ranked.
// Of a failed cell: the kind of its failure, "out_of_memory" among them.
inline constexpr const char* failure_setting = "failure";

struct Measurement {
  std::string id;  // UUID
  std::string name;
  std::string started_at;  // UTC, RFC 3339
  std::string wattfor_version;
  Outcome outcome = Outcome::done;
  std::string reason;  // why it was skipped, failed or interrupted; a worker's last words
  Machine machine;
  EnergyReport energy;
  std::vector<std::string> warnings;
  // What else affects energy and was in force: spinning, graph optimisation, library, interval.
  std::map<std::string, std::string> settings;
  std::optional<Cell> cell;                           // of a sweep
  std::optional<CellResult> result;                   // of a cell that is done
  std::optional<Command> command;                     // of a run
  std::optional<HostContext> context = std::nullopt;  // of what was measured on this host
  // Of a run whose program told what it does.
  std::optional<TrainingFacts> training = std::nullopt;
  std::vector<MarkedWindow> windows = {};            // in the order in which they were told of
  std::optional<std::int64_t> steps = std::nullopt;  // that were marked, in all

  bool operator==(const Measurement&) const = default;
};

// A model's accuracy on a test set, in percent.
struct Accuracy {
  std::string model;
  int input_size = 0;
  std::string test_set;
  std::optional<double> top1_percent;
  std::optional<double> top5_percent;

  bool operator==(const Accuracy&) const = default;
};

// Where imported figures came from.
struct Source {
  std::string file;
  std::string sha256;
  std::string licence = {};  // "MIT"
  std::string origin = {};   // who published it where: "github JimZeyuYang/…"; empty where unknown

  bool operator==(const Source&) const = default;
};

std::string_view name_of(Outcome outcome);

}  // namespace wattfor
