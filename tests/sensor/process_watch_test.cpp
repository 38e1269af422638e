#include "sensor/process_watch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::process_watch_test {
namespace {

using std::chrono::seconds;
using test::TempTree;

// /proc/PID/stat as proc(5) describes it: user time, system time and start time among 0s.
std::string stat_line(int pid, const std::string& name, int user, int system, int start) {
  return std::to_string(pid) + " (" + name + ") S 1 1 1 0 -1 4194560 0 0 0 0 " +
         std::to_string(user) + " " + std::to_string(system) + " 0 0 20 0 1 0 " +
         std::to_string(start) + " 0 0\n";
}

int ticks_per_second() { return static_cast<int>(sysconf(_SC_CLK_TCK)); }

TEST(ProcessWatchTest, TellsTheCpusThatEachProcessKeptBusyAndTheBusiestFirst) {
  const TempTree proc;
  const int second = ticks_per_second();
  ManualClock clock;
  ProcessWatch watch(proc.root(), clock);
  proc.write("10/stat", stat_line(10, "one", 100, 0, 5));
  proc.write("11/stat", stat_line(11, "four", 100, 50, 5));
  proc.write("12/stat", stat_line(12, "idle", 7, 7, 5));
  proc.write("self/stat", stat_line(10, "one", 100, 0, 5));
  watch.look();
  EXPECT_TRUE(watch.busiest(10).empty());  // nothing to compare with

  proc.write("10/stat", stat_line(10, "one", 100 + 2 * second, 0, 5));
  proc.write("11/stat", stat_line(11, "four", 100 + 6 * second, 50 + 2 * second, 5));
  clock.advance(seconds(2));
  watch.look();
  const auto busy = watch.busiest(10);
  ASSERT_EQ(2U, busy.size());
  EXPECT_EQ(11, busy[0].pid);
  EXPECT_DOUBLE_EQ(4.0, busy[0].cores);
  EXPECT_EQ(10, busy[1].pid);
  EXPECT_DOUBLE_EQ(1.0, busy[1].cores);
  EXPECT_EQ(1U, watch.busiest(1).size());
}

TEST(ProcessWatchTest, RestsNotBeforeTheSecondLookAndNeverForLong) {
  const TempTree proc;
  const int second = ticks_per_second();
  ManualClock clock;
  ProcessWatch watch(proc.root(), clock);
  // So many that a look takes a while: 300 times that is longer than the next moment.
  for (int pid = 10; pid < 500; ++pid) {
    proc.write(std::to_string(pid) + "/stat", stat_line(pid, "idle", 0, 0, 5));
  }
  watch.look();
  proc.write("10/stat", stat_line(10, "busy", second, 0, 5));
  clock.advance(std::chrono::milliseconds(100));
  watch.look();
  ASSERT_EQ(1U, watch.busiest(10).size());
  proc.write("10/stat", stat_line(10, "busy", 6 * second, 0, 5));
  clock.advance(seconds(5));
  watch.look();
  ASSERT_EQ(1U, watch.busiest(10).size());
  EXPECT_DOUBLE_EQ(1.0, watch.busiest(10)[0].cores);
}

TEST(ProcessWatchTest, TakesAPidThatIsUsedAgainForAnotherProcess) {
  const TempTree proc;
  ManualClock clock;
  ProcessWatch watch(proc.root(), clock);
  proc.write("10/stat", stat_line(10, "old", 100, 0, 5));
  watch.look();
  proc.write("10/stat", stat_line(10, "new", 5000, 0, 900));
  clock.advance(seconds(2));
  watch.look();
  EXPECT_TRUE(watch.busiest(10).empty());
}

TEST(ProcessWatchTest, ReadsPastANameThatLooksLikeFields) {
  const TempTree proc;
  ManualClock clock;
  ProcessWatch watch(proc.root(), clock);
  proc.write("10/stat", stat_line(10, "a) R 9 9 (b", 0, 0, 5));
  watch.look();
  proc.write("10/stat", stat_line(10, "a) R 9 9 (b", ticks_per_second(), 0, 5));
  clock.advance(seconds(2));
  watch.look();
  ASSERT_EQ(1U, watch.busiest(10).size());
  EXPECT_DOUBLE_EQ(0.5, watch.busiest(10)[0].cores);
}

TEST(ProcessWatchTest, PassesOverWhatIsNoStat) {
  const TempTree proc;
  ManualClock clock;
  ProcessWatch watch(proc.root(), clock);
  for (const char* garbage : {"", "10", "10 (x) S", "10 (x) S 1 1 1 0 -1 0 0 0 0 0 many few"}) {
    proc.write("10/stat", garbage);
    clock.advance(seconds(2));
    watch.look();
    EXPECT_TRUE(watch.busiest(10).empty()) << garbage;
  }
  ProcessWatch(proc / "nowhere", clock).look();
}

TEST(DescribeProcessTest, SaysTheCommandWithItsArguments) {
  const TempTree proc;
  proc.write("10/cmdline", std::string("python\0train.py\0--epochs\0003\0", 27));
  EXPECT_EQ("python train.py --epochs 3", describe_process(proc.root(), 10).command);
  EXPECT_FALSE(describe_process(proc.root(), 10).user.empty());
}

TEST(DescribeProcessTest, PutsTheNameOfOneWithoutArgumentsInBrackets) {
  const TempTree proc;
  proc.write("10/cmdline", "");
  proc.write("10/comm", "kworker/0:1\n");
  EXPECT_EQ("[kworker/0:1]", describe_process(proc.root(), 10).command);
}

TEST(DescribeProcessTest, IsEmptyForAProcessThatItDoesNotSee) {
  const TempTree proc;
  EXPECT_EQ("", describe_process(proc.root(), 10).command);
  EXPECT_EQ("", describe_process(proc.root(), 10).user);
}

}  // namespace
}  // namespace wattfor::process_watch_test
