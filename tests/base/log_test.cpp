#include "base/log.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace wattfor::log_test {
namespace {

TEST(LogTest, DropsLinesWithoutASink) {
  set_log_sink(nullptr);
  log(LogLevel::warning, "nobody hears this");
}

TEST(LogTest, HandsEachLineToTheSink) {
  std::vector<std::string> lines;
  set_log_sink([&lines](LogLevel level, std::string_view line) {
    lines.push_back((level == LogLevel::warning ? "warning: " : "info: ") + std::string(line));
  });
  log(LogLevel::info, "a sensor was found");
  log(LogLevel::warning, "it vanished");
  set_log_sink(nullptr);
  log(LogLevel::info, "after the end");
  EXPECT_EQ(lines, (std::vector<std::string>{"info: a sensor was found", "warning: it vanished"}));
}

}  // namespace
}  // namespace wattfor::log_test
