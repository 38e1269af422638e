#include "bench/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <exception>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/uuid.h"
#include "bench/worker_process.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/worker_choice.h"
#include "measurement/json.h"
#include "meter/machine.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "report/cell_line.h"
#include "report/sweep_summary.h"
#include "sensor/meter_spec.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

constexpr int largest_batch_on_a_cpu = 1024;
constexpr int largest_batch_elsewhere = 1 << 20;  // the device's memory ends the search long before
constexpr Seconds cell_budget_on_a_cpu{3.0};
constexpr Seconds cell_budget_elsewhere{15.0};
constexpr Seconds sampling_interval{0.05};
constexpr Seconds usual_silence{60.0};
constexpr Seconds compiling_silence{600.0};  // what compiles does so for each batch size

bool may_compile(const SweepOptions& options) {
  return options.mode.has_value() || options.device.starts_with("tensorrt");
}

std::vector<int> batch_sizes(const std::string& text) {
  std::vector<int> sizes;
  if (text == "auto") return sizes;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string_view word = std::string_view(text).substr(from, comma - from);
    from = comma + 1;
    int size = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), size);
    if (error != std::errc() || end != word.data() + word.size() || size < 1) {
      throw Error(ErrorCode::usage,
                  fmt::format("--batch-sizes: '{}' is no batch size (expected: auto, or whole "
                              "numbers from 1 with commas between, e.g. 1,8,64)",
                              word));
    }
    sizes.push_back(size);
  }
  return sizes;
}

SweepPlan plan_of(const SweepOptions& options) {
  const bool on_cpu = options.device == "cpu";
  LoadOptions worker = load_options(options.mode, options.worker_options, options.runtime_library);
  SweepPlan plan;
  plan.models.assign(options.models.begin(), options.models.end());
  plan.worker = options.worker;
  plan.device = options.device;
  plan.precision = options.precision;
  plan.threads = options.threads;
  plan.worker_options = std::move(worker.json);
  plan.variant = std::move(worker.variant);
  plan.protocol = options.protocol == "study" ? Protocol::study : Protocol::adaptive;
  plan.batch_sizes = batch_sizes(options.batch_sizes);
  plan.batch_max =
      options.batch_max.value_or(on_cpu ? largest_batch_on_a_cpu : largest_batch_elsewhere);
  plan.replicates = options.replicates.value_or(0);
  plan.target = options.target_percent / 100.0;
  plan.max_seconds = options.max_seconds ? Seconds(*options.max_seconds)
                                         : (on_cpu ? cell_budget_on_a_cpu : cell_budget_elsewhere);
  plan.idle_seconds = Seconds(options.idle_seconds);
  plan.scope = on_cpu ? Scope::host_only : Scope::gpu_only;
  plan.seed = options.seed;
  plan.retry_failed = options.retry_failed;
  return plan;
}

class StoreJournal final : public SweepJournal {
 public:
  explicit StoreJournal(Store& store) : store_(store) {}
  std::optional<Measurement> find(const std::string& key) override { return store_.find_cell(key); }
  void record(const Measurement& measurement) override { store_.add(measurement); }

 private:
  Store& store_;
};

// Tells whoever looks into the store meanwhile which cell is being measured. A store that can't be
// written costs a sweep its records, which says so; here it costs nothing.
class RunningSweep {
 public:
  RunningSweep(Store& store, const Clock& clock, const Machine& machine)
      : store_(store), clock_(clock) {
    sweep_.id = random_uuid();
    sweep_.started_at = utc_now();
    sweep_.wattfor_version = WATTFOR_VERSION;
    sweep_.machine = machine;
  }
  RunningSweep(const RunningSweep&) = delete;
  RunningSweep& operator=(const RunningSweep&) = delete;
  ~RunningSweep() {
    try {
      store_.drop_checkpoint(sweep_.id);
    } catch (const std::exception& error) {
      log(LogLevel::warning, error.what());
    }
  }

  void measures(const Cell& cell, std::string words) {
    sweep_.cell = cell;
    sweep_.name = std::move(words);
    sweep_.energy.duration = clock_.now() - started_;
    try {
      store_.checkpoint(sweep_);
    } catch (const Error& error) {
      log(LogLevel::warning, error.what());
    }
  }

 private:
  Store& store_;
  const Clock& clock_;
  Instant started_ = clock_.now();
  Measurement sweep_;
};

// Shows each cell as it comes, and keeps what the answer is made of.
class Screen final : public SweepObserver {
 public:
  Screen(const Clock& clock, RunningSweep& running) : bar_(clock), running_(running) {}

  const std::vector<Measurement>& cells() const { return cells_; }

