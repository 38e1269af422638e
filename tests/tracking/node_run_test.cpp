#include "tracking/node_run.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "store/store.h"
#include "support/fake_device.h"
#include "support/refusal.h"
#include "support/run_by_hand.h"
#include "support/temp_tree.h"

namespace wattfor::node_run_test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Another process of the job that has the turn, until it is told to let go or is killed.
class OtherRank {
 public:
  // `says` nothing: it has begun to measure at rest.
  OtherRank(const std::string& run, const fs::path& turns, std::optional<NodeOwner> says) {
    std::array<int, 2> begun{};
    std::array<int, 2> ending{};
    if (pipe(begun.data()) != 0 || pipe(ending.data()) != 0) throw std::runtime_error("pipe");
    child_ = fork();
    if (child_ == 0) {
      close(ending[1]);
      NodeTurn turn(run, turns);
      char byte = turn.take() ? 'y' : 'n';
      if (says) says->pid = getpid();
      if (says) turn.tell(*says);
      std::ignore = write(begun[1], &byte, 1);
      while (read(ending[0], &byte, 1) == 1) {  // the run it measures has ended
        NodeOwner last = *says;
        last.finished = true;
        turn.tell(last);
        std::ignore = write(begun[1], &byte, 1);
      }
      _exit(0);
    }
    close(begun[1]);
    close(ending[0]);
    answers_ = UniqueFd(begun[0]);
    orders_ = UniqueFd(ending[1]);
    EXPECT_EQ(answer(), 'y');
  }
  OtherRank(const OtherRank&) = delete;
  OtherRank& operator=(const OtherRank&) = delete;
  ~OtherRank() { leave(); }

  void finish() {
    std::ignore = write(orders_.get(), "f", 1);
    EXPECT_EQ(answer(), 'f');
  }
  void leave() {
    orders_.reset();
    wait();
  }
  void die() {
    kill(child_, SIGKILL);
    wait();
  }

 private:
  char answer() const {
    char byte = 0;
    std::ignore = read(answers_.get(), &byte, 1);
    return byte;
  }
  void wait() {
    if (child_ > 0) waitpid(child_, nullptr, 0);
    child_ = 0;
  }

  pid_t child_ = 0;
  UniqueFd answers_;
  UniqueFd orders_;
};

class NodeRunTest : public testing::Test {
 protected:
  NodeRunTest() {
    fs::create_directory(turns_);
    fs::permissions(turns_, fs::perms::owner_all);
  }

  // As a process of the job begins it.
  NodeRun& begin() { return begin(place()); }
  NodeRun& begin(const NodeRun::Place& place) {
    run_.emplace(
        clock_, place, "train", TrainingFacts{.model = "m"},
        [this](const std::string& before) { return begun(before); }, [this] { look_up_(); });
    return *run_;
  }
  std::shared_ptr<TrackedRun> begun(const std::string& before) {
    befores_.push_back(before);
    meanwhile_();
    if (fails_) throw Error(ErrorCode::unsupported, "there is no meter");
    Measurement draft;
    draft.id = "ours";
    draft.name = "train";
    return std::make_shared<TrackedRun>(meter_, clock_, surroundings_, draft);
  }
  // Its peers are this test's alone.
  NodeRun::Place place() const {
    return {.peers = peers_, .rank = 1, .local_rank = std::nullopt, .store = "", .turns = turns_};
  }
  // The how-manieth run of that name.
  std::string key(int ordinal = 1) const { return peers_ + "\ntrain\n" + std::to_string(ordinal); }
  void pass(milliseconds duration) { test::run(meter_, clock_, duration); }
  Measurement finish() {
    run_->measured()->end();
    pass(seconds(1));
    return run_->measured()->finish();
  }
  NodeOwner owner(const std::string& record) const {
    return {.record = record, .store = tree_ / "store.db", .marks = "", .rank = 0};
  }

