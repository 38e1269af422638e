#include "tracking/tracked_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "support/fake_device.h"
#include "support/refusal.h"
#include "support/run_by_hand.h"
#include "support/temp_tree.h"

namespace wattfor::tracked_run_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A machine whose one package draws what the test says, and a run on it.
class TrackedRunTest : public testing::Test {
 protected:
  static Measurement draft() {
    Measurement draft;
    draft.id = "the run";
    draft.name = "train";
    return draft;
  }

  void pass(milliseconds duration) { test::run(meter_, clock_, duration); }
  // What a program does at some power.
  void work(double watts, milliseconds duration) {
    load_.set(Watts(watts));
    pass(duration);
  }
  Measurement finish() {
    run_.end();
    pass(seconds(1));
    return run_.finish();
  }

  ManualClock clock_;
  test::PowerTrace load_{clock_, Watts(0)};
  Meter meter_{
      test::devices_of(test::device_of(
          clock_, test::counter_info("fake:package-0", Domain::cpu_package), load_.counter())),
      clock_,
      {}};
  test::TempTree tree_;
  Surroundings surroundings_{{.sysfs = tree_.root(), .procfs = tree_.root(), .nvml_library = ""},
                             [](const std::string&) { return std::nullopt; }};
  TrackedRun run_{meter_, clock_, surroundings_, draft()};
};

void expect_energy(double expected_j, const std::optional<EnergyFigure>& figure) {
  ASSERT_TRUE(figure);
  EXPECT_NEAR(expected_j, figure->energy.value(), 1e-6 * expected_j);
}

TEST_F(TrackedRunTest, GivesEachEpochItsEnergyAndWhatLiesBeforeAndBetween) {
  work(10.0, seconds(2));
  run_.begin_epoch();
  work(100.0, seconds(3));
  run_.mark_epoch();
  work(20.0, seconds(1));
  run_.begin_epoch();
  work(200.0, seconds(3));
  run_.mark_epoch();
  work(5.0, seconds(1));
  const Measurement record = finish();

  expect_energy(20.0 + 300.0 + 20.0 + 600.0 + 5.0, record.energy.total.gross);
  ASSERT_EQ(4U, record.windows.size());
  using enum WindowKind;
  const std::vector<std::pair<WindowKind, std::int64_t>> kinds{
      {startup, 0}, {epoch, 1}, {between, 1}, {epoch, 2}};
  const std::vector<double> energies{20.0, 300.0, 20.0, 600.0};
  const std::vector<double> starts{0.0, 2.0, 5.0, 6.0};
  for (std::size_t i = 0; i < 4; ++i) {
    const MarkedWindow& window = record.windows[i];
    EXPECT_EQ(kinds[i], (std::pair{window.kind, window.epoch}));
    EXPECT_TRUE(window.ended);
    EXPECT_EQ(Basis::measured, window.basis);
    EXPECT_DOUBLE_EQ(starts[i], window.start.count());
    expect_energy(energies[i], window.gross);
    ASSERT_EQ(1U, window.components.size());
    EXPECT_EQ("cpu package 0", window.components[0].name);
  }
  EXPECT_TRUE(record.training) << "a run of epochs is a training";
}

TEST_F(TrackedRunTest, TellsWhatItsRecordWouldBeByNow) {
  run_.begin_epoch();
  work(100.0, seconds(2));
  run_.mark_epoch();
  run_.begin_window("test");
  work(10.0, seconds(1));
  const Measurement by_now = run_.record_by_now();
  expect_energy(210.0, by_now.energy.total.gross);
  ASSERT_EQ(2U, by_now.windows.size());
  expect_energy(200.0, by_now.windows[0].gross);
  EXPECT_TRUE(by_now.windows[0].ended);
  EXPECT_FALSE(by_now.windows[1].ended);
  expect_energy(10.0, by_now.windows[1].gross);

  pass(seconds(1));
  EXPECT_EQ(2U, finish().windows.size()) << "and the run goes on";
}

TEST_F(TrackedRunTest, TakesMarksAloneAsEpochsThatFollowEachOther) {
  for (const double watts : {100.0, 50.0, 50.0}) {
    work(watts, seconds(2));
    run_.mark_epoch();
  }
  work(1.0, seconds(2));
  const Measurement record = finish();
  ASSERT_EQ(3U, record.windows.size());
  expect_energy(200.0, record.windows[0].gross);
  expect_energy(100.0, record.windows[2].gross);
  EXPECT_EQ(3, record.windows[2].epoch);
  EXPECT_DOUBLE_EQ(2.0, record.windows[2].duration.count());
}

TEST_F(TrackedRunTest, KeepsTheNumbersThatAProgramGivesItsEpochs) {
  for (const std::int64_t number : {0, 1}) {
    run_.begin_epoch(number);
    work(10.0, seconds(1));
    run_.mark_epoch();
  }
  run_.begin_epoch();
  work(10.0, seconds(1));
  run_.mark_epoch(12);
  const Measurement record = finish();
  std::vector<std::int64_t> numbers;
  for (const MarkedWindow& window : record.windows) {
    if (window.kind == WindowKind::epoch) numbers.push_back(window.epoch);
  }
  EXPECT_EQ((std::vector<std::int64_t>{0, 1, 12}), numbers);
}

