#include "process/process_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

#include "base/error.h"
#include "base/log.h"
#include "base/uuid.h"
#include "measurement/warnings.h"
#include "meter/machine.h"
#include "meter/surroundings.h"
#include "store/store.h"
#include "tracking/heartbeat.h"

namespace wattfor {
namespace {

Measurement record_draft(const RunDraft& given, ProcessMeter& meter) {
  Measurement draft;
  draft.id = random_uuid();
  draft.name = given.name;
  draft.wattfor_version = WATTFOR_VERSION;
  draft.settings = {{"interval_ms", fmt::format("{}", 1e3 * meter.interval().count())}};
  for (const auto& [word, value] : given.settings) draft.settings[word] = value;
  draft.machine = describe_machine(meter.roots(), meter.meter().devices());
  draft.command = Command{.arguments = given.command};
  draft.warnings = meter.warnings();
  return draft;
}

// None in a process made by fork: SQLite's locks there would be those of the process that it is a
// copy of, which takes its log away as it ends, with what was written here.
std::optional<Store> opened(const std::optional<std::string>& db, std::string& trouble) {
  if (fork_generation() > 0) return std::nullopt;
  try {
    return std::optional<Store>(std::in_place, store_path(db), StoreAccess::write);
  } catch (const std::exception& error) {
    trouble = error.what();
    return std::nullopt;
  }
}

}  // namespace

// A run that is measured here, and what it needs.
struct ProcessRun::MeteredRun {
  MeteredRun(std::shared_ptr<ProcessMeter> by, Measurement draft)
      : meter(std::move(by)),
        surroundings(meter->roots(), environment_variable),
        run(meter->meter(), meter->clock(), surroundings, std::move(draft)) {
    meter->begin_work(meter->clock().now());
  }

  std::shared_ptr<ProcessMeter> meter;
  Surroundings surroundings;
  TrackedRun run;
};

struct ProcessRun::Running {
  Running(std::shared_ptr<MeterOnDemand> source, RunDraft given, const std::string& store_trouble,
          std::optional<Store> into, std::function<void()> interrupts)
      : look_up(std::move(interrupts)),
        meters(std::move(source)),
        draft(std::move(given)),
        trouble(store_trouble),
        store(std::move(into)),
        run(
            clock, NodeRun::this_process(store ? store->path() : "", draft.idle), draft.name,
            draft.facts, [this](const std::string& before) { return begun(before); }, look_up) {
    draft.idle = Seconds(0.0);  // nothing is at rest any longer
    if (!store && !run.is_shared()) return;
    heartbeat.emplace(checkpoint_period, [this] {
      run.look();
      checkpoint();
    });
  }

  std::shared_ptr<TrackedRun> begun(const std::string& before) {
    const auto meter = meters->meter();
    if (draft.idle > Seconds(0.0)) meter->measure_idle(draft.idle, look_up);
    Measurement record = record_draft(draft, *meter);
    if (!trouble.empty()) record.warnings.push_back(trouble);
    if (!before.empty()) record.warnings.push_back(continuation_warning(before));
    metered = std::make_shared<MeteredRun>(meter, std::move(record));
    if (!before.empty()) adopt_interrupted();
    return {metered, &metered->run};
  }

  // The record of the one that died; whoever opens the store next does it, too.
  void adopt_interrupted() {
    const std::lock_guard lock(store_mutex);
    try {
      if (store) store->adopt_interrupted();
    } catch (const Error& error) {
      log(LogLevel::warning, error.what());
    }
  }

  void checkpoint() {
    const auto tracked = run.measured();
    const std::lock_guard lock(store_mutex);
    if (store && tracked) tracked->checkpoint(*store);
  }

  SystemClock clock;
  std::function<void()> look_up;
  std::shared_ptr<MeterOnDemand> meters;
  RunDraft draft;
  std::string trouble;
  std::mutex store_mutex;
  std::optional<Store> store;
  std::shared_ptr<MeteredRun> metered;  // of the thread that takes the turn, then of finish()
  NodeRun run;
  std::optional<Heartbeat> heartbeat;  // last: it uses the rest
};

ProcessRun::ProcessRun(std::shared_ptr<MeterOnDemand> source, RunDraft draft,
                       const std::function<void()>& look_up) {
  std::optional<Store> store = opened(draft.db, trouble_);
  running_ = std::shared_ptr<Running>(
      new Running(std::move(source), std::move(draft), trouble_, std::move(store), look_up),
      DeleteAtHome{});
}

ProcessRun::~ProcessRun() {
  if (!is_ours() || has_finished_ || !running_) return;
  try {
    finish(Outcome::interrupted, "the program dropped the run before its end");
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

// After a fork the lock may be held by a thread that does not run here.
std::shared_ptr<ProcessRun::Running> ProcessRun::running() const {
  if (!is_ours()) refuse_forked();
  const std::lock_guard lock(mutex_);
  if (!running_) throw Error(ErrorCode::usage, "the run has ended");
  return running_;
}

std::shared_ptr<NodeRun> ProcessRun::run() const {
  const auto running = this->running();
  const std::lock_guard lock(mutex_);
  if (has_finished_) throw Error(ErrorCode::usage, "the run has ended");
  return {running, &running->run};
}

std::string ProcessRun::id() const {
  const auto running = this->running();
  if (const auto tracked = running->run.measured()) return tracked->id();
  const auto owner = running->run.owner();
  return owner ? owner->record : "";
}

std::string ProcessRun::measured_by() const {
  const auto running = this->running();
  if (running->run.measured()) return "";
  return running->run.owner_text();
}

std::optional<EnergyReport> ProcessRun::so_far() const {
  const auto running = this->running();
  if (const auto tracked = running->run.measured()) return tracked->so_far();
  const auto record = running->run.owners_record();
  return record ? std::optional(record->energy) : std::nullopt;
}

std::optional<Measurement> ProcessRun::record_by_now() const {
  const auto running = this->running();
  if (const auto tracked = running->run.measured()) return tracked->record_by_now();
  return running->run.owners_record();
}

MarkedWindow ProcessRun::figure(Key window) const {
  const auto tracked = running()->run.measured();
  if (!tracked) throw Error(ErrorCode::unsupported, "the window is measured by another process");
  return tracked->figure(window);
}

void ProcessRun::checkpoint() const { running()->checkpoint(); }

ProcessRun::Finished ProcessRun::finish(Outcome outcome, const std::string& reason) {
  const auto running = this->running();
  {
    const std::lock_guard lock(mutex_);
    if (has_finished_) throw Error(ErrorCode::usage, "the run has ended already");
    has_finished_ = true;
  }
  // What follows may wait for the store, and is no part of the run.
  running->run.end();
  running->heartbeat.reset();
  const auto tracked = running->run.measured();
  if (!tracked) {
    running->run.let_go();
    return {.measured_here = false, .record = std::nullopt, .kept = std::nullopt};
  }
  ProcessMeter& meter = *running->metered->meter;
  meter.end_work(meter.clock().now());
  Measurement record = tracked->finish();
  if (!running->run.is_shared()) {
    std::ranges::copy(warnings_of_tasks(*record.context), std::back_inserter(record.warnings));
  }
  record.outcome = outcome;
  record.reason = reason;
  std::optional<KeptRecord> kept;
  {
    const std::lock_guard lock(running->store_mutex);
    kept = keep(record, running->store ? &*running->store : nullptr);
  }
  if (kept) record.id = kept->id;
  running->run.let_go();
  const std::lock_guard lock(mutex_);
  running_.reset();
  return {.measured_here = true, .record = std::move(record), .kept = std::move(kept)};
}

}  // namespace wattfor
