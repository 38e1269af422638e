#include "recording/nvidia_smi_log.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "recording/log_time.h"
#include "support/refusal.h"

namespace wattfor::nvidia_smi_log_test {
namespace {

using test::expect_refusal;
using test::has_text;
using test::refusal_of;

NvidiaSmiLog read(const std::string& text, const LogChoice& choice = {}) {
  return read_nvidia_smi_log(text, "log.csv", choice);
}

// Of a log with the columns `timestamp` and `power.draw`.
std::string log_of(const std::vector<const char*>& lines) {
  std::string text = "timestamp, power.draw [W]\n";
  for (const char* line : lines) text += fmt::format("2023/07/14 10:12:{}\n", line);
  return text;
}

std::vector<double> powers(const NvidiaSmiLog& log) {
  std::vector<double> result;
  for (const Update& poll : log.polls) result.push_back(poll.power.value());
  return result;
}

// Since 10:12:00.
std::vector<double> seconds(const NvidiaSmiLog& log) {
  const Seconds origin = *log_time("2023/07/14 10:12:00");
  std::vector<double> result;
  for (const Update& poll : log.polls) {
    result.push_back(std::round((poll.time - origin).count() * 1e6) / 1e6);
  }
  return result;
}

using Numbers = std::vector<double>;

TEST(NvidiaSmiLogTest, ReadsValuesWithAndWithoutTheirUnit) {
  const auto log = read(log_of({"46.483, 56.12 W", "46.499, 60.42", "46.513, 61"}));
  EXPECT_EQ((Numbers{56.12, 60.42, 61.0}), powers(log));
  EXPECT_EQ((Numbers{46.483, 46.499, 46.513}), seconds(log));
  EXPECT_EQ("power.draw", log.column);
  EXPECT_TRUE(log.gaps.empty());
  EXPECT_TRUE(log.notes.empty());
}

TEST(NvidiaSmiLogTest, ReadsWindowsLineEndsAndAByteOrderMark) {
  EXPECT_EQ((Numbers{1.0, 2.0}),
            powers(read("\xEF\xBB\xBFtimestamp, power.draw [W]\r\n2023/07/14 10:12:46.483, 1.00 "
                        "W\r\n2023/07/14 10:12:46.500, 2.00 W\r\n")));
}

TEST(NvidiaSmiLogTest, RefusesTheUtf16OfAPowerShell) {
  const std::string text("\xFF\xFEt\0i\0", 6);
  expect_refusal(refusal_of([&] { read(text); }), ErrorCode::invalid_input, "UTF-16");
}

constexpr const char* three_columns =
    "timestamp, power.draw [W], power.draw.average [W], power.draw.instant [W], "
    "utilization.gpu [%], module.power.draw.instant [W]\n"
    "2023/07/14 10:12:46.483, 1, 2, 3, 50, 6\n";

TEST(NvidiaSmiLogTest, PrefersTheInstantThenTheAverage) {
  EXPECT_EQ("power.draw.instant", read(three_columns).column);
  EXPECT_EQ("power.draw.average",
            read("timestamp, power.draw [W], power.draw.average [W]\n2023/07/14 10:12:46.483, 1, "
                 "2\n")
                .column);
}

TEST(NvidiaSmiLogTest, TakesTheColumnThatIsAskedForWithItsUnitOrWithout) {
  for (const char* name : {"power.draw.average", "power.draw.average [W]"}) {
    EXPECT_EQ((Numbers{2.0}), powers(read(three_columns, {.column = name})));
  }
  EXPECT_EQ((Numbers{6.0}), powers(read(three_columns, {.column = "module.power.draw.instant"})));
}

TEST(NvidiaSmiLogTest, ListsTheColumnsOfWattsWhereOneIsMissingOrNoPower) {
  for (const char* name : {"power", "utilization.gpu", ""}) {
    expect_refusal(refusal_of([&] { read(three_columns, {.column = name}); }),
                   ErrorCode::invalid_input,
                   "power.draw, power.draw.average, power.draw.instant, module.power.draw.instant");
  }
  expect_refusal(refusal_of([] { read("timestamp, pstate\n2023/07/14 10:12:46.483, P0\n"); }),
                 ErrorCode::invalid_input, "none (query power.draw.instant");
}

TEST(NvidiaSmiLogTest, TakesTheNextColumnWhereTheBoardLacksThePreferredOne) {
  const auto log = read(
      "timestamp, power.draw.instant [W], power.draw [W]\n"
      "2023/07/14 10:12:46.483, [N/A], 56.12 W\n");
  EXPECT_EQ("power.draw", log.column);
  EXPECT_EQ((Numbers{56.12}), powers(log));
  ASSERT_EQ(1U, log.notes.size());
  EXPECT_TRUE(has_text(log.notes[0], "power.draw.instant"));
}

TEST(NvidiaSmiLogTest, MakesAGapOfWhatIsNoReadingAndCountsIt) {
  for (const char* word : {"[N/A]", "[Not Supported]", "[Unknown Error]", "[GPU is lost]", "ERR!",
                           "N/A", "nan W", "-3.00 W", "1e9 W"}) {
    const auto log = read(log_of({"46.0, 56.12", fmt::format("46.1, {}", word).c_str(),
                                  fmt::format("46.2, {}", word).c_str(), "46.3, 57.00"}));
    EXPECT_EQ((Numbers{56.12, 57.0}), powers(log)) << word;
    ASSERT_EQ(1U, log.gaps.size()) << word;
    EXPECT_NEAR(0.3, (log.gaps[0].to - log.gaps[0].from).count(), 1e-6);
    EXPECT_EQ(word, log.gaps[0].reason);
    ASSERT_EQ(1U, log.notes.size());
    EXPECT_EQ(fmt::format("2 lines without a power: {}", word), log.notes[0]);
  }
}

TEST(NvidiaSmiLogTest, RefusesALogOfWhichNothingWasRead) {
  expect_refusal(refusal_of([] { read(log_of({"46.0, [N/A]", "46.1, [N/A]"})); }),
                 ErrorCode::invalid_input, "2 lines without a power: [N/A]");
  expect_refusal(refusal_of([] { read("timestamp, power.draw [W]\n"); }), ErrorCode::invalid_input,
                 "expected readings");
  expect_refusal(refusal_of([] { read(""); }), ErrorCode::invalid_input, "empty");
}

TEST(NvidiaSmiLogTest, TakesTheDriversLastWordsForAGap) {
  const auto log =
      read(log_of({"46.0, 56.12"}) +
           "Unable to determine the device handle for GPU 0000:01:00.0: GPU is lost.\n" +
           "2023/07/14 10:12:47.0, 57.00\n");
  EXPECT_EQ((Numbers{56.12, 57.0}), powers(log));
  ASSERT_EQ(1U, log.gaps.size());
  EXPECT_TRUE(has_text(log.gaps[0].reason, "GPU is lost"));
}

TEST(NvidiaSmiLogTest, NamesTheLineOfWhatItCannotRead) {
  expect_refusal(refusal_of([] { read(log_of({"46.0, 56.12", "46.1, fifty"})); }),
                 ErrorCode::invalid_input, "log.csv:3: ' fifty'");
  expect_refusal(refusal_of([] { read(log_of({"46.0, 56.12", "46:1, 57"})); }),
                 ErrorCode::invalid_input, "log.csv:3: '2023/07/14 10:12:46:1' is no time");
}

TEST(NvidiaSmiLogTest, RefusesDecimalCommasThatShiftTheColumns) {
  expect_refusal(refusal_of([] { read(log_of({"46.0, 56,12"})); }), ErrorCode::invalid_input,
                 "log.csv:2: 3 fields where the header names 2 columns: a decimal comma");
}

TEST(NvidiaSmiLogTest, ReadsDecimalCommasInQuotesButNoThousands) {
  EXPECT_EQ((Numbers{56.12, 57.5}),
            powers(read("timestamp,power.draw [W]\n2023/07/14 10:12:46.0,\"56,12\"\n"
                        "2023/07/14 10:12:46.1,\"57,5 W\"\n")));
  expect_refusal(
      refusal_of([] { read("timestamp,power.draw [W]\n2023/07/14 10:12:46.0,\"1,056\"\n"); }),
      ErrorCode::invalid_input, "log.csv:2");
}

TEST(NvidiaSmiLogTest, NamesSemicolonsAndAMissingHeader) {
  expect_refusal(refusal_of([] { read("timestamp;power.draw [W]\n2023/07/14 10:12:46.0;1\n"); }),
                 ErrorCode::invalid_input, "not by semicolons");
  expect_refusal(refusal_of([] { read("2023/07/14 10:12:46.483, 56.12\n"); }),
                 ErrorCode::invalid_input, "log.csv:1: expected the columns' names");
}

constexpr const char* two_gpus =
    "timestamp, index, uuid, pci.bus_id, name, power.draw [W]\n"
    "2023/07/14 10:12:46.0, 0, GPU-aaaa, 00000000:01:00.0, NVIDIA A100, 50.00 W\n"
    "2023/07/14 10:12:46.0, 1, GPU-bbbb, 00000000:C1:00.0, NVIDIA H100, 60.00 W\n"
    "2023/07/14 10:12:46.1, 0, GPU-aaaa, 00000000:01:00.0, NVIDIA A100, 51.00 W\n"
    "2023/07/14 10:12:46.1, 1, GPU-bbbb, 00000000:C1:00.0, NVIDIA H100, 61.00 W\n";

TEST(NvidiaSmiLogTest, PicksOneOfSeveralGpusByAnyOfItsNames) {
  for (const char* gpu :
       {"1", "GPU-bbbb", "00000000:c1:00.0", "0000:C1:00.0", "C1:00.0", "NVIDIA H100"}) {
    const auto log = read(two_gpus, {.gpu = gpu});
    EXPECT_EQ((Numbers{60.0, 61.0}), powers(log)) << gpu;
    EXPECT_EQ("NVIDIA H100", log.board);
  }
}

TEST(NvidiaSmiLogTest, ListsTheGpusWhereItIsNotToldWhichOne) {
  const auto refusal = refusal_of([] { read(two_gpus); });
  expect_refusal(refusal, ErrorCode::invalid_input, "the lines are of 2 GPUs");
  EXPECT_TRUE(has_text(refusal.what(), "1 GPU-bbbb 00000000:C1:00.0 NVIDIA H100"));
  expect_refusal(refusal_of([] { read(two_gpus, {.gpu = "2"}); }), ErrorCode::invalid_input,
                 "no line is of the GPU '2'");
  expect_refusal(refusal_of([] { read(log_of({"46.0, 1"}), {.gpu = "0"}); }),
                 ErrorCode::invalid_input, "no column tells which GPU");
}

TEST(NvidiaSmiLogTest, ReadsOnWhereTheLoggerWasStartedAgain) {
  const std::string once = log_of({"46.0, 56.12"});
  const auto log = read(once + "timestamp, power.draw [W]\n2023/07/14 10:12:50.0, 57\n");
  EXPECT_EQ((Numbers{56.12, 57.0}), powers(log));
  EXPECT_TRUE(has_text(log.notes.at(0), "started again"));
  // … in the middle of a line, and with other columns.
  EXPECT_EQ(
      (Numbers{56.12, 57.0}),
      powers(read(once + "2023/07/14 10:1timestamp, power.draw [W]\n2023/07/14 10:12:50.0, 57\n")));
  EXPECT_EQ((Numbers{56.12, 57.0}),
            powers(read(once + "power.draw [W], timestamp\n57, 2023/07/14 10:12:50.0\n")));
}

TEST(NvidiaSmiLogTest, LeavesOutALastLineWithoutItsEnd) {
  const auto log = read(log_of({"46.0, 56.12"}) + "2023/07/14 10:12:46.1, 5");
  EXPECT_EQ((Numbers{56.12}), powers(log));
  EXPECT_TRUE(has_text(log.notes.at(0), "cut"));
}

TEST(NvidiaSmiLogTest, KeepsReadingsOfTheSameMillisecond) {
  EXPECT_EQ((Numbers{46.0, 46.0, 46.001}),
            seconds(read(log_of({"46.0, 1", "46.0, 2", "46.001, 3"}))));
}

TEST(NvidiaSmiLogTest, MakesAGapOfTheTimesThatAClockSetBackClaimsTwice) {
  const auto log = read(log_of({"46.0, 1", "46.1, 2", "46.2, 3", "46.3, 4", "46.15, 5", "46.25, 6",
                                "46.35, 7", "46.45, 8"}));
  EXPECT_EQ((Numbers{46.0, 46.1, 46.35, 46.45}), seconds(log));
  ASSERT_EQ(1U, log.gaps.size());
  EXPECT_TRUE(has_text(log.gaps[0].reason, "the clock went back by 0.150 s"));
  EXPECT_NEAR(0.2, (log.gaps[0].to - log.gaps[0].from).count(), 1e-6);
  EXPECT_TRUE(has_text(log.notes.at(0), "goes back 1 time"));
}

TEST(NvidiaSmiLogTest, IsInOrderOfTimeWhateverTheClockDid) {
  const auto log = read(log_of(
      {"46.0, 1", "46.9, 2", "46.3, 3", "46.1, 4", "46.95, 5", "46.2, 6", "47.0, 7", "47.5, 8"}));
  EXPECT_TRUE(std::ranges::is_sorted(log.polls, {}, &Update::time));
  EXPECT_TRUE(std::ranges::is_sorted(log.gaps, {}, &LogGap::from));
  EXPECT_EQ((Numbers{46.0, 47.0, 47.5}), seconds(log));
}

TEST(NvidiaSmiLogTest, GoesOnOverAChangeToSummerTime) {
  const auto log =
      read("timestamp, power.draw [W]\n2023/03/26 01:59:59.990, 1\n2023/03/26 03:00:00.010, 2\n");
  ASSERT_EQ(2U, log.polls.size());
  EXPECT_NEAR(0.02, (log.polls[1].time - log.polls[0].time).count(), 1e-6);
  EXPECT_TRUE(has_text(log.notes.at(0), "daylight saving"));
}

TEST(NvidiaSmiLogTest, KnowsTheHighestPowerLimit) {
  const auto log = read(
      "timestamp, enforced.power.limit [W], power.draw [W]\n2023/07/14 10:12:46.0, 250.00 W, 1\n"
      "2023/07/14 10:12:46.1, 300.00 W, 2\n2023/07/14 10:12:46.2, [N/A], 3\n");
  EXPECT_EQ(Watts(300.0), log.limit);
}

}  // namespace
}  // namespace wattfor::nvidia_smi_log_test
