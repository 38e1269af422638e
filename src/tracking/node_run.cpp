#include "tracking/node_run.h"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <map>
#include <thread>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/log.h"
#include "sensor/host_job.h"
#include "store/store.h"
#include "tracking/told_facts.h"

namespace wattfor {
namespace {

// The ranks of a training end one after another. Who goes on for longer than this after the one
// that measured has ended the run is measured again; and who failed to measure leaves it to others
// for as long.
constexpr std::chrono::seconds grace{10};

constexpr std::chrono::milliseconds look_again_for_ranks{10};

// Which run of that name it is that this process begins: the ranks of a job begin theirs in one
// order.
int ordinal_of(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, int> begun;
  const std::lock_guard lock(mutex);
  return ++begun[name];
}

void warn_of_many_records(const Error& error) {
  log(LogLevel::warning,
      fmt::format(
          "{}: the ranks on this node can't agree who measures it, and each does: count one "
          "of their records",
          error.what()));
}

std::unique_ptr<NodeTurn> turn_of(const NodeRun::Place& place, const std::string& name) {
  if (place.peers.empty()) return nullptr;
  try {
    return std::make_unique<NodeTurn>(
        fmt::format("{}\n{}\n{}", place.peers, name, ordinal_of(place.peers + "\n" + name)),
        place.turns);
  } catch (const Error& error) {
    warn_of_many_records(error);
    return nullptr;
  }
}

}  // namespace

NodeRun::Place NodeRun::this_process(std::filesystem::path store, Seconds rest) {
  const JobFacts job = read_job_facts(environment_variable);
  Place place{.peers = job.peers,
              .rank = job.rank,
              .local_rank = job.local_rank,
              .store = std::move(store),
              .rest = rest};
  if (!place.peers.empty() && environment_variable(marks_variable)) {
    place.peers += ", each within wattfor run";
  }
  return place;
}

NodeRun::NodeRun(const Clock& clock, Place place, const std::string& name, TrainingFacts facts,
                 Begin begin, const std::function<void()>& look_up)
    : clock_(clock),
      place_(std::move(place)),
      begin_(std::move(begin)),
      turn_(turn_of(place_, name)),
      counted_{.facts = std::move(facts)} {
  const bool is_ours = take_first_turn(look_up);
  is_shared_ = turn_ != nullptr;
  if (!is_ours) return;
  auto run = begin_("");
  const std::lock_guard lock(mutex_);
  measure(std::move(run), "");
}

NodeRun::~NodeRun() = default;

// Whether this process is to measure.
bool NodeRun::take_first_turn(const std::function<void()>& look_up) {
  const SystemClock clock;  // it waits for others, whatever tests hold in their hands
  const Instant begin = clock.now();
  const bool is_first_rank = place_.local_rank.value_or(0) == 0;
  while (turn_) {
    const bool has_waited = clock.now() - begin >= ticks(place_.patience);
    if (!turn_->is_free()) {
      follow();
      if (owner_ || clock.now() - begin >= ticks(place_.patience + place_.rest)) return false;
    } else if (is_first_rank || has_waited) {
      try {
        if (turn_->take()) return true;
      } catch (const Error& error) {
        warn_of_many_records(error);
        turn_.reset();
        return true;
      }
    }
    look_up();
    std::this_thread::sleep_for(look_again_for_ranks);
  }
  return true;
}

void NodeRun::measure(std::shared_ptr<TrackedRun> run, const std::string& before) {
  if (counted_.facts != TrainingFacts{}) run->tell(counted_.facts);
  tracked_ = std::move(run);
  if (!turn_) return;
  offer_facts();
  owner_ = NodeOwner{.record = tracked_->id(),
                     .store = place_.store.empty() ? "" : std::filesystem::absolute(place_.store),
                     .marks = facts_socket_ ? facts_socket_->path() : "",
                     .rank = place_.rank,
                     .continues = before};
  tell_others();
}

// They can do without: nobody takes the turn while it is held.
void NodeRun::tell_others() {
  try {
    turn_->tell(*owner_);
  } catch (const Error& error) {
    log(LogLevel::warning,
        fmt::format("the other ranks on this node are not told who measures it: {}", error.what()));
  }
}

void NodeRun::offer_facts() {
  try {
    facts_socket_ = std::make_unique<MarkSocket>();
    facts_server_ =
        std::make_unique<MarkServer>(*facts_socket_, [run = tracked_](const ProgramMark& mark) {
          if (!std::holds_alternative<mark::Fact>(mark)) {
            throw Error(ErrorCode::usage, "of another rank's marks facts alone are taken");
          }
          run->take(mark);
        });
  } catch (const Error& error) {
    log(LogLevel::warning,
        fmt::format("what other ranks tell of the training is not recorded: {}", error.what()));
    facts_server_.reset();
    facts_socket_.reset();
  }
}

void NodeRun::follow() {
  const auto said = turn_->owner();
  if (!said || (owner_ && said->record == owner_->record && !said->finished)) return;
  if (!owner_ || said->record != owner_->record) owner_is_silent_ = false;
  owner_ = said;
}

// Whether nobody measures what goes on here.
bool NodeRun::is_due() {
  const bool is_free = turn_->is_free();
  follow();
  if (!is_free) {
    left_at_.reset();
    return false;
  }
  const Instant now = clock_.now();
  if (failed_at_ && now - *failed_at_ < grace) return false;
  if (!owner_ || !owner_->finished) return true;
  if (!left_at_) left_at_ = now;
  return now - *left_at_ >= grace;
}

// Making a meter may take a driver seconds, and no mark shall wait for that.
void NodeRun::look() {
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    if (tracked_ || !turn_ || ended_ || !is_due() || !turn_->take()) return;
    if (owner_) before = owner_->record;
  }
  std::shared_ptr<TrackedRun> run;
  try {
    run = begin_(before);
  } catch (const std::exception&) {
    const std::lock_guard lock(mutex_);
    turn_->give_back();
    failed_at_ = clock_.now();
    throw;
  }
  const std::lock_guard lock(mutex_);
  if (ended_) return turn_->give_back();
  run->continue_after(counted_.epoch, counted_.steps);
  measure(std::move(run), before);
}