TEST_F(TrackedRunTest, NestsAndOverlapsNamedWindows) {
  const auto outer = run_.begin_window("outer");
  work(10.0, seconds(1));
  const auto inner = run_.begin_window("inner");
  work(20.0, seconds(1));
  run_.end_window(outer);
  work(30.0, seconds(1));
  run_.end_window(inner);
  pass(seconds(1));
  expect_energy(30.0, run_.figure(outer).gross);
  expect_energy(50.0, run_.figure(inner).gross);
  const Measurement record = finish();
  ASSERT_EQ(2U, record.windows.size());
  EXPECT_EQ("outer", record.windows[0].name);
  expect_energy(50.0, record.windows[1].gross);
}

TEST_F(TrackedRunTest, EndsOfSeveralWindowsOfOneNameTheLatest) {
  run_.take(mark::BeginWindow{"load"});
  work(10.0, seconds(1));
  run_.take(mark::BeginWindow{"load"});
  work(10.0, seconds(1));
  run_.take(mark::EndWindow{"load"});
  work(10.0, seconds(1));
  run_.take(mark::EndWindow{"load"});
  test::expect_refusal(test::refusal_of([&] { run_.take(mark::EndWindow{"load"}); }),
                       ErrorCode::usage, "no window 'load' is open");
  const Measurement record = finish();
  ASSERT_EQ(2U, record.windows.size());
  expect_energy(30.0, record.windows[0].gross);
  expect_energy(10.0, record.windows[1].gross);
}

TEST_F(TrackedRunTest, TellsAnEpochThatWasNeverEndedFromOnesThatWere) {
  run_.begin_epoch();
  work(10.0, seconds(1));
  run_.begin_epoch();
  work(20.0, seconds(1));
  run_.mark_epoch();
  run_.begin_epoch();
  work(30.0, seconds(1));
  const Measurement record = finish();
  ASSERT_EQ(3U, record.windows.size());
  EXPECT_FALSE(record.windows[0].ended);
  EXPECT_TRUE(record.windows[1].ended);
  EXPECT_FALSE(record.windows[2].ended) << "the run ended before it did";
  expect_energy(30.0, record.windows[2].gross);
  ASSERT_FALSE(record.warnings.empty());
  EXPECT_EQ("epoch 1 was never ended: the next one began", record.warnings.back());
}

TEST_F(TrackedRunTest, RefusesAnEndWithoutABeginningAndGoesOn) {
  test::expect_refusal(test::refusal_of([&] { run_.take(mark::EndEpoch{}); }), ErrorCode::usage,
                       "no epoch is open");
  const auto window = run_.begin_window("once");
  run_.end_window(window);
  test::expect_refusal(test::refusal_of([&] { run_.end_window(window); }), ErrorCode::usage,
                       "ended already");
  EXPECT_THROW(run_.end_window(17), Error);
  EXPECT_THROW(run_.figure(-1), Error);
  work(10.0, seconds(1));
  run_.mark_epoch();
  EXPECT_EQ(2U, finish().windows.size());
}

TEST_F(TrackedRunTest, CountsStepsInAllAndInEachWindow) {
  run_.take(mark::Step{100});
  run_.begin_epoch();
  work(10.0, seconds(1));
  run_.take(mark::Step{350});
  run_.take(mark::Step{});
  run_.mark_epoch();
  test::expect_refusal(test::refusal_of([&] { run_.take(mark::Step{10}); }), ErrorCode::usage,
                       "351 steps were done already");
  const Measurement record = finish();
  EXPECT_EQ(351, record.steps);
  EXPECT_EQ(251, record.windows.back().steps);
}

TEST_F(TrackedRunTest, KeepsWhatItsProgramTells) {
  run_.take(mark::Fact{.word = "model", .value = "resnet50"});
  run_.take(mark::Fact{.word = "accuracy", .value = "0.761"});
  EXPECT_THROW(run_.take(mark::Fact{.word = "accuracy", .value = "76.1"}), Error);
  const Measurement record = finish();
  ASSERT_TRUE(record.training);
  EXPECT_EQ("resnet50", record.training->model);
  EXPECT_EQ(76.1, record.training->accuracy_percent);
}

TEST_F(TrackedRunTest, TakesFactsWhileItWaitsForItsSensorsAndNoMarks) {
  run_.end();
  EXPECT_THROW(run_.take(mark::Step{}), Error);
  run_.take(mark::Fact{.word = "accuracy", .value = "0.761"});  // another rank was a moment later
  pass(seconds(1));
  EXPECT_EQ(76.1, run_.finish().training->accuracy_percent);
  EXPECT_THROW(run_.take(mark::Fact{.word = "accuracy", .value = "0.8"}), Error);
}

TEST_F(TrackedRunTest, WithoutMarksIsNoTraining) {
  work(10.0, seconds(1));
  const Measurement record = finish();
  EXPECT_FALSE(record.training);
  EXPECT_TRUE(record.windows.empty());
}

