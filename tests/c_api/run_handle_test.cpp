#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "handles.h"
#include "store/store.h"
#include "support/text.h"

namespace wattfor::run_handle_test {
namespace {

using std::chrono::milliseconds;

class RunHandleTest : public testing::Test {
 protected:
  test::Handle<wattfor_run> begun(const char* name, const std::string& db) {
    wattfor_run_options options = WATTFOR_RUN_OPTIONS_INIT;
    options.db = db.c_str();
    return test::given_by<wattfor_run>(
        [&](wattfor_run** run) { return wattfor_run_begin(meter_.get(), name, &options, run); });
  }
  test::Handle<wattfor_run> begun() { return begun("digits", db_); }

  static test::Handle<wattfor_window> epoch_of(wattfor_run* run,
                                               std::int64_t number = WATTFOR_NEXT) {
    return test::given_by<wattfor_window>(
        [&](wattfor_window** epoch) { return wattfor_run_begin_epoch(run, number, epoch); });
  }

  static double run_joules(wattfor_run* run) {
    return wattfor_energy_joules(test::given_by<wattfor_energy>([&](wattfor_energy** energy) {
                                   return wattfor_run_energy(run, energy);
                                 }).get());
  }

  std::vector<Measurement> stored() const { return Store(db_, StoreAccess::read).measurements(); }

  test::SimulatedBoard board_;
  std::string db_ = board_.tree() / "wattfor.db";
  test::Handle<wattfor_meter> meter_ = test::meter_of(board_);
};

TEST(RunTest, NothingIsRefusedAndNeverCrashes) {
  wattfor_run* run = nullptr;
  wattfor_window* window = nullptr;
  wattfor_energy* energy = nullptr;
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin(nullptr, "digits", nullptr, &run));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin(nullptr, nullptr, nullptr, nullptr));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_tell(nullptr, "model", "digits"));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin_epoch(nullptr, 1, &window));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_mark_epoch(nullptr, 1));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_mark_step(nullptr, 1));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin_window(nullptr, "window", &window));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_energy(nullptr, &energy));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_finish(nullptr, WATTFOR_DONE, nullptr));
  char* json = nullptr;
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_json(nullptr, &json));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_json(nullptr, nullptr));
  EXPECT_STREQ("", wattfor_run_id(nullptr));
  EXPECT_STREQ("", wattfor_run_file(nullptr));
  EXPECT_STREQ("", wattfor_run_trouble(nullptr));
  wattfor_run_free(nullptr);
  EXPECT_TRUE(run == nullptr && window == nullptr && energy == nullptr);
}

TEST_F(RunHandleTest, ItsRecordHasEpochsStepsWindowsFactsAndWhatTheyTook) {
  const auto run = begun();
  EXPECT_EQ(WATTFOR_OK, wattfor_run_tell(run.get(), "epochs_total", "90"));
  for (const int number : {1, 2}) {
    const auto epoch = epoch_of(run.get());
    test::work(milliseconds(50));
    EXPECT_EQ(WATTFOR_OK, wattfor_run_mark_step(run.get(), 10 * number));
    EXPECT_EQ(WATTFOR_OK, wattfor_window_end(epoch.get()));
    const auto energy = test::energy_of(epoch.get());
    EXPECT_EQ("epoch " + std::to_string(number), wattfor_energy_name(energy.get()));
    EXPECT_EQ(1, wattfor_energy_is_final(energy.get()));
    test::expect_work(energy.get());
  }
  EXPECT_EQ(WATTFOR_OK, wattfor_run_mark_step(run.get(), WATTFOR_NEXT));
  const auto test_window = test::given_by<wattfor_window>(
      [&](wattfor_window** window) { return wattfor_run_begin_window(run.get(), "test", window); });
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(test_window.get()));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_tell(run.get(), "accuracy", "0.75"));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));

  const auto energy = test::given_by<wattfor_energy>(
      [&](wattfor_energy** whole) { return wattfor_run_energy(run.get(), whole); });
  EXPECT_EQ(1, wattfor_energy_is_final(energy.get()));
  test::expect_work(energy.get());
  EXPECT_STREQ(db_.c_str(), wattfor_run_file(run.get()));
  EXPECT_STREQ("", wattfor_run_trouble(run.get()));

  const auto json = test::json_of(wattfor_run_json, run.get());
  EXPECT_EQ("digits", json["name"]);
  EXPECT_EQ(wattfor_run_id(run.get()), json["id"]);
  EXPECT_EQ(21, json["steps"]);
  EXPECT_EQ("digits", json["training"]["model"]);
  EXPECT_EQ(90, json["training"]["epochs_total"]);
  EXPECT_EQ(75.0, json["training"]["accuracy_percent"]);
  EXPECT_FALSE(json["command"]["arguments"].empty());

  const auto records = stored();
  ASSERT_EQ(1U, records.size());
  EXPECT_EQ(wattfor_run_id(run.get()), records[0].id);
  EXPECT_EQ(Outcome::done, records[0].outcome);
  EXPECT_EQ(json["windows"].size(), records[0].windows.size());
}

TEST_F(RunHandleTest, AnEpochThatIsFreedBeforeItsEndDidNotEnd) {
  const auto run = begun();
  epoch_of(run.get()).reset();
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(epoch_of(run.get()).get()));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_FAILED, "it diverged"));
  const auto json = test::json_of(wattfor_run_json, run.get());
  EXPECT_EQ("failed", json["outcome"]);
  EXPECT_EQ("it diverged", json["reason"]);
  std::vector<bool> ended;
  for (const auto& window : json["windows"]) {
    if (window["kind"] == "epoch") ended.push_back(window["ended"]);
  }
  EXPECT_EQ((std::vector<bool>{false, true}), ended);
}

