#include "bench/model_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "base/uuid.h"
#include "bench/adaptive.h"
#include "bench/batch_search.h"
#include "bench/protocol.h"
#include "bench/study.h"
#include "bench/subject.h"
#include "measurement/warnings.h"
#include "meter/surroundings.h"
#include "sensor/host_load.h"

namespace wattfor {
namespace {

// Settings that say what became of a failed cell, so that a sweep which is started again goes on as
// this one did.
constexpr const char* failed_at_setting = "failed_at";
constexpr const char* failed_at_load = "load";
// Of a model whose first dimension is not free: what its records say, so that a sweep which is
// started again need not load it to know.
constexpr const char* fixed_batch_setting = "fixed_batch";

bool has_setting(const Measurement& record, const char* key, std::string_view value) {
  const auto setting = record.settings.find(key);
  return setting != record.settings.end() && setting->second == value;
}

bool loading_failed(const Measurement& record) {
  return record.outcome == Outcome::failed &&
         has_setting(record, failed_at_setting, failed_at_load);
}

BatchAnswer answer_of(const Measurement& record) {
  if (record.outcome == Outcome::done && record.result) {
    return record.result->energy_per_image.energy;
  }
  if (has_setting(record, failure_setting,
                  protocol::name_of(protocol::FailureKind::out_of_memory))) {
    return OutOfMemory{};
  }
  return CellFailed{};
}

std::string protocol_name(Protocol protocol) {
  return protocol == Protocol::study ? "study" : "adaptive";
}

std::map<std::string, std::string> settings_of(const SweepPlan& plan) {
  std::map<std::string, std::string> settings{
      {"target", fmt::format("{}", plan.target)},
      {"idle_seconds", fmt::format("{}", plan.idle_seconds.count())}};
  if (plan.protocol == Protocol::adaptive) {
    settings["max_seconds"] = fmt::format("{}", plan.max_seconds.count());
  }
  return settings;
}

// What the worker says was in force; text as it stands, anything else as JSON. What wattfor itself
// says stands.
void add_settings(std::map<std::string, std::string>& settings, const std::string& json_text) {
  const auto object = nlohmann::json::parse(json_text, nullptr, false);
  if (!object.is_object()) return;
  for (const auto& [key, value] : object.items()) {
    if (key == failure_setting || key == failed_at_setting || key == fixed_batch_setting) continue;
    settings.emplace(key, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

void require_offer(const std::vector<std::string>& offered, const std::string& wanted,
                   const char* what, const std::string& worker) {
  if (offered.empty() || std::ranges::find(offered, wanted) != offered.end()) return;
  throw Error(ErrorCode::unsupported,
              fmt::format("worker {} does not offer the {} '{}'; it offers: {}", worker, what,
                          wanted, fmt::join(offered, ", ")));
}

}  // namespace

std::unique_ptr<BatchSchedule> schedule_of(const SweepPlan& plan) {
  if (!plan.batch_sizes.empty()) return std::make_unique<ListSchedule>(plan.batch_sizes);
  if (plan.protocol == Protocol::study) return std::make_unique<DoublingSchedule>(plan.batch_max);
  return std::make_unique<BatchSearch>(powers_of_two(plan.batch_max), plan.target);
}

ModelSweep::ModelSweep(const SweepPlan& plan, const SweepSite& site, PowerLogs& logs,
                       SweepState& state, Model model)
    : plan_(plan),
      site_(site),
      logs_(logs),
      state_(state),
      run_meter_(site.meter, site.pace),
      model_(std::move(model)),
      setup_(setup_of(plan, site.machine)),
      schedule_(schedule_of(plan)),
      settings_(settings_of(plan)),
      warnings_(site.warnings) {}

void ModelSweep::run() {
  site_.observer.model_started(model_, progress());
  while (const auto batch = schedule_->next()) {
    const Cell cell = cell_at(*batch);
    auto record_of_cell = finished_before(cell);
    if (record_of_cell) {
      report_found(*record_of_cell);
      adopt_facts(*record_of_cell);
    } else {
      if (site_.pace.interrupted()) break;
      site_.observer.cell_started(cell, progress());
      record_of_cell = attempt(cell);
      if (!record_of_cell) break;
      record(*record_of_cell);
    }
    if (loading_failed(*record_of_cell)) return;
    measured_ = measured_ || record_of_cell->outcome == Outcome::done;
    follow_fixed_batch(*record_of_cell);
    schedule_->answer(*batch, answer_of(*record_of_cell));
  }
  if (schedule_->next()) {
    state_.summary.interrupted = true;
  } else {
    record_skipped();
  }
}

Cell ModelSweep::cell_at(int batch) const {
  return {.setup = setup_,
          .model = model_,
          .batch_size = batch,
          .protocol = protocol_name(plan_.protocol),
          .replicates = plan_.replicates,
          .seed = plan_.seed};
}

std::optional<Measurement> ModelSweep::finished_before(const Cell& cell) const {
  auto found = site_.journal.find(cell.key());
  if (!found || !found->cell) return std::nullopt;
  const bool done = found->outcome == Outcome::done && found->result;
  const bool failed = found->outcome == Outcome::failed && !plan_.retry_failed;
  // A size that an earlier search passed over is measured where this one asks for it.
  const bool impossible =
      found->outcome == Outcome::skipped && found->settings.contains(fixed_batch_setting);
  return done || failed || impossible ? found : std::nullopt;
}

// What only a loaded model tells: until this sweep has loaded it, an earlier record stands for
// that.
void ModelSweep::adopt_facts(const Measurement& record) {
  if (loaded_once_) return;
  model_.input_size = record.cell->model.input_size;
  setup_ = record.cell->setup;
  const auto fixed = record.settings.find(fixed_batch_setting);
  if (fixed != record.settings.end()) settings_[fixed_batch_setting] = fixed->second;
}

// Where the sizes are wattfor's to choose, a model with a fixed batch is measured at that one.
void ModelSweep::follow_fixed_batch(const Measurement& record) {
  const auto setting = record.settings.find(fixed_batch_setting);
  if (setting == record.settings.end() || !plan_.batch_sizes.empty() || batch_is_fixed_) return;
  batch_is_fixed_ = true;
  std::vector<int> others = powers_of_two(plan_.batch_max);
  std::erase(others, record.cell->batch_size);  // this one is recorded already
  schedule_ = std::make_unique<FixedBatch>(std::stoi(setting->second), others);
}

std::optional<Measurement> ModelSweep::attempt(const Cell& cell) {
  Measurement record = blank_record(cell);
  const bool loaded_before = worker_ != nullptr;
  std::optional<WorkerFailure> failure = ready_worker();
  if (failure) {
    // Where it could be loaded before, one start may have gone wrong; the second in a row tells.
    const bool may_recover = (loaded_once_ || measured_) && ++failed_starts_ < 2;
    if (!may_recover) record.settings[failed_at_setting] = failed_at_load;
    failure->message = fmt::format("{} could not be loaded: {}", model_.file, failure->message);
  } else {
    failed_starts_ = 0;
    if (!loaded_before) record = blank_record(cell_at(cell.batch_size));
    if (fixed_batch_ && plan_.batch_sizes.empty() && cell.batch_size != *fixed_batch_) {
      record.outcome = Outcome::skipped;
      record.reason = fixed_batch_reason(*fixed_batch_);
      return record;
    }
    const SurroundingsNow before = site_.surroundings.look(site_.meter);
    CellAttempt attempted = measure(*record.cell);
    if (auto* measured = std::get_if<MeasuredCell>(&attempted)) {
      record.result = std::move(measured->result);
      record.energy = std::move(measured->energy);
      record.warnings = warnings_;
      record.warnings.insert(record.warnings.end(), measured->warnings.begin(),
                             measured->warnings.end());
      add_context(record, before);
      return record;
    }
    failure = std::get<WorkerFailure>(std::move(attempted));
  }
  worker_.reset();
  if (site_.pace.interrupted()) return std::nullopt;
  record.outcome = Outcome::failed;
  record.reason = failure->message;
  record.settings[failure_setting] = protocol::name_of(failure->kind);
  return record;
}

std::optional<WorkerFailure> ModelSweep::ready_worker() {
  if (worker_) return std::nullopt;
  try {
    worker_ = site_.start_worker();
  } catch (const Error& error) {
    // Before the first hello it is the command that is wrong, and would be for every model.
    if (!state_.worker_heard && !site_.pace.interrupted()) throw;
    return WorkerFailure{protocol::FailureKind::died, error.what()};
  }
  state_.worker_heard = true;
  const protocol::HelloReply& hello = worker_->hello();
  require_offer(hello.devices, plan_.device, "device", hello.worker);
  require_offer(hello.precisions, plan_.precision, "precision", hello.worker);

  auto answer = worker_->load({.model = model_.file,
                               .device = plan_.device,
                               .precision = plan_.precision,
                               .threads = plan_.threads,
                               .seed = plan_.seed,
                               .options_json = plan_.worker_options});
  if (auto* failure = std::get_if<WorkerFailure>(&answer)) {
    // The same would come of every model: the user is to mend it, and to try again.
    if (failure->kind == protocol::FailureKind::unavailable) {
      throw Error(ErrorCode::unsupported, failure->message);
    }
    return std::move(*failure);
  }
  const auto& loaded = std::get<protocol::Loaded>(answer);
  model_.input_size = input_size_of(loaded.inputs);
  settings_["worker"] = fmt::format("{} {}", hello.worker, hello.version);
  add_settings(settings_, loaded.settings_json);
  // A worker that opens its runtime only now says that one's version with its settings.
  const auto runtime_version = settings_.find("runtime_version");
  setup_.runtime_version =
      runtime_version == settings_.end() ? hello.version : runtime_version->second;
  setup_.label = label_of(setup_);
  fixed_batch_ = fixed_batch_of(loaded.inputs);
  if (fixed_batch_) settings_[fixed_batch_setting] = fmt::format("{}", *fixed_batch_);
  loaded_once_ = true;
  if (!idle_measured_) measure_idle();
  return std::nullopt;
}

void ModelSweep::measure_idle() {
  constexpr double busy_at_rest = 20.0;  // percent
  idle_measured_ = true;
  if (plan_.idle_seconds <= Seconds(0.0)) return;
  // With the model loaded: the idle that a run is on top of.
  const auto before = site_.surroundings.cpu_time();
  const auto idle = run_meter_.idle(plan_.idle_seconds);
  if (!idle) return;
  site_.meter.set_idle(*idle);
  const auto busy = busy_percent(before, site_.surroundings.cpu_time());
  if (busy.value_or(0.0) > busy_at_rest) {
    warnings_.push_back(fmt::format(
        "the host's processors were {:.0f} % busy with other work before the start", *busy));
  }
  for (const DeviceConditions& device : idle->conditions) {
    if (device.utilisation_percent.value_or(0.0) > busy_at_rest) {
      warnings_.push_back(fmt::format("{}: {:.0f} % busy with other work before the start",
                                      device.device, *device.utilisation_percent));
    }
  }
}

// What surrounded a cell must not cost its figures.
void ModelSweep::add_context(Measurement& record, const SurroundingsNow& before) const {
  try {
    record.context = site_.surroundings.between(before, site_.surroundings.look(site_.meter));
    for (const auto& warnings : {warnings_of(*record.context, record.machine, record.energy),
                                 warnings_of_tasks(*record.context)}) {
      std::ranges::copy(warnings, std::back_inserter(record.warnings));
    }
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

CellAttempt ModelSweep::measure(const Cell& cell) {
  if (plan_.protocol == Protocol::study) {
    return measure_study(run_meter_, logs_, *worker_, cell, plan_.target);
  }
  return measure_adaptive(run_meter_, *worker_, cell,
                          {.target = plan_.target, .budget = plan_.max_seconds});
}

Measurement ModelSweep::blank_record(const Cell& cell) const {
  Measurement record;
  record.id = random_uuid();
  record.name = model_.name;
  record.started_at = utc_now();
  record.wattfor_version = WATTFOR_VERSION;
  record.machine = site_.machine;
  record.settings = settings_;
  record.cell = cell;
  return record;
}

void ModelSweep::record_skipped() {
  for (const SkippedBatch& batch : schedule_->skipped()) {
    const Cell cell = cell_at(batch.batch);
    if (const auto found = site_.journal.find(cell.key())) {
      report_found(*found);
      continue;
    }
    Measurement skipped = blank_record(cell);
    skipped.outcome = Outcome::skipped;
    skipped.reason = batch.reason;
    record(skipped);
  }
}

// Out of memory beyond a size that fits is the end of a search and no failure.
bool ModelSweep::beyond_memory(const Measurement& measurement) const {
  return measured_ && plan_.batch_sizes.empty() &&
         std::holds_alternative<OutOfMemory>(answer_of(measurement));
}

void ModelSweep::record(const Measurement& measurement) {
  site_.journal.record(measurement);
  SweepSummary& summary = state_.summary;
  if (beyond_memory(measurement)) {
    ++summary.beyond_memory;
    return heard(measurement);
  }
  switch (measurement.outcome) {
    case Outcome::done:
      ++summary.done;
      break;
    case Outcome::skipped:
      ++summary.skipped;
      break;
    case Outcome::failed:
    case Outcome::interrupted:
      ++summary.failed;
      break;
  }
  heard(measurement);
}

void ModelSweep::heard(const Measurement& measurement) {
  ++state_.progress.cells_finished;
  site_.observer.cell_finished(measurement, progress());
}

void ModelSweep::report_found(const Measurement& measurement) {
  ++state_.summary.found;
  const bool failed = measurement.outcome == Outcome::failed && !beyond_memory(measurement);
  if (failed) ++state_.summary.found_failed;
  ++state_.progress.cells_finished;
  site_.observer.cell_found(measurement, progress());
}

SweepProgress ModelSweep::progress() const {
  SweepProgress now = state_.progress;
  const int later_model = schedule_of(plan_)->most_remaining();
  now.cells_remaining = static_cast<std::size_t>(schedule_->most_remaining()) +
                        (now.models - now.model) * static_cast<std::size_t>(later_model);
  return now;
}

}  // namespace wattfor
