#include "recording/log_time.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace wattfor::log_time_test {
namespace {

Seconds at(std::string_view text) { return log_time(text).value(); }

TEST(LogTimeTest, ReadsWhatNvidiaSmiWrites) {
  EXPECT_DOUBLE_EQ(1689329566.483, at("2023/07/14 10:12:46.483").count());
  EXPECT_DOUBLE_EQ(951782400.0, at("2000/02/29 00:00:00").count());
}

TEST(LogTimeTest, WritesWhatItReads) {
  for (const char* text : {"2023/07/14 10:12:46.483", "2024/02/29 23:59:59.999"}) {
    EXPECT_EQ(text, log_time_text(at(text)));
  }
}

TEST(LogTimeTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "timestamp", "2023/07/14", "2023/07/14 10:12", "2023-07-14 10:12:46.483",
        "2023/13/14 10:12:46.483", "2023/02/30 10:12:46.483", "2023/07/14 24:12:46.483",
        "2023/07/14 10:60:46.483", "2023/07/14 10:12:46.", "2023/07/14 10:12:46.4x",
        "2023/07/14 10:12:46,483", "2023/07/14 10:12:-6.483", "2023/07/14 10:12:46.483 W"}) {
    EXPECT_FALSE(log_time(text)) << text;
  }
}

// Seconds from the first time to each.
std::vector<double> continued(const std::vector<const char*>& times) {
  LogClock clock;
  std::vector<double> result;
  for (const char* time : times) {
    result.push_back((clock.continued(at(time)) - at(times.front())).count());
  }
  return result;
}

TEST(LogClockTest, GoesOnOverTheHourThatSummerTakes) {
  const auto times =
      continued({"2023/03/26 01:59:59.500", "2023/03/26 03:00:00.000", "2023/03/26 03:00:00.500"});
  EXPECT_EQ((std::vector<double>{0.0, 0.5, 1.0}), times);
}

TEST(LogClockTest, GoesOnOverTheHourThatAutumnGives) {
  const auto times =
      continued({"2023/10/29 02:59:59.500", "2023/10/29 02:00:00.000", "2023/10/29 02:00:00.500"});
  EXPECT_EQ((std::vector<double>{0.0, 0.5, 1.0}), times);
}

TEST(LogClockTest, TakesAnHourAwayFromTheFullHourForAPause) {
  const auto times = continued({"2023/03/26 01:30:00.000", "2023/03/26 02:30:00.000"});
  EXPECT_EQ((std::vector<double>{0.0, 3600.0}), times);
  EXPECT_EQ((std::vector<double>{0.0, -3600.0}),
            continued({"2023/03/26 02:30:00.000", "2023/03/26 01:30:00.000"}));
}

TEST(LogClockTest, GoesOnOverAFullHour) {
  EXPECT_EQ((std::vector<double>{0.0, 1.0}),
            continued({"2023/03/26 01:59:59.500", "2023/03/26 02:00:00.500"}));
}

}  // namespace
}  // namespace wattfor::log_time_test
