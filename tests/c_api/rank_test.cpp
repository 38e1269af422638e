#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include "base/unique_fd.h"
#include "handles.h"

namespace wattfor::rank_test {
namespace {

// The words of a launcher, in the environment while it lives.
class Launched {
 public:
  explicit Launched(const std::string& place)
      : words_{{"WORLD_SIZE", "2"}, {"MASTER_ADDR", "localhost"}, {"MASTER_PORT", place}} {
    for (const auto& [word, value] : words_) setenv(word.c_str(), value.c_str(), 1);
  }
  Launched(const Launched&) = delete;
  Launched& operator=(const Launched&) = delete;
  ~Launched() {
    for (const auto& [word, value] : words_) unsetenv(word.c_str());
  }

 private:
  std::map<std::string, std::string> words_;
};

class RankTest : public testing::Test {
 protected:
  test::Handle<wattfor_run> begun(wattfor_meter* meter) const {
    wattfor_run_options options = WATTFOR_RUN_OPTIONS_INIT;
    options.db = db_.c_str();
    return test::given_by<wattfor_run>(
        [&](wattfor_run** run) { return wattfor_run_begin(meter, "train", &options, run); });
  }

  // Another rank, which measures, and keeps no record in a store, until `ending_` closes.
  void begin_other_rank() {
    std::array<int, 2> begun{};
    std::array<int, 2> ending{};
    ASSERT_EQ(0, pipe(begun.data()));
    ASSERT_EQ(0, pipe(ending.data()));
    other_ = fork();
    if (other_ == 0) {
      close(ending[1]);
      setenv("TMPDIR", board_.tree().root().c_str(), 1);
      const auto meter = test::meter_of(board_);
      const auto run = this->begun(meter.get());
      char byte = 'b';
      std::ignore = write(begun[1], &byte, 1);
      std::ignore = read(ending[0], &byte, 1);
      wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr);
      _exit(0);
    }
    close(begun[1]);
    close(ending[0]);
    ending_ = UniqueFd(ending[1]);
    const UniqueFd answers(begun[0]);
    char byte = 0;
    ASSERT_EQ(1, read(answers.get(), &byte, 1));
  }
  void TearDown() override {
    ending_.reset();
    waitpid(other_, nullptr, 0);
  }

  test::SimulatedBoard board_;
  std::string db_ = board_.tree() / "wattfor.db";
  Launched launched_{db_};
  pid_t other_ = 0;
  UniqueFd ending_;
};

void expect_nothing(const wattfor_energy* energy, const char* name) {
  EXPECT_STREQ(name, wattfor_energy_name(energy));
  EXPECT_EQ(WATTFOR_MISSING, wattfor_energy_basis(energy));
  EXPECT_TRUE(std::isnan(wattfor_energy_joules(energy)));
  EXPECT_TRUE(std::isnan(wattfor_energy_duration_s(energy)));
  EXPECT_EQ(0, wattfor_energy_is_final(energy));
}

TEST_F(RankTest, WhatAnotherMeasuresAndHasNotToldIsMissingAndNeverZero) {
  ASSERT_NO_FATAL_FAILURE(begin_other_rank());
  const auto meter = test::meter_of(board_);
  const auto run = begun(meter.get());
  EXPECT_STRNE("", wattfor_run_id(run.get())) << "the other's record";
  const auto energy = [&] {
    return test::given_by<wattfor_energy>(
        [&](wattfor_energy** answer) { return wattfor_run_energy(run.get(), answer); });
  };
  expect_nothing(energy().get(), "the run");
  char* json = nullptr;
  EXPECT_EQ(WATTFOR_NOT_FOUND, wattfor_run_json(run.get(), &json));
  EXPECT_EQ(nullptr, json);
  const auto epoch = test::given_by<wattfor_window>([&](wattfor_window** window) {
    return wattfor_run_begin_epoch(run.get(), WATTFOR_NEXT, window);
  });
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(epoch.get()));
  expect_nothing(test::energy_of(epoch.get()).get(), "epoch");
  EXPECT_EQ(WATTFOR_OK, wattfor_run_tell(run.get(), "accuracy", "0.75"));

  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  EXPECT_STREQ("", wattfor_run_file(run.get()));
  EXPECT_STREQ("", wattfor_run_trouble(run.get()));
  expect_nothing(energy().get(), "the run");
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(epoch.get())) << "a second time it does nothing";
  EXPECT_EQ(WATTFOR_USAGE, wattfor_run_mark_step(run.get(), 1)) << "the run has ended";
}

}  // namespace
}  // namespace wattfor::rank_test
