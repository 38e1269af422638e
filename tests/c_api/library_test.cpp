#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/log.h"
#include "handles.h"

namespace wattfor::library_test {
namespace {

TEST(LibraryTest, ItTellsItsVersion) { EXPECT_STREQ(WATTFOR_VERSION, wattfor_version()); }

TEST(LibraryTest, FreeingNothingIsNothing) { wattfor_free(nullptr); }

TEST(LibraryTest, EachThreadHasItsOwnErrorMessageWhichASuccessLeaves) {
  EXPECT_EQ(WATTFOR_USAGE, wattfor_window_end(nullptr));
  const std::string here = wattfor_error_message();
  EXPECT_EQ("the window is NULL, and must not be", here);
  std::thread([] {
    EXPECT_STREQ("", wattfor_error_message());
    EXPECT_EQ(WATTFOR_USAGE, wattfor_run_mark_step(nullptr, 1));
    EXPECT_STREQ("the run is NULL, and must not be", wattfor_error_message());
  }).join();
  EXPECT_EQ(here, wattfor_error_message());
}

using Lines = std::vector<std::pair<wattfor_log_level, std::string>>;

void keep_line(void* context, wattfor_log_level level, const char* line) {
  static_cast<Lines*>(context)->emplace_back(level, line);
}

TEST(LibraryTest, WhatItLogsGoesWhereTheProgramSaysAndNowhereElse) {
  Lines lines;
  wattfor_set_log(keep_line, &lines);
  log(LogLevel::warning, "a sensor stopped");
  log(LogLevel::info, "it goes on");
  wattfor_set_log(nullptr, nullptr);
  log(LogLevel::warning, "nobody hears");
  EXPECT_EQ((Lines{{WATTFOR_LOG_WARNING, "a sensor stopped"}, {WATTFOR_LOG_INFO, "it goes on"}}),
            lines);
}

}  // namespace
}  // namespace wattfor::library_test