  ManualClock clock_;
  test::PowerTrace load_{clock_, Watts(100)};
  Meter meter_{
      test::devices_of(test::device_of(
          clock_, test::counter_info("fake:package-0", Domain::cpu_package), load_.counter())),
      clock_,
      {}};
  test::TempTree tree_;
  fs::path turns_ = tree_ / "turns";
  Surroundings surroundings_{{.sysfs = tree_.root(), .procfs = tree_.root(), .nvml_library = ""},
                             [](const std::string&) { return std::nullopt; }};
  const std::string peers_ = testing::UnitTest::GetInstance()->current_test_info()->name();
  std::vector<std::string> befores_;
  bool fails_ = false;
  std::function<void()> look_up_ = [] {};
  std::function<void()> meanwhile_ = [] {};  // while the meter is made
  std::optional<NodeRun> run_;
};

TEST_F(NodeRunTest, AProcessWithoutPeersMeasuresAndTellsNobody) {
  NodeRun::Place alone = place();
  alone.peers.clear();
  const NodeRun& run = begin(alone);
  EXPECT_TRUE(run.measured());
  EXPECT_TRUE(fs::is_empty(turns_));
  EXPECT_EQ(run.measured()->facts().model, "m");
}

TEST_F(NodeRunTest, OfTheRanksOnANodeOneMeasures) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  EXPECT_FALSE(run.measured());
  ASSERT_TRUE(run.owner());
  EXPECT_EQ(run.owner()->record, "theirs");
  EXPECT_EQ(run.owner_text(), "rank 0 of this job, in record theirs");
  EXPECT_EQ(befores_, std::vector<std::string>{}) << "no meter is made";
  run.look();
  EXPECT_FALSE(run.measured());
  EXPECT_EQ(run.begin_epoch(), std::nullopt);
  EXPECT_EQ(run.begin_window("forward"), std::nullopt);
}

TEST_F(NodeRunTest, TheNextRunOfTheNameIsNotTheOneBefore) {
  const OtherRank other(key(1), turns_, owner("theirs"));
  EXPECT_FALSE(begin().measured());
  EXPECT_TRUE(begin().measured()) << "though the other goes on with the first";
  const OtherRank third(key(3), turns_, owner("third"));
  EXPECT_EQ(begin().owner()->record, "third");
}

TEST_F(NodeRunTest, TheFirstRankOnTheNodeGoesFirst) {
  NodeRun::Place second = place();
  second.local_rank = 1;
  second.patience = Seconds(60.0);
  std::optional<OtherRank> first;
  look_up_ = [&] {  // it comes while this one waits
    if (!first) first.emplace(key(), turns_, owner("theirs"));
  };
  EXPECT_EQ(begin(second).owner()->record, "theirs");
  second.patience = Seconds(0.0);
  EXPECT_TRUE(begin(second).measured()) << "where it does not come";
}

TEST_F(NodeRunTest, WaitsWhileTheOneThatMeasuresIsAtRest) {
  const OtherRank silent(key(), turns_, std::nullopt);
  NodeRun::Place patient = place();
  patient.rest = Seconds(3600.0);
  int looks = 0;
  look_up_ = [&] {
    if (++looks == 3) throw Error(ErrorCode::usage, "Ctrl-C");
  };
  EXPECT_THROW(begin(patient), Error) << "it can be interrupted";
  EXPECT_EQ(looks, 3);
}

TEST_F(NodeRunTest, TheOwnersRecordIsEveryRanks) {
  Store store(tree_ / "store.db", StoreAccess::write);
  Measurement theirs;
  theirs.id = "theirs";
  theirs.name = "train";
  theirs.started_at = "2026-01-31T12:00:00.000Z";
  theirs.energy.duration = Seconds(7.0);
  store.checkpoint(theirs);
  const OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  ASSERT_TRUE(run.owners_record());
  EXPECT_EQ(run.owners_record()->energy.duration, Seconds(7.0));
  theirs.energy.duration = Seconds(8.0);
  store.add(theirs);
  run.end();
  run.let_go();
  EXPECT_EQ(run.owners_record()->energy.duration, Seconds(8.0)) << "also after the end here";
}

