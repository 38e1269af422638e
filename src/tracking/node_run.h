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
#include "units/quantity.h"

namespace wattfor {

// A run that several processes of a job on one node have together: one of them measures it, as its
// meter sees the whole node. Of the others the marks are counted, and what they tell of the
// training goes to the one that measures. When that one dies, the first to see it (look()) measures
// what follows, as a record of its own. Where it ends the run, the others do not: what they do for
// a moment longer is nobody's.
//
// Runs are told apart by their names, and by which run of that name it is in each process. A
// process without peers measures, always. All members may be called from any thread.
class NodeRun {
 public:
  using Key = TrackedRun::Key;

  // What a process is among those of its job on the node.
  struct Place {
    std::string peers;              // JobFacts::peers; empty: there are none
    std::optional<int> rank;        // as the launcher counts
    std::optional<int> local_rank;  // the same on this node
    std::filesystem::path store;    // where this process keeps its record; empty where nowhere
    // For so long the one that measures will first measure the node at rest; the others rest, too.
    Seconds rest{0.0};
    Seconds patience{3.0};  // the ranks of a training begin one after another
    std::filesystem::path turns = NodeTurn::turns_folder();
  };
  // This process's, as its environment says. Within `wattfor run`, which measures for itself, its
  // peers are those that are within one, too.
  static Place this_process(std::filesystem::path store, Seconds rest);

  // Makes the run, and the meter with it, on the thread that takes the turn. `before` is the record
  // of the process that died, which it continues; empty at the run's begin. May throw.
  using Begin = std::function<std::shared_ptr<TrackedRun>(const std::string& before)>;

  // Begins to measure, if nobody else does. Waits for the one that does to begin, for the time of
  // rest and its patience at most, and as long for the first rank on the node to do it: that one
  // commonly stays to the end, and tells the accuracy. Meanwhile `look_up`, which may throw, is
  // called again and again. Throws what `begin` does.
  NodeRun(const Clock& clock, Place place, const std::string& name, TrainingFacts facts,
          Begin begin, const std::function<void()>& look_up);
  NodeRun(const NodeRun&) = delete;
  NodeRun& operator=(const NodeRun&) = delete;
  // Where the run did not end(), it counts as one that died.
  ~NodeRun();

  // The run, where this process measures it; nothing where another does.
  std::shared_ptr<TrackedRun> measured() const;
  // Whether the node's other ranks, if there are any, leave it to one to measure.
  bool is_shared() const { return is_shared_; }
  // Who does; nothing where this process does, or where that is not known yet.
  std::optional<NodeOwner> owner() const;
  // "rank 0 of this job, in record …", for a sentence.
  std::string owner_text() const;
  // The record as its owner has kept it so far; nothing where it has not, or can't be read.
  std::optional<Measurement> owners_record();

  // To be called once a second, by one thread: sees to it that somebody measures. Throws what
  // `begin` does, and leaves it to others then.
  void look();

  // As TrackedRun has them. Of a window that is not measured here there is no key.
  std::optional<Key> begin_epoch(std::optional<std::int64_t> number = std::nullopt);
  void mark_epoch(std::optional<std::int64_t> number = std::nullopt);
  std::optional<Key> begin_window(std::string name);
  void end_window(Key window);
  // Facts for another process wait for its answer, commonly less than a millisecond; for one that
  // is stopped five seconds, once. Throws Error where it does not take them.
  void take(const ProgramMark& mark);

  // The run ends now, for all of its processes.
  void end();
  // Its record is kept, and the turn given back.
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
  bool take_first_turn(const std::function<void()>& look_up);
  // With the lock held.
  void measure(std::shared_ptr<TrackedRun> run, const std::string& before);
  void offer_facts();
  void tell_others();
  void follow();
  bool is_due();
  void tell_owner(const mark::Fact& fact);

  const Clock& clock_;
  const Place place_;
  Begin begin_;
  mutable std::mutex mutex_;
  std::unique_ptr<NodeTurn> turn_;  // nothing without peers
  bool is_shared_ = false;
  Counted counted_;
  std::optional<NodeOwner> owner_;
  bool owner_is_silent_ = false;      // it did not answer
  std::optional<Instant> left_at_;    // when the owner was first seen to have ended the run
  std::optional<Instant> failed_at_;  // when this process could not measure
  bool ended_ = false;
  std::shared_ptr<TrackedRun> tracked_;
  std::unique_ptr<MarkSocket> facts_socket_;
  std::unique_ptr<MarkServer> facts_server_;  // last: it uses the rest
};

// What the record says that continues the one of a process that died.
std::string continuation_warning(const std::string& before);

}  // namespace wattfor
