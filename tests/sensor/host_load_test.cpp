#include "sensor/host_load.h"

#include <gtest/gtest.h>

#include <string>

#include "support/temp_tree.h"

namespace wattfor::host_load_test {
namespace {

TEST(HostLoadTest, IsTheBusyShareOfAllTimeBetweenTwoMoments) {
  const test::TempTree proc;
  //                        user nice system idle iowait irq softirq steal
  proc.write("stat", "cpu  1000 10 500 8000 100 5 5 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
  const auto begin = read_cpu_time(proc.root());
  // 20 + 5 + 10 + 1 + 2 + 2 = 40 busy, 50 + 10 = 60 idle.
  proc.write("stat", "cpu  1020 15 510 8050 110 6 7 2 0 0\n");
  const auto end = read_cpu_time(proc.root());
  EXPECT_DOUBLE_EQ(*busy_percent(begin, end), 40.0);
  EXPECT_DOUBLE_EQ(end->programs - begin->programs, 35.0);  // of these, programs took 20 + 5 + 10
}

TEST(HostLoadTest, SaysNothingWhereTheKernelDoesNot) {
  const test::TempTree proc;
  EXPECT_FALSE(read_cpu_time(proc.root()).has_value());
  proc.write("stat", "intr 5\n");
  EXPECT_FALSE(read_cpu_time(proc.root()).has_value());
  proc.make_unreadable("stat");
  EXPECT_FALSE(read_cpu_time(proc.root()).has_value());
  const CpuTime now{.programs = 1.0, .interrupts = 2.0, .idle = 3.0};
  EXPECT_FALSE(busy_percent(now, now).has_value()) << "no time has passed";
  EXPECT_FALSE(busy_percent(now, std::nullopt).has_value());
}

TEST(HostLoadTest, ReadsOnlyTheFirstLineOfALongAccount) {
  const test::TempTree proc;
  proc.write("stat", "cpu  1 2 3 4 5 6 7 8 0 0\nintr " + std::string(1 << 20, '7'));
  EXPECT_DOUBLE_EQ(read_cpu_time(proc.root())->all(), 36.0);
}

}  // namespace
}  // namespace wattfor::host_load_test
