#include "process/process_run.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>

#include "base/error.h"
#include "base/log.h"
#include "base/uuid.h"
#include "meter/machine.h"
#include "process/forks.h"
#include "sensor/host_job.h"

namespace wattfor {
namespace {

constexpr auto checkpoint_period = std::chrono::seconds(1);

Measurement draft_of(const RunDraft& given, ProcessMeter& meter, const std::string& trouble) {
  Measurement draft;
  draft.id = random_uuid();
  draft.name = given.name;
  draft.wattfor_version = WATTFOR_VERSION;
  draft.settings = {{"interval_ms", fmt::format("{}", 1e3 * meter.interval().count())}};
  for (const auto& [word, value] : given.settings) draft.settings[word] = value;
  draft.machine = describe_machine(meter.roots(), meter.meter().devices());
  draft.command = Command{.arguments = given.command};
  draft.warnings = meter.warnings();
  if (!trouble.empty()) draft.warnings.push_back(trouble);
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

struct ProcessRun::Tracking {
  Tracking(ProcessMeter& meter, std::optional<Store> into, Measurement draft)
      : store(std::move(into)),
        surroundings(meter.roots(), environment_variable),
        run(meter.meter(), meter.clock(), surroundings, std::move(draft)) {
    if (!store) return;
    heartbeat.emplace(checkpoint_period, [this] { checkpoint(); });
  }

  void checkpoint() {
    const std::lock_guard lock(store_mutex);
    if (store) run.checkpoint(*store);
  }

  std::mutex store_mutex;
  std::optional<Store> store;
  Surroundings surroundings;
  TrackedRun run;
  std::optional<Heartbeat> heartbeat;  // last: it uses the rest
};

ProcessRun::ProcessRun(std::shared_ptr<ProcessMeter> meter, const RunDraft& draft)
    : meter_(std::move(meter)) {
  std::optional<Store> store = opened(draft.db, trouble_);
  Measurement record = draft_of(draft, *meter_, trouble_);
  id_ = record.id;
  tracking_ = std::shared_ptr<Tracking>(new Tracking(*meter_, std::move(store), std::move(record)),
                                        DeleteAtHome{});
  meter_->begin_work(meter_->clock().now());
}

ProcessRun::~ProcessRun() {
  if (!tracking_ || !is_ours()) return;
  try {
    finish(Outcome::interrupted, "the program dropped the run before its end");
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

std::shared_ptr<TrackedRun> ProcessRun::tracked() const {
  meter_->refuse_in_child();
  const std::lock_guard lock(mutex_);
  if (!tracking_) throw Error(ErrorCode::unsupported, "the run has ended");
  return {tracking_, &tracking_->run};
}

void ProcessRun::checkpoint() const {
  meter_->refuse_in_child();
  std::shared_ptr<Tracking> tracking;
  {
    const std::lock_guard lock(mutex_);
    tracking = tracking_;
  }
  if (tracking) tracking->checkpoint();
}

std::shared_ptr<ProcessRun::Tracking> ProcessRun::taken() {
  meter_->refuse_in_child();
  const std::lock_guard lock(mutex_);
  if (!tracking_) throw Error(ErrorCode::unsupported, "the run has ended already");
  tracking_->run.end();
  return std::move(tracking_);
}

ProcessRun::Finished ProcessRun::finish(Outcome outcome, const std::string& reason) {
  const auto tracking = taken();
  meter_->end_work(meter_->clock().now());
  tracking->heartbeat.reset();
  Finished finished{.record = tracking->run.finish(), .kept = std::nullopt};
  finished.record.outcome = outcome;
  finished.record.reason = reason;
  const std::lock_guard lock(tracking->store_mutex);
  finished.kept = keep(finished.record, tracking->store ? &*tracking->store : nullptr);
  if (finished.kept) finished.record.id = finished.kept->id;
  return finished;
}

}  // namespace wattfor
