#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "report/electricity_settings.h"
#include "units/quantity.h"

// One struct a verb: what the command line said, defaults filled in.
namespace wattfor::cli {

struct SensorsOptions {
  bool json = false;
  bool probe = false;
  std::optional<std::string> simulate;  // the device's description
  std::vector<std::string> meters;
};

struct RunOptions {
  std::string name;
  int interval_ms = 100;
  double idle_seconds = 1.0;
  std::optional<std::string> json_file;
  std::optional<std::string> trace_file;
  std::vector<std::string> facts;  // WORD=VALUE
  std::optional<std::string> simulate;
  std::vector<std::string> meters;
  std::optional<std::string> db;
  std::vector<std::string> command;
};

struct MarkOptions {
  std::vector<std::string> words;  // "epoch", "3"
};

struct RunsOptions {
  std::vector<std::string> runs;  // all of them, where none is named
  bool jobs = false;              // what each job took, in place of the runs
  std::optional<std::string> db;
  bool json = false;
};

struct ExtrapolateOptions {
  std::vector<std::string> runs;
  std::optional<int> epochs;
  std::optional<double> data_fraction;
  std::optional<std::string> db;
  bool json = false;
};

struct ReplayOptions {
  std::string log;
  std::string marks;
  std::optional<std::string> profile;  // a file, or the name of a default
  std::optional<std::string> column;
  std::optional<std::string> gpu;
  double idle_padding_s = 1.0;
  std::optional<double> utc_offset_hours;
  bool json = false;
};

struct TopOptions {
  double interval_seconds = 1.0;
  std::optional<int> samples;  // until it is ended, where absent
  bool once = false;
  bool json = false;
  std::vector<std::string> meters;
};

struct SweepOptions {
  std::vector<std::string> models;
  std::string worker = "onnxruntime";
  std::optional<std::string> runtime_library;
  std::optional<std::string> mode;
  std::vector<std::string> worker_options;  // "KEY=VALUE"
  std::string device = "cpu";
  std::string precision = "fp32";
  int threads = 0;  // 0: as many as the processors that the worker may use
  std::string protocol = "adaptive";
  std::string batch_sizes = "auto";
  std::optional<int> batch_max;
  std::optional<int> replicates;
  double target_percent = 1.0;
  std::optional<double> max_seconds;
  double idle_seconds = 1.0;
  std::optional<double> worker_timeout_s;
  std::uint64_t seed = 1;
  bool retry_failed = false;
  std::optional<std::string> simulate;
  std::vector<std::string> meters;
  std::optional<std::string> db;
  bool json = false;
};

struct RankOptions {
  std::optional<std::string> setup;
  std::string score = "manhattan";
  double weight = 0.5;
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;
  std::vector<std::string> test_sets;
  std::optional<int> top;
  std::optional<std::string> db;
  bool json = false;
};

struct PickOptions {
  std::optional<std::string> setup;
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;
  std::optional<double> max_latency_ms;
  std::optional<double> min_throughput_per_s;
  std::optional<double> max_parameters;
  std::optional<double> max_memory_bytes;
  std::optional<std::string> model_class;
  std::optional<int> year_from;
  std::optional<int> year_to;
  std::optional<int> input_size;
  std::optional<int> max_input_size;
  std::optional<std::string> family;
  std::optional<std::string> by;
  std::vector<std::string> test_sets;
  std::optional<std::string> db;
  bool json = false;
};

struct CompareOptions {
  std::vector<std::string> models;
  std::vector<std::string> setups;
  std::vector<std::string> test_sets;
  std::optional<std::string> db;
  bool json = false;
};

struct SwitchOptions {
  std::string model;
  std::optional<std::string> setup;
  std::vector<std::string> test_sets;
  std::optional<int> top;
  std::optional<double> images_per_day;
  ElectricitySettings electricity;
  bool equivalents = false;
  std::optional<std::string> db;
  bool json = false;
};

struct PredictOptions {
  std::string model;
  std::optional<std::string> setup;
  std::optional<int> input_size;
  std::optional<std::string> counter;
  std::optional<double> parameters;
  std::optional<double> macs;
  std::optional<double> activations;
  std::optional<std::string> db;
  bool json = false;
};

struct ScoreOptions {
  std::string metric;
  std::vector<std::string> runs;
  std::optional<double> accuracy_percent;
  std::optional<double> kwh;
  std::optional<std::string> table;  // a file, or "-" for standard input
  double alpha = 5.0;
  double beta = 5.0;
  bool log1p = false;
  bool equivalents = false;
  std::string format = "text";
  std::optional<std::string> db;
  bool json = false;
};

struct CalibrateOptions {
  std::optional<std::string> log;     // a live load, where absent
  std::optional<std::string> sensor;  // of a live load: the first gauge, where absent
  int steps = 60;
  double share = 1.0;  // of the device that is kept busy
  std::optional<std::string> simulate;
  std::vector<std::string> meters;
  std::optional<std::string> gpu;
  std::optional<std::string> column;
  std::optional<std::string> reference;  // a meter's file beside a log, else a sensor's id
  std::optional<std::string> marks;
  std::optional<double> utc_offset_hours;  // found by correlation, where absent
  std::optional<std::string> output;
  std::optional<std::string> svg;
  bool no_store = false;
  bool json = false;
};

struct SimulateOptions {
  std::optional<std::string> spec;    // the built-in device, where absent
  std::optional<std::string> sensor;  // the first gauge, where absent
  int windows = 10;
  double window_seconds = 5.0;
  double idle_seconds = 3.0;
  int interval_ms = 5;
  std::optional<std::uint64_t> seed;  // the device's own, where absent
  std::optional<std::string> periods_ms;
  std::optional<std::string> log;
  std::optional<std::string> marks;
  std::optional<std::string> truth;
  std::optional<std::string> profile;
  std::optional<std::string> svg;
  bool json = false;
};

struct ImportOptions {
  std::vector<std::string> what;  // a records file, or a kind of table and its file
  std::optional<std::string> db;
  bool json = false;
};

struct ExportOptions {
  std::string format = "json";
  std::optional<std::string> output;  // standard output where absent
  std::optional<std::string> db;
};

struct WorkerOptions {
  std::string runtime;
};

struct CompletionOptions {
  std::string shell;
};

struct ManualOptions {
  std::optional<std::string> verb;    // the whole program where absent
  std::optional<std::string> output;  // the folder of every page
};

struct FootprintOptions {
  std::vector<std::string> runs;
  std::vector<std::string> built_on;
  std::optional<double> uses;
  ElectricitySettings electricity;
  bool equivalents = false;
  std::string format = "text";
  std::optional<std::string> output;  // standard output where absent
  std::optional<std::string> svg;
  std::optional<std::string> db;
  bool json = false;
};

struct AnalyzeOptions {
  std::vector<std::string> setups;
  std::vector<std::string> test_sets;
  bool equivalents = false;
  std::optional<std::string> out;  // the report's folder
  std::optional<std::string> db;
  bool json = false;
};

struct ServeOptions {
  std::optional<std::string> db;
  int port = 8300;  // 0: any that is free
  bool open = false;
  std::optional<std::string> listen;  // an address; the loopback interface alone where absent
  std::vector<std::string> meters;
  bool json = false;
};

struct PublishOptions {
  std::string folder;
  std::optional<std::string> db;
  bool json = false;
};

using Verb =
    std::variant<SensorsOptions, TopOptions, RunOptions, MarkOptions, RunsOptions,
                 ExtrapolateOptions, ReplayOptions, SweepOptions, RankOptions, PickOptions,
                 CompareOptions, SwitchOptions, ScoreOptions, FootprintOptions, AnalyzeOptions,
                 PredictOptions, CalibrateOptions, SimulateOptions, ImportOptions, ExportOptions,
                 ServeOptions, PublishOptions, WorkerOptions, CompletionOptions, ManualOptions>;

}  // namespace wattfor::cli
