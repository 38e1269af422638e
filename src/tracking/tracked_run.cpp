#include "tracking/tracked_run.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "measurement/warnings.h"
#include "tracking/told_facts.h"

namespace wattfor {

namespace {

Error run_has_ended() { return {ErrorCode::usage, "the run has ended"}; }

}  // namespace

TrackedRun::TrackedRun(Meter& meter, const Clock& clock, const Surroundings& surroundings,
                       Measurement draft)
    : meter_(meter),
      clock_(clock),
      surroundings_(surroundings),
      id_(draft.id),
      record_(std::move(draft)),
      before_(surroundings.look(meter)),
      begin_(clock.now()),
      window_(meter.begin_at(begin_)),
      windows_(meter, begin_) {
  record_.started_at = utc_now();
  record_.context = surroundings.between(before_, before_);  // for the checkpoints
}

TrackedRun::~TrackedRun() {
  if (!finished_) meter_.release(window_);
}

// The time is that of the call, not that at which the lock was free.
TrackedRun::Turn TrackedRun::turn() {
  const Instant now = clock_.now();
  Turn turn{.lock = std::unique_lock(mutex_), .now = now};
  if (end_) throw run_has_ended();
  return turn;
}

void TrackedRun::continue_after(std::optional<std::int64_t> epoch,
                                std::optional<std::int64_t> steps) {
  const std::lock_guard lock(mutex_);
  windows_.continue_after(epoch, steps);
}

TrackedRun::Key TrackedRun::begin_epoch(std::optional<std::int64_t> number) {
  const Turn turn = this->turn();
  return windows_.begin_epoch(number, turn.now);
}

void TrackedRun::mark_epoch(std::optional<std::int64_t> number) {
  const Turn turn = this->turn();
  windows_.mark_epoch(number, turn.now);
}

TrackedRun::Key TrackedRun::begin_window(std::string name) {
  const Turn turn = this->turn();
  return windows_.begin(std::move(name), turn.now);
}

void TrackedRun::end_window(Key window) {
  const Turn turn = this->turn();
  windows_.end(window, turn.now);
}

void TrackedRun::take_fact(const mark::Fact& fact) {
  const std::lock_guard lock(mutex_);
  if (finished_) throw run_has_ended();
  TrainingFacts facts = record_.training.value_or(TrainingFacts{});
  wattfor::tell(facts, fact.word, fact.value);
  record_.training = std::move(facts);
}

void TrackedRun::take(const ProgramMark& mark) {
  if (const auto* fact = std::get_if<mark::Fact>(&mark)) return take_fact(*fact);
  const Turn turn = this->turn();
  const Instant now = turn.now;
  std::visit(
      [&](const auto& each) {
        using Kind = std::remove_cvref_t<decltype(each)>;
        if constexpr (std::is_same_v<Kind, mark::Epoch>) {
          windows_.mark_epoch(each.number, now);
        } else if constexpr (std::is_same_v<Kind, mark::BeginEpoch>) {
          windows_.begin_epoch(each.number, now);
        } else if constexpr (std::is_same_v<Kind, mark::EndEpoch>) {
          windows_.end_epoch(now);
        } else if constexpr (std::is_same_v<Kind, mark::BeginWindow>) {
          windows_.begin(each.name, now);
        } else if constexpr (std::is_same_v<Kind, mark::EndWindow>) {
          windows_.end(each.name, now);
        } else if constexpr (std::is_same_v<Kind, mark::Step>) {
          each.total ? windows_.count_steps(*each.total) : windows_.count_step();
        } else {
          static_assert(std::is_same_v<Kind, mark::Fact>);  // taken above
        }
      },
      mark);
}

void TrackedRun::tell(const TrainingFacts& facts) {
  const std::lock_guard lock(mutex_);
  record_.training = facts;
}

TrainingFacts TrackedRun::facts() const {
  const std::lock_guard lock(mutex_);
  return record_.training.value_or(TrainingFacts{});
}

EnergyReport TrackedRun::energy_so_far() { return finished_ ? *finished_ : meter_.so_far(window_); }

EnergyReport TrackedRun::so_far() {
  const std::lock_guard lock(mutex_);
  return energy_so_far();
}

MarkedWindow TrackedRun::figure(Key window) {
  std::optional<WindowId> awaited;
  {
    const std::lock_guard lock(mutex_);
    MarkedWindow now = windows_.window(window);
    awaited = windows_.awaited(window);
    if (!awaited || windows_.is_open(window)) return now;
  }
  try {
    meter_.wait(*awaited);
  } catch (const Error& error) {
    log(LogLevel::info, error.what());  // another thread took its figures meanwhile
  }
  const std::lock_guard lock(mutex_);
  return windows_.window(window);
}

Measurement TrackedRun::record_so_far() {
  Measurement record = record_;
  record.energy = energy_so_far();
  record.steps = windows_.steps();
  if (!record.training && windows_.has_epochs()) record.training.emplace();
  return record;
}

Measurement TrackedRun::record_by_now() {
  Key marked = 0;
  {
    const std::lock_guard lock(mutex_);
    marked = windows_.count();
  }
  std::vector<MarkedWindow> windows;
  windows.reserve(static_cast<std::size_t>(marked));
  for (Key key = 0; key < marked; ++key) windows.push_back(figure(key));
  const std::lock_guard lock(mutex_);
  Measurement record = record_so_far();
  record.windows = std::move(windows);
  return record;
}

void TrackedRun::checkpoint(Store& store) {
  Measurement record;
  std::vector<PlacedWindow> changes;
  {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    record = record_so_far();
    changes = windows_.changes();
  }
  try {
    store.checkpoint(record, changes);
  } catch (const Error&) {
    const std::lock_guard lock(mutex_);
    windows_.give_again(changes);
    throw;
  }
}

void TrackedRun::end() {
  const std::lock_guard lock(mutex_);
  if (end_) return;
  end_ = clock_.now();
  meter_.end_at(window_, *end_);
  windows_.end_all(*end_);
}

Measurement TrackedRun::finish() {
  end();
  {
    const std::lock_guard lock(mutex_);
    if (finished_) throw Error(ErrorCode::usage, "this run was finished already");
  }
  const EnergyReport energy = meter_.wait(window_);
  const std::lock_guard lock(mutex_);
  std::vector<MarkedWindow> windows = windows_.finish();
  finished_ = energy;
  meter_.release(window_);
  Measurement record = record_so_far();
  record.windows = std::move(windows);
  try {
    record.context = surroundings_.between(before_, surroundings_.look(meter_));
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
  for (const auto& warnings :
       {warnings_of(record.energy), warnings_of(*record.context, record.machine, record.energy),
        windows_.warnings()}) {
    std::ranges::copy(warnings, std::back_inserter(record.warnings));
  }
  return record;
}

}  // namespace wattfor
