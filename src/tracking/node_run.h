#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "measurement/measurement.h"
#include "measurement/training.h"
#include "tracking/mark.h"
#include "tracking/mark_socket.h"
#include "tracking/node_turn.h"
#include "tracking/tracked_run.h"

namespace wattfor {

// A run that several processes of a job on one node have together: one of them measures it, as its
// meter sees the whole node. Of the others the marks are counted, and what they tell of the
// training goes to the one that measures. When that one dies, the first to see it (look()) measures
// what follows, as a record of its own. Where it ends the run, the others do not: what they do for
// a moment longer is nobody's.
//
// A process without peers measures, always. All members may be called from any thread.
class NodeRun {
 public:
  using Key = TrackedRun::Key;

  // Who the run's processes are, and what is told of them to each other.
  struct Place {
    std::string peers;            // JobFacts::peers; empty: there are none
    std::optional<int> rank;      // as the launcher counts
    std::filesystem::path store;  // where this process keeps its record; empty where nowhere
    std::filesystem::path turns = NodeTurn::turns_folder();
  };
  // Makes the run, and the meter with it, on the thread that takes the turn. `before` is the record
  // of the process that died, which it continues; empty at the run's begin. May throw.
  using Begin = std::function<std::shared_ptr<TrackedRun>(const std::string& before)>;

  // Begins to measure, if nobody else does. Throws what `begin` does.
  NodeRun(const Clock& clock, Place place, const std::string& name, TrainingFacts facts,
          Begin begin);
  NodeRun(const NodeRun&) = delete;
  NodeRun& operator=(const NodeRun&) = delete;
  // Where the run was not let_go(), it counts as one that died.
  ~NodeRun();

  // The run, where this process measures it; nothing where another does.
  std::shared_ptr<TrackedRun> measured() const;
  // Who does; nothing where this process does, or where that is not known yet.
  std::optional<NodeOwner> owner() const;
  // "rank 0 of this job, in record …", for a sentence.
  std::string owner_text() const;
  // The record as its owner has kept it so far; nothing where it has not, or can't be read.
  std::optional<Measurement> owners_record();

  // To be called once a second, by one thread: sees to it that somebody measures. Throws what
  // `begin` does.
  void look();

  // As TrackedRun has them. Of a window that is not measured here there is no key.
  std::optional<Key> begin_epoch(std::optional<std::int64_t> number = std::nullopt);
  void mark_epoch(std::optional<std::int64_t> number = std::nullopt);
  std::optional<Key> begin_window(std::string name);
  void end_window(Key window);
  // Facts for another process wait for its answer, commonly less than a millisecond. Throws Error
  // where it does not take them.
  void take(const ProgramMark& mark);

  // The run's record is kept: the turn is given back, and nobody takes it up.
  void let_go();

 private:
  // What is known of the run where it is not measured here, or was not from its begin.
  struct Counted {
    std::optional<std::int64_t> epoch = std::nullopt;  // the last one's number
    bool is_open = false;                              // and it was begun, not marked by its end
    std::optional<std::int64_t> steps = std::nullopt;
    TrainingFacts facts = {};
  };
  void count(const ProgramMark& mark);
  void count_epoch(std::optional<std::int64_t> number);
  // With the lock held.
  void measure(std::shared_ptr<TrackedRun> run, const std::string& before);
  void offer_facts();
  void follow();
  bool is_due();
  void tell_owner(const mark::Fact& fact);

  const Clock& clock_;
  const Place place_;
  Begin begin_;
  mutable std::mutex mutex_;
  std::unique_ptr<NodeTurn> turn_;  // nothing without peers
  Counted counted_;
  std::optional<NodeOwner> owner_;
  std::optional<Instant> left_at_;  // when the owner was first seen to have ended the run
  bool let_go_ = false;
  std::shared_ptr<TrackedRun> tracked_;
  std::unique_ptr<MarkSocket> facts_socket_;
  std::unique_ptr<MarkServer> facts_server_;  // last: it uses the rest
};

// What the record says that continues the one of a process that died.
std::string continuation_warning(const std::string& before);

}  // namespace wattfor