std::shared_ptr<TrackedRun> NodeRun::measured() const {
  const std::lock_guard lock(mutex_);
  return tracked_;
}

std::optional<NodeOwner> NodeRun::owner() const {
  const std::lock_guard lock(mutex_);
  return tracked_ ? std::nullopt : owner_;
}

std::string NodeRun::owner_text() const {
  const auto owner = this->owner();
  const bool has_rank = owner && owner->rank;
  std::string text =
      has_rank ? fmt::format("rank {} of this job", *owner->rank) : "another process of this job";
  if (owner) text += fmt::format(", in record {}", owner->record);
  return text;
}

std::optional<Measurement> NodeRun::owners_record() {
  std::optional<NodeOwner> owner;
  {
    const std::lock_guard lock(mutex_);
    if (turn_ && !tracked_) follow();
    owner = owner_;
  }
  if (!owner || owner->store.empty()) return std::nullopt;
  try {
    return Store(owner->store, StoreAccess::read).find(owner->record);
  } catch (const Error& error) {
    log(LogLevel::warning, error.what());
    return std::nullopt;
  }
}

std::optional<NodeRun::Key> NodeRun::begin_epoch(std::optional<std::int64_t> number) {
  const std::lock_guard lock(mutex_);
  if (tracked_) return tracked_->begin_epoch(number);
  count(mark::BeginEpoch{.number = number});
  return std::nullopt;
}

void NodeRun::mark_epoch(std::optional<std::int64_t> number) {
  take(mark::Epoch{.number = number});
}

std::optional<NodeRun::Key> NodeRun::begin_window(std::string name) {
  const std::lock_guard lock(mutex_);
  if (tracked_) return tracked_->begin_window(std::move(name));
  return std::nullopt;
}

void NodeRun::end_window(Key window) {
  const std::lock_guard lock(mutex_);
  if (tracked_) tracked_->end_window(window);
}

void NodeRun::take(const ProgramMark& mark) {
  {
    const std::lock_guard lock(mutex_);
    if (tracked_) return tracked_->take(mark);
    count(mark);
  }
  if (const auto* fact = std::get_if<mark::Fact>(&mark)) tell_owner(*fact);
}

void NodeRun::count_epoch(std::optional<std::int64_t> number) {
  counted_.epoch = number.value_or(counted_.epoch.value_or(0) + 1);
}

void NodeRun::count(const ProgramMark& mark) {
  if (const auto* epoch = std::get_if<mark::Epoch>(&mark)) {
    if (!counted_.is_open || epoch->number) count_epoch(epoch->number);
    counted_.is_open = false;
  } else if (const auto* begin = std::get_if<mark::BeginEpoch>(&mark)) {
    count_epoch(begin->number);
    counted_.is_open = true;
  } else if (const auto* step = std::get_if<mark::Step>(&mark)) {
    const std::int64_t done = counted_.steps.value_or(0);
    counted_.steps = step->total ? rising_steps(done, *step->total) : done + 1;
  } else if (const auto* fact = std::get_if<mark::Fact>(&mark)) {
    wattfor::tell(counted_.facts, fact->word, fact->value);
    if (turn_) follow();
  } else if (std::holds_alternative<mark::EndEpoch>(mark)) {
    counted_.is_open = false;
  }
}

void NodeRun::tell_owner(const mark::Fact& fact) {
  std::optional<NodeOwner> owner;
  bool is_silent = false;
  {
    const std::lock_guard lock(mutex_);
    owner = owner_;
    is_silent = owner_is_silent_;
  }
  const auto refused = [&](const std::string& why) {
    return Error(ErrorCode::not_found,
                 fmt::format("this node is measured by {}, and {}={} is not in that: {}",
                             owner_text(), fact.word, fact.value, why));
  };
  if (!owner || owner->marks.empty()) throw refused("it takes nothing from here");
  if (is_silent) throw refused("it does not answer");
  std::vector<std::string> refusals;
  try {
    refusals = send_marks(owner->marks, {fmt::format("set {}={}", fact.word, fact.value)});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) throw refused("it has ended the run");
    const std::lock_guard lock(mutex_);
    owner_is_silent_ = error.code() == ErrorCode::timed_out;
    refusals.emplace_back(owner_is_silent_ ? "it does not answer" : error.what());
  }
  if (!refusals.empty()) throw refused(refusals.front());
}

void NodeRun::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  if (!tracked_) return;
  tracked_->end();
  if (!turn_) return;
  owner_->finished = true;
  tell_others();
}

void NodeRun::let_go() {
  // The server's thread takes no lock of ours: it may be waited for.
  const std::lock_guard lock(mutex_);
  facts_server_.reset();
  facts_socket_.reset();
  if (!turn_ || !tracked_) return;
  turn_->remove();
  turn_.reset();
}

std::string continuation_warning(const std::string& before) {
  return fmt::format(
      "the process that measured this run on this node before has left it: record {} has what was "
      "before, and what lies between the two is in neither",
      before);
}

}  // namespace wattfor