TEST_F(NodeRunTest, WhatFollowsADeathIsMeasuredAndNumbersGoOn) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  run.begin_epoch();
  run.take(mark::EndEpoch{});
  run.begin_epoch();
  run.take(mark::Step{.total = 40});
  other.die();
  run.look();
  ASSERT_TRUE(run.measured());
  EXPECT_EQ(befores_, std::vector<std::string>{"theirs"});
  pass(seconds(2));  // of the second epoch
  run.take(mark::Step{.total = 50});
  run.begin_epoch();
  pass(seconds(3));
  run.take(mark::EndEpoch{});
  const Measurement record = finish();
  ASSERT_EQ(record.windows.size(), 2U);
  EXPECT_EQ(record.windows[0].kind, WindowKind::startup) << "a part of an epoch is none";
  EXPECT_EQ(record.windows[0].steps, 10);
  EXPECT_EQ(record.windows[1].kind, WindowKind::epoch);
  EXPECT_EQ(record.windows[1].epoch, 3);
  EXPECT_NEAR(record.windows[1].gross->energy.value(), 300.0, 1e-6);
  EXPECT_EQ(record.steps, 50);
  EXPECT_EQ(record.training->model, "m");
}

TEST_F(NodeRunTest, AnEpochMarkedByItsEndIsNotWholeWhereItsBeginWasAnothers) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  run.mark_epoch();
  other.die();
  run.look();
  pass(seconds(1));
  run.mark_epoch();
  pass(seconds(1));
  run.mark_epoch();
  const Measurement record = finish();
  ASSERT_EQ(record.windows.size(), 2U);
  EXPECT_EQ(record.windows[0].epoch, 2);
  EXPECT_FALSE(record.windows[0].ended);
  EXPECT_EQ(record.windows[1].epoch, 3);
  EXPECT_TRUE(record.windows[1].ended);
}

TEST_F(NodeRunTest, TheFirstOfTheOthersTakesOverAndTheyFollowIt) {
  OtherRank first(key(), turns_, owner("first"));
  NodeRun& run = begin();
  first.die();
  NodeOwner next = owner("second");
  next.continues = "first";
  const OtherRank second(key(), turns_, next);
  run.look();
  EXPECT_FALSE(run.measured());
  EXPECT_EQ(run.owner()->record, "second");
}

TEST_F(NodeRunTest, WhoCanNotMeasureLeavesItToOthersForAWhile) {
  OtherRank first(key(), turns_, owner("first"));
  NodeRun& run = begin();
  fails_ = true;
  first.die();
  EXPECT_THROW(run.look(), Error);
  run.look();
  EXPECT_EQ(befores_.size(), 1U) << "not again at once";
  {
    const OtherRank another(key(), turns_, owner("second"));  // the turn was given back
    run.look();
    EXPECT_EQ(run.owner()->record, "second");
  }
  fails_ = false;
  clock_.advance(seconds(10));
  run.look();
  EXPECT_TRUE(run.measured());
}

TEST_F(NodeRunTest, AFolderWithoutRoomOrLocksCostsNoFigure) {
  NodeRun::Place nowhere = place();
  nowhere.turns = tree_ / "no/such/folder";
  const NodeRun& run = begin(nowhere);
  EXPECT_TRUE(run.measured());
  EXPECT_FALSE(run.is_shared()) << "so that its record says that there may be others";
}

TEST_F(NodeRunTest, WhereTheOwnerHasEndedTheRunItsTailIsNobodys) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  other.finish();
  other.leave();
  run.look();
  clock_.advance(seconds(9));
  run.look();
  EXPECT_FALSE(run.measured());
  clock_.advance(seconds(1));
  run.look();
  EXPECT_TRUE(run.measured()) << "it goes on for long";
}

TEST_F(NodeRunTest, AfterTheEndNobodyTakesOver) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  run.end();
  other.die();
  run.look();
  EXPECT_FALSE(run.measured());
}