TEST_F(TrackedRunTest, ChecksInWhatHasChangedAndWhatIsOpen) {
  Store store(":memory:", StoreAccess::write);
  work(10.0, seconds(1));
  run_.begin_epoch();
  work(10.0, seconds(2));
  run_.checkpoint(store);
  auto running = store.running();
  ASSERT_EQ(1U, running.size());
  ASSERT_EQ(2U, running[0].windows.size());
  EXPECT_FALSE(running[0].windows[1].ended);
  expect_energy(20.0, running[0].windows[1].gross);
  run_.mark_epoch();
  work(10.0, seconds(1));
  run_.checkpoint(store);
  run_.checkpoint(store);
  running = store.running();
  ASSERT_EQ(2U, running[0].windows.size());
  EXPECT_TRUE(running[0].windows[1].ended);
  expect_energy(20.0, running[0].windows[1].gross);
  store.add(finish());
  EXPECT_TRUE(store.running().empty());
  EXPECT_EQ(2U, store.measurements().at(0).windows.size());
}

TEST_F(TrackedRunTest, ClosesWhatIsOpenAsItEndsHoweverLongTheSensorsTake) {
  run_.begin_epoch();
  run_.begin_window("load");
  work(10.0, seconds(2));
  run_.end();
  pass(seconds(15));  // longer than a meter looks back
  const Measurement record = run_.finish();
  ASSERT_EQ(2U, record.windows.size());
  for (const MarkedWindow& window : record.windows) {
    EXPECT_FALSE(window.ended);
    expect_energy(20.0, window.gross);
  }
}

TEST_F(TrackedRunTest, TakesNoMarkAfterItsEnd) {
  work(10.0, seconds(1));
  run_.end();
  for (int i = 0; i < 2; ++i) {
    test::expect_refusal(test::refusal_of([&] { run_.mark_epoch(); }), ErrorCode::usage,
                         "has ended");
    EXPECT_THROW(run_.begin_epoch(), Error);
    EXPECT_THROW(run_.begin_window("late"), Error);
    EXPECT_THROW(run_.take(mark::Step{}), Error);
    pass(seconds(1));
    if (i == 0) run_.finish();
  }
  expect_energy(10.0, run_.so_far().total.gross);
}

TEST_F(TrackedRunTest, ChecksInAgainWhatCouldNotBeKept) {
  const test::TempTree folder;
  Store(folder / "a.db", StoreAccess::write);
  {
    Store read_only(folder / "a.db", StoreAccess::read);
    work(10.0, seconds(1));
    run_.mark_epoch();
    work(10.0, seconds(1));
    EXPECT_THROW(run_.checkpoint(read_only), Error);
  }
  run_.mark_epoch();
  work(10.0, seconds(1));
  Store store(folder / "a.db", StoreAccess::write);
  run_.checkpoint(store);
  const auto running = store.running();
  ASSERT_EQ(1U, running.size());
  EXPECT_EQ(2U, running[0].windows.size());
}

TEST_F(TrackedRunTest, ChecksAnEpochInAsEndedOnlyOnceItsEnergyIsFinal) {
  Store store(":memory:", StoreAccess::write);
  work(10.0, seconds(1));
  clock_.advance(milliseconds(50));  // what the counter says of the edge is not read yet
  run_.mark_epoch();
  clock_.advance(milliseconds(1));
  run_.checkpoint(store);
  const auto early = store.running().at(0).windows.at(0);
  pass(seconds(1));
  run_.checkpoint(store);
  const auto late = store.running().at(0).windows.at(0);
  EXPECT_TRUE(late.ended);
  if (early.ended) {
    EXPECT_EQ(late, early);
  }
  expect_energy(10.5, late.gross);
}

TEST_F(TrackedRunTest, KeepsABoundedNumberOfWindows) {
  for (int i = 0; i < 1000; ++i) run_.begin_window("open");
  test::expect_refusal(test::refusal_of([&] { run_.begin_window("one more"); }), ErrorCode::usage,
                       "at most 1000 windows may be open");
  test::expect_refusal(test::refusal_of([&] { run_.begin_epoch(); }), ErrorCode::usage,
                       "at most 1000");
  EXPECT_EQ(1000U, finish().windows.size());
}

TEST_F(TrackedRunTest, SaysInOneLineThatManyEpochsNeverEnded) {
  for (int i = 0; i < 50; ++i) run_.begin_epoch();
  const Measurement record = finish();
  ASSERT_EQ(1U, std::ranges::count_if(record.warnings, [](const std::string& warning) {
              return warning.find("never ended") != std::string::npos;
            }));
  EXPECT_EQ("epoch 1 and 48 others were never ended: the next one began", record.warnings.back());
}

TEST_F(TrackedRunTest, IsFinishedOnce) {
  work(10.0, seconds(1));
  finish();
  EXPECT_THROW(run_.finish(), Error);
}

}  // namespace
}  // namespace wattfor::tracked_run_test
