#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "handles.h"
#include "store/store.h"

namespace wattfor::c_api_fork_test {
namespace {

// Whether each of the claims about the child held; a child can't report to GoogleTest.
class Claims {
 public:
  void operator()(bool holds) {
    if (!holds && first_ == 0) first_ = count_ + 1;
    ++count_;
  }
  int first_that_failed() const { return first_; }

 private:
  int count_ = 0;
  int first_ = 0;
};

template <class Work>
int status_of_child(const Work& work) {
  const pid_t child = fork();
  if (child == 0) {
    Claims claims;
    work(claims);
    _exit(claims.first_that_failed());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(ForkTest, WhatTheParentOpenedIsTheParentsAndTheChildsOwnIsMeasured) {
  const test::SimulatedBoard board;
  ASSERT_EQ(0, setenv("TMPDIR", board.tree().root().c_str(), 1));
  const std::string db = board.tree() / "wattfor.db";
  wattfor_run_options options = WATTFOR_RUN_OPTIONS_INIT;
  options.db = db.c_str();
  auto meter = test::meter_of(board);
  auto window = test::window_of(meter.get());
  auto run = test::given_by<wattfor_run>([&](wattfor_run** begun) {
    return wattfor_run_begin(meter.get(), "parent", &options, begun);
  });

  const int failed = status_of_child([&](Claims& claim) {
    wattfor_energy* energy = nullptr;
    wattfor_window* own = nullptr;
    wattfor_run* none = nullptr;
    claim(wattfor_window_end(window.get()) == WATTFOR_UNSUPPORTED);
    claim(std::string(wattfor_error_message()).find("forked") != std::string::npos);
    claim(wattfor_window_energy(window.get(), &energy) == WATTFOR_UNSUPPORTED);
    claim(wattfor_window_begin(meter.get(), "child", &own) == WATTFOR_UNSUPPORTED);
    claim(wattfor_run_begin(meter.get(), "child", &options, &none) == WATTFOR_UNSUPPORTED);
    claim(wattfor_run_mark_epoch(run.get(), WATTFOR_NEXT) == WATTFOR_UNSUPPORTED);
    claim(wattfor_run_energy(run.get(), &energy) == WATTFOR_UNSUPPORTED);
    claim(wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr) == WATTFOR_UNSUPPORTED);
    char* json = nullptr;
    claim(wattfor_run_json(run.get(), &json) == WATTFOR_UNSUPPORTED && json == nullptr);
    claim(*wattfor_run_id(run.get()) == '\0');
    claim(energy == nullptr && own == nullptr && none == nullptr);
    run.reset();
    window.reset();
    meter.reset();

    auto meter_of_child = test::meter_of(board);
    const auto window_of_child = test::window_of(meter_of_child.get());
    test::work(std::chrono::milliseconds(60));
    wattfor_window_end(window_of_child.get());
    const auto measured = test::energy_of(window_of_child.get());
    claim(wattfor_energy_joules(measured.get()) > 0.0);
    wattfor_run* run_of_child = nullptr;
    claim(wattfor_run_begin(meter_of_child.get(), "child", &options, &run_of_child) == WATTFOR_OK);
    claim(wattfor_run_finish(run_of_child, WATTFOR_DONE, nullptr) == WATTFOR_IO);
    claim(access(wattfor_run_file(run_of_child), R_OK) == 0);
    wattfor_run_free(run_of_child);
  });
  EXPECT_EQ(0, failed) << "the first claim about the child that failed";

  unsetenv("TMPDIR");
  EXPECT_EQ(WATTFOR_OK, wattfor_window_end(window.get()));
  test::expect_work(test::energy_of(window.get()).get());
  EXPECT_EQ(WATTFOR_OK, wattfor_run_finish(run.get(), WATTFOR_DONE, nullptr));
  EXPECT_EQ(1U, Store(db, StoreAccess::read).measurements().size());
}

}  // namespace
}  // namespace wattfor::c_api_fork_test
