#include "tracking/node_run.h"

#include <fmt/format.h>

#include <exception>
#include <utility>
#include <variant>

#include "base/error.h"
#include "base/log.h"
#include "store/store.h"
#include "tracking/told_facts.h"

namespace wattfor {
namespace {

// The ranks of a training end one after another. Who goes on for longer than this after the one
// that measured has ended the run is measured again.
constexpr std::chrono::seconds grace{10};

std::unique_ptr<NodeTurn> turn_of(const NodeRun::Place& place, const std::string& name) {
  if (place.peers.empty()) return nullptr;
  try {
    return std::make_unique<NodeTurn>(place.peers, name, place.turns);
  } catch (const Error& error) {
    log(LogLevel::warning,
        fmt::format("{}: each rank on this node measures all of it, so count one of their records",
                    error.what()));
    return nullptr;
  }
}

}  // namespace

NodeRun::NodeRun(const Clock& clock, Place place, const std::string& name, TrainingFacts facts,
                 Begin begin)
    : clock_(clock),
      place_(std::move(place)),
      begin_(std::move(begin)),
      turn_(turn_of(place_, name)),
      counted_{.facts = std::move(facts)} {
  const std::lock_guard lock(mutex_);
  if (!turn_ || turn_->take()) {
    measure(begin_(""), "");
  } else {
    follow();
  }
}

NodeRun::~NodeRun() = default;

void NodeRun::measure(std::shared_ptr<TrackedRun> run, const std::string& before) {
  if (counted_.facts != TrainingFacts{}) run->tell(counted_.facts);
  tracked_ = std::move(run);
  if (!turn_) return;
  offer_facts();
  owner_ = NodeOwner{.record = tracked_->id(),
                     .store = place_.store,
                     .marks = facts_socket_ ? facts_socket_->path() : "",
                     .rank = place_.rank,
                     .continues = before};
  turn_->tell(*owner_);
}

// The others can do without.
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

// The owner's word, once it has said something of this run: what is there may be of a run before.
void NodeRun::follow() {
  const auto said = turn_->owner();
  if (!said) return;
  const bool is_known = owner_ && said->record == owner_->record;
  const bool is_successor = owner_ && !said->continues.empty() && said->continues == owner_->record;
  if (is_known || is_successor || (!owner_ && !said->finished)) owner_ = said;
}

// Whether nobody measures what goes on here.
bool NodeRun::is_due() {
  const bool is_free = turn_->is_free();
  follow();
  if (!is_free) {
    left_at_.reset();
    return false;
  }
  if (!owner_ || !owner_->finished) return true;
  const Instant now = clock_.now();
  if (!left_at_) left_at_ = now;
  return now - *left_at_ >= grace;
}

// Making a meter may take a driver seconds, and no mark shall wait for that.
void NodeRun::look() {
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    if (tracked_ || !turn_ || let_go_ || !is_due() || !turn_->take()) return;
    if (owner_) before = owner_->record;
  }
  auto run = begin_(before);
  const std::lock_guard lock(mutex_);
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
  const mark::Fact* fact = std::get_if<mark::Fact>(&mark);
  {
    const std::lock_guard lock(mutex_);
    if (tracked_) return tracked_->take(mark);
    count(mark);
  }
  if (fact != nullptr) tell_owner(*fact);
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
    counted_.steps = step->total.value_or(counted_.steps.value_or(0) + 1);
  } else if (const auto* fact = std::get_if<mark::Fact>(&mark)) {
    wattfor::tell(counted_.facts, fact->word, fact->value);
    if (turn_) follow();
  } else if (std::holds_alternative<mark::EndEpoch>(mark)) {
    counted_.is_open = false;
  }
}

void NodeRun::tell_owner(const mark::Fact& fact) {
  const auto owner = this->owner();
  if (!owner || owner->marks.empty()) {
    throw Error(ErrorCode::not_found,
                fmt::format("another process of this job measures this node, and its record has no "
                            "{} from here",
                            fact.word));
  }
  std::vector<std::string> refusals;
  try {
    refusals = send_marks(owner->marks, {fmt::format("set {}={}", fact.word, fact.value)});
  } catch (const Error& error) {
    refusals.emplace_back(error.what());
  }
  if (refusals.empty()) return;
  throw Error(ErrorCode::not_found,
              fmt::format("the process of this job that measures this node did not take {}={} into "
                          "its record {}: {}",
                          fact.word, fact.value, owner->record, refusals.front()));
}

void NodeRun::let_go() {
  // The server's thread takes no lock of ours: it may be waited for.
  const std::lock_guard lock(mutex_);
  let_go_ = true;
  facts_server_.reset();
  facts_socket_.reset();
  if (!turn_ || !tracked_) return;
  owner_->finished = true;
  try {
    turn_->tell(*owner_);
  } catch (const Error& error) {
    log(LogLevel::warning, error.what());
  }
  turn_.reset();
}

std::string continuation_warning(const std::string& before) {
  return fmt::format(
      "the process that measured this run on this node before has left it: record {} has what was "
      "before, and what lies between the two, commonly a second, is in neither",
      before);
}

}  // namespace wattfor
