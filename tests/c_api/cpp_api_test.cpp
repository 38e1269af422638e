#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/simulated_board.h"
#include "wattfor/wattfor.hpp"

namespace wattfor::cpp_api_test {
namespace {

using std::chrono::milliseconds;

class CppApiTest : public testing::Test {
 protected:
  wattfor::Run run() { return {meter_, "digits", {.db = db_}}; }

  test::SimulatedBoard board_;
  std::string db_ = board_.tree() / "wattfor.db";
  Meter meter_{{.simulate = board_.file(), .interval_s = 0.01}};
};

void expect_work(const Energy& energy) {
  EXPECT_LE(energy.interval.low, test::SimulatedBoard::work_w * energy.duration_s);
  EXPECT_GE(energy.interval.high, test::SimulatedBoard::work_w * energy.duration_s);
  EXPECT_EQ(Basis::simulated, energy.basis);
}

nlohmann::json record_of(const Run& run) { return nlohmann::json::parse(run.json()); }

// Whether each epoch of the record ended.
std::vector<bool> epochs_of(const Run& run) {
  const nlohmann::json record = record_of(run);
  std::vector<bool> ended;
  for (const auto& window : record["windows"]) {
    if (window["kind"] == "epoch") ended.push_back(window["ended"]);
  }
  return ended;
}

static_assert(!std::is_copy_constructible_v<Meter> && std::is_nothrow_move_constructible_v<Meter>);
static_assert(!std::is_copy_constructible_v<Window> && std::is_nothrow_move_assignable_v<Window>);
static_assert(!std::is_copy_constructible_v<Run> && std::is_nothrow_move_assignable_v<Run>);

TEST_F(CppApiTest, AWindowHoldsTheTruthAndIsPrinted) {
  Window window = meter_.window("forward");
  test::work(milliseconds(60));
  EXPECT_FALSE(window.energy().is_final);
  window.end();
  const Energy energy = window.energy();
  EXPECT_TRUE(energy.is_final);
  expect_work(energy);
  EXPECT_EQ("forward", energy.name);
  ASSERT_EQ(1U, energy.components.size());
  EXPECT_EQ(energy.joules, energy.components[0].joules);
  EXPECT_EQ(energy.joules, nlohmann::json::parse(energy.json)["total"]["energy_j"]);
  std::ostringstream text;
  text << energy;
  EXPECT_NE(std::string::npos, text.str().find(", simulated, " + energy.scope + ", over "))
      << text.str();
}

TEST_F(CppApiTest, AnEnergyOfNothingSaysSo) {
  std::ostringstream text;
  text << Energy{};
  EXPECT_EQ("no energy", text.str());
  EXPECT_TRUE(std::isnan(Energy{}.joules));
}

TEST_F(CppApiTest, AnEpochEndsWithItsScopeButNotWhereAnExceptionLeavesIt) {
  wattfor::Run run = this->run();
  {
    const Window epoch = run.epoch();
  }
  try {
    const Window epoch = run.epoch();
    throw std::runtime_error("out of memory");
  } catch (const std::runtime_error&) {
  }
  {
    const Window epoch = run.epoch();
  }
  run.finish();
  EXPECT_EQ((std::vector<bool>{true, false, true}), epochs_of(run));
}

TEST_F(CppApiTest, AWindowThatAnExceptionLeavesEndsAndTheRunSaysHowItEnded) {
  wattfor::Run run = this->run();
  try {
    const Window epoch = run.epoch();
    const Window named = run.window("forward");
    throw std::runtime_error("out of memory");
  } catch (const std::runtime_error&) {
  }
  run.finish(Outcome::failed, "out of memory");
  EXPECT_EQ((std::vector<bool>{false}), epochs_of(run));
  EXPECT_EQ("failed", record_of(run)["outcome"]);
  EXPECT_EQ("forward", record_of(run)["windows"].back()["name"]);
  EXPECT_EQ(true, record_of(run)["windows"].back()["ended"]);
}

struct TrainsInItsDestructor {
  Run& run;
  ~TrainsInItsDestructor() { const Window epoch = run.epoch(); }
};

TEST_F(CppApiTest, AnEpochWithinTheUnwindingOfAnotherExceptionEnds) {
  wattfor::Run run = this->run();
  try {
    const TrainsInItsDestructor last{run};
    throw std::runtime_error("stopped early");
  } catch (const std::runtime_error&) {
  }
  run.finish();
  EXPECT_EQ((std::vector<bool>{true}), epochs_of(run));
}

TEST_F(CppApiTest, ARunThatGoesOutOfScopeIsKeptAsItEnded) {
  std::optional<Window> of_done;
  {
    wattfor::Run done = run();
    of_done = done.epoch();
  }
  try {
    const wattfor::Run failed = run();
    throw std::runtime_error("out of memory");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(of_done->energy().is_final);
  wattfor::Run third = run();
  third.finish();
  EXPECT_EQ(db_, third.file());
  EXPECT_EQ("", third.trouble());
  EXPECT_EQ(third.id(), record_of(third)["id"].get<std::string>());
}

TEST_F(CppApiTest, FactsAreTextsAndNumbers) {
  wattfor::Run run = this->run();
  run.tell("dataset", "digits");
  run.tell("epochs_total", 90);
  run.tell("data_fraction", 0.1);
  run.mark_step(3);
  run.mark_step();
  EXPECT_FALSE(run.energy().is_final);
  run.finish();
  const auto record = record_of(run);
  EXPECT_EQ("digits", record["training"]["dataset"]);
  EXPECT_EQ(90, record["training"]["epochs_total"]);
  EXPECT_EQ(0.1, record["training"]["data_fraction"]);
  EXPECT_EQ(4, record["steps"]);
}

TEST_F(CppApiTest, WhatCannotBeThrowsWithItsStatus) {
  wattfor::Run run = this->run();
  try {
    run.tell("accuracy", 76.1);
    ADD_FAILURE() << "nothing was refused";
  } catch (const Error& error) {
    EXPECT_EQ(WATTFOR_INVALID_INPUT, error.status());
    EXPECT_NE(std::string::npos, std::string(error.what()).find("accuracy_percent"));
  }
  EXPECT_THROW(Meter({.interval_s = 1e9}), Error);
  EXPECT_THROW(meter_.measure_idle(-1.0), Error);
}

TEST_F(CppApiTest, MovedHandlesAreOneAndTheSame) {
  Window first = meter_.window("first");
  Window second = meter_.window("second");
  second = std::move(first);  // what it held before ends here
  EXPECT_EQ("first", second.energy().name);
  EXPECT_THROW(first.end(), Error);  // NOLINT(bugprone-use-after-move): it says that it is nothing
  wattfor::Run run = this->run();
  wattfor::Run moved = std::move(run);
  moved.finish();
  EXPECT_EQ("digits", record_of(moved)["name"]);
}

TEST_F(CppApiTest, WarningsOfDiscoveryAreListed) { EXPECT_TRUE(meter_.warnings().empty()); }

}  // namespace
}  // namespace wattfor::cpp_api_test