TEST_F(NodeRunTest, ARunThatEndsWhileItsMeterIsMadeIsLeftToOthers) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  other.die();
  meanwhile_ = [&] { run.end(); };
  run.look();
  EXPECT_EQ(befores_.size(), 1U);
  EXPECT_FALSE(run.measured());
  EXPECT_TRUE(NodeTurn(key(), turns_).is_free());
}

TEST_F(NodeRunTest, WhoLeftWithoutEndingItCountsAsDead) {
  begin();
  EXPECT_TRUE(run_->is_shared());
  run_.reset();
  const NodeTurn first(key(1), turns_);
  EXPECT_TRUE(first.is_free());
  ASSERT_TRUE(first.owner());
  EXPECT_FALSE(first.owner()->finished);
}

TEST_F(NodeRunTest, TellsThatItEndsBeforeItWaitsForSensorsAndLeavesNothingBehind) {
  NodeRun& run = begin();
  run.end();
  {
    const NodeTurn other(key(), turns_);
    ASSERT_TRUE(other.owner());
    EXPECT_TRUE(other.owner()->finished);
  }
  run.let_go();
  EXPECT_TRUE(fs::is_empty(turns_));
}

TEST_F(NodeRunTest, StepsRiseInEveryRank) {
  const OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  run.take(mark::Step{.total = 10});
  EXPECT_THROW(run.take(mark::Step{.total = 3}), Error);
}

TEST_F(NodeRunTest, FactsFromAnotherRankReachTheRecord) {
  NodeRun& run = begin();
  const fs::path marks = NodeTurn(key(), turns_).owner()->marks;
  EXPECT_EQ(send_marks(marks, {"set accuracy=0.75"}), std::vector<std::string>{});
  EXPECT_EQ(run.measured()->facts().accuracy_percent, 75.0);
  EXPECT_EQ(send_marks(marks, {"epoch 3"}),
            std::vector<std::string>{"of another rank's marks facts alone are taken"});
}

TEST_F(NodeRunTest, FactsAreSentToWhoMeasures) {
  MarkSocket socket;
  std::vector<ProgramMark> taken;
  NodeOwner other_owner = owner("theirs");
  other_owner.marks = socket.path();
  const OtherRank other(key(), turns_, other_owner);  // before there are threads
  NodeRun& run = begin();
  {
    const MarkServer server(socket, [&](const ProgramMark& mark) { taken.push_back(mark); });
    run.take(mark::Fact{.word = "accuracy", .value = "0.75"});
  }
  EXPECT_EQ(taken, (std::vector<ProgramMark>{mark::Fact{.word = "accuracy", .value = "0.75"}}));
  EXPECT_THROW(run.take(mark::Fact{.word = "accuracy", .value = "76"}), Error) << "not even sent";
}

TEST_F(NodeRunTest, AnOwnerThatDoesNotAnswerIsAskedOnce) {
  const MarkSocket unserved;  // as that of a process that is stopped; to ask it takes five seconds
  NodeOwner stopped = owner("theirs");
  stopped.marks = unserved.path();
  const OtherRank other(key(), turns_, stopped);
  NodeRun& run = begin();
  for (int times = 0; times < 3; ++times) {
    test::expect_refusal(
        test::refusal_of([&] { run.take(mark::Fact{.word = "accuracy", .value = "0.75"}); }),
        ErrorCode::not_found, "it does not answer");
  }
}

TEST_F(NodeRunTest, AFactThatNobodyTakesIsNotLostInSilence) {
  OtherRank other(key(), turns_, owner("theirs"));
  NodeRun& run = begin();
  test::expect_refusal(
      test::refusal_of([&] { run.take(mark::Fact{.word = "accuracy", .value = "0.75"}); }),
      ErrorCode::not_found,
      "this node is measured by rank 0 of this job, in record theirs, and "
      "accuracy=0.75 is not in that");
  other.die();
  run.look();
  EXPECT_EQ(run.measured()->facts().accuracy_percent, 75.0) << "and it is known here";
}

}  // namespace
}  // namespace wattfor::node_run_test