  void model_started(const Model& model, const SweepProgress& progress) override {
    show(progress, model.name);
  }
  void cell_started(const Cell& cell, const SweepProgress& progress) override {
    const std::string words = fmt::format("{} batch {}", cell.model.name, cell.batch_size);
    running_.measures(cell, place_of(progress) + words);
    show(progress, words);
  }
  void cell_finished(const Measurement& measurement, const SweepProgress& progress) override {
    cells_.push_back(measurement);
    bar_.line(cell_line(measurement));
    show(progress, measurement.name);
  }
  void cell_found(const Measurement& measurement, const SweepProgress& /*progress*/) override {
    cells_.push_back(measurement);
  }

 private:
  static std::string place_of(const SweepProgress& progress) {
    return fmt::format("model {} of {}: ", progress.model, progress.models);
  }

  void show(const SweepProgress& progress, const std::string& now) {
    const std::size_t all = progress.cells_finished + progress.cells_remaining;
    if (all == 0) return;
    bar_.show(static_cast<double>(progress.cells_finished) / static_cast<double>(all),
              place_of(progress) + now);
  }

  ProgressBar bar_;
  RunningSweep& running_;
  std::vector<Measurement> cells_;
};

void print_json(const std::vector<Measurement>& cells, const SweepSummary& summary) {
  nlohmann::json measurements = nlohmann::json::array();
  for (const Measurement& cell : cells) measurements.push_back(to_json(cell));
  const nlohmann::json answer = {{"summary",
                                  {{"done", summary.done},
                                   {"skipped", summary.skipped},
                                   {"beyond_memory", summary.beyond_memory},
                                   {"failed", summary.failed},
                                   {"already_there", summary.found},
                                   {"interrupted", summary.interrupted}}},
                                 {"measurements", std::move(measurements)}};
  fmt::print("{}\n", dump(answer, 2));
}

}  // namespace

int run_verb(const SweepOptions& options) {
  SignalQueue signals;
  std::optional<int> stopped_by;
  const auto interrupted = [&signals, &stopped_by] {
    while (const auto signal = signals.wait(std::chrono::milliseconds(0))) {
      if (signal->number != SIGCHLD) stopped_by = signal->number;
    }
    return stopped_by.has_value();
  };

  const SystemClock clock;
  SweepPlan plan = plan_of(options);
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  Store store(store_path(options.db), StoreAccess::write);
  MeteredDevices metered = devices_of(options.simulate, roots, plan.scope);
  refuse_silent_meters(metered.found.obstacles);
  if (metered.load) {
    plan.simulated = metered.simulated;
    plan.scope = Scope::everything;
  }
  auto& devices = metered.found.devices;
  Machine machine = describe_machine(roots, devices);
  std::vector<std::string> warnings = without_power(devices);
  std::ranges::copy(metered.found.warnings, std::back_inserter(warnings));
  Meter meter(std::move(devices), clock, {.interval = sampling_interval, .scope = plan.scope});
  meter.start();
  const Surroundings surroundings(roots, environment_variable);

  StoreJournal journal(store);
  SweepSummary summary;
  std::vector<Measurement> cells;
  {
    RunningSweep running(store, clock, machine);
    Screen screen(clock, running);
    const Seconds silence = options.worker_timeout_s ? Seconds(*options.worker_timeout_s)
                            : may_compile(options)   ? compiling_silence
                                                     : usual_silence;
    const auto start_worker = [&] {
      return driving(std::make_unique<WorkerProcess>(worker_command(options.worker),
                                                     WorkerLimits{.silence = silence}, interrupted),
                     metered.load);
    };
    summary = sweep(plan, {.meter = meter,
                           .machine = std::move(machine),
                           .start_worker = start_worker,
                           .journal = journal,
                           .observer = screen,
                           .pace = sleeping_pace(interrupted),
                           .surroundings = surroundings,
                           .warnings = warnings});
    cells = screen.cells();
  }
  meter.stop();

  if (options.json) {
    print_json(cells, summary);
  } else {
    fmt::print("{}", sweep_summary(cells, terminal_width(stdout)));
  }
  say(fmt::format(
      "{} cells measured, {} skipped, {}{} failed, {} already there{}; records in {}\n",
      summary.done, summary.skipped,
      summary.beyond_memory > 0 ? fmt::format("{} beyond memory, ", summary.beyond_memory) : "",
      summary.failed, summary.found,
      summary.interrupted ? ", interrupted (the same words go on from here)" : "",
      store.path().string()));
  if (summary.found_failed > 0) {
    say(fmt::format("{} of these failed in an earlier sweep; --retry-failed tries them again\n",
                    summary.found_failed));
  }
  if (stopped_by) {
    std::fflush(stdout);
    die_by(*stopped_by);
  }
  return summary.failed + summary.found_failed > 0 ? 1 : 0;
}

}  // namespace wattfor::cli