TEST_F(RunHandleTest, WhatCannotBeIsRefusedAndTheRunGoesOn) {
  const auto run = begun();
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_tell(run.get(), "colour", "red"));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "no fact is called 'colour'"));
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_tell(run.get(), "accuracy", "76.1"));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "accuracy_percent"));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_tell(run.get(), nullptr, "1"));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_tell(run.get(), "model", nullptr));

  wattfor_window* window = nullptr;
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_begin_epoch(run.get(), -2, &window));
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_mark_epoch(run.get(), 1'000'000'001));
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_mark_step(run.get(), -2));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_mark_step(run.get(), 5));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_mark_step(run.get(), 4));
  EXPECT_EQ(WATTFOR_INVALID_INPUT,
            wattfor_run_begin_window(run.get(), std::string(5000, 'x').c_str(), &window));
  EXPECT_EQ(WATTFOR_INVALID_INPUT, wattfor_run_finish(run.get(), 7, nullptr));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  EXPECT_EQ(nullptr, window);
}

TEST_F(RunHandleTest, AfterItsEndItAnswersAndTakesNoMore) {
  const auto run = begun();
  const auto ended = epoch_of(run.get());
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(ended.get()));
  const auto open = epoch_of(run.get());
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  EXPECT_NE(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  EXPECT_TRUE(test::has_text(wattfor_error_message(), "the run has ended"));
  EXPECT_NE(WATTFOR_OK, wattfor_run_mark_step(run.get(), WATTFOR_NEXT));
  EXPECT_NE(WATTFOR_OK, wattfor_run_tell(run.get(), "accuracy", "0.5"));
  EXPECT_NE(WATTFOR_OK, wattfor_window_end(open.get()));
  for (const auto* window : {&ended, &open}) {
    EXPECT_EQ(1, wattfor_energy_is_final(test::energy_of(window->get()).get()));
  }
  EXPECT_EQ(1U, stored().size());
}

TEST_F(RunHandleTest, OneThatIsDroppedIsKeptAsInterruptedAndItsWindowsAnswer) {
  auto run = begun();
  const auto epoch = epoch_of(run.get());
  test::work(milliseconds(40));
  run.reset();
  meter_.reset();
  test::expect_work(test::energy_of(epoch.get()).get());
  const auto records = stored();
  ASSERT_EQ(1U, records.size());
  EXPECT_EQ(Outcome::interrupted, records[0].outcome);
}

TEST_F(RunHandleTest, WithoutAStoreItIsMeasuredAndItsRecordIsAFile) {
  ASSERT_EQ(0, setenv("TMPDIR", board_.tree().root().c_str(), 1));
  board_.tree().write("a file", "");
  const auto run = begun("digits", board_.tree() / "a file/wattfor.db");
  EXPECT_TRUE(test::has_text(wattfor_run_trouble(run.get()), "a file"));
  EXPECT_EQ(WATTFOR_IO, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  unsetenv("TMPDIR");
  const std::string file = wattfor_run_file(run.get());
  EXPECT_TRUE(test::has_text(wattfor_error_message(), file + ", for `wattfor import`"));
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_STRNE("", wattfor_run_trouble(run.get()));
  EXPECT_EQ("digits", test::json_of(wattfor_run_json, run.get())["name"]);
}

TEST_F(RunHandleTest, ANameOfBytesThatAreNoTextIsReadableInTheJson) {
  const auto run = begun("caf\xe9", db_);
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, "\xff"));
  EXPECT_EQ("caf\xef\xbf\xbd", test::json_of(wattfor_run_json, run.get())["name"]);
}

TEST_F(RunHandleTest, ThreadsMarkAndAskWhileAnotherEndsIt) {
  const auto run = begun();
  std::atomic<int> at_work = 0;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int number = 0; number < 4; ++number) {
    threads.emplace_back([&] {
      ++at_work;
      while (wattfor_run_mark_step(run.get(), WATTFOR_NEXT) == WATTFOR_OK) {
        wattfor_window* window = nullptr;
        wattfor_run_begin_window(run.get(), "of a thread", &window);
        wattfor_window_end(window);
        const test::Handle<wattfor_window> owned(window);
        EXPECT_FALSE(std::isnan(run_joules(run.get())));
      }
    });
  }
  while (at_work < 4) std::this_thread::yield();
  test::work(milliseconds(20));
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  const double joules = run_joules(run.get());
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(joules, run_joules(run.get()));
  const auto json = test::json_of(wattfor_run_json, run.get());
  EXPECT_GE(json["steps"], static_cast<std::int64_t>(json["windows"].size()));
}

TEST_F(RunHandleTest, ANameThatIsTooLongIsRefusedBeforeAnythingIsMeasured) {
  wattfor_run* run = nullptr;
  EXPECT_EQ(WATTFOR_INVALID_INPUT,
            wattfor_run_begin(meter_.get(), std::string(5000, 'x').c_str(), nullptr, &run));
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin(meter_.get(), nullptr, nullptr, &run));
  const wattfor_run_options unsized{};
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_begin(meter_.get(), "digits", &unsized, &run));
  EXPECT_EQ(nullptr, run);
}

}  // namespace
}  // namespace wattfor::run_handle_test
