#include "bench/host_load.h"

#include <gtest/gtest.h>

#include "support/temp_tree.h"

namespace wattfor {
namespace {

TEST(HostLoadTest, IsTheBusyShareOfAllTimeSinceItWasMade) {
  const test::TempTree proc;
  //                        user nice system idle iowait irq softirq steal
  proc.write("stat", "cpu  1000 10 500 8000 100 5 5 0 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
  const HostLoad load(proc.root());
  // 20 + 5 + 10 + 1 + 2 + 2 = 40 busy, 50 + 10 = 60 idle.
  proc.write("stat", "cpu  1020 15 510 8050 110 6 7 2 0 0\n");
  EXPECT_DOUBLE_EQ(*load.busy_percent(), 40.0);
}

TEST(HostLoadTest, SaysNothingWhereTheKernelDoesNot) {
  const test::TempTree proc;
  EXPECT_FALSE(HostLoad(proc.root()).busy_percent().has_value());
  proc.write("stat", "intr 5\n");
  EXPECT_FALSE(HostLoad(proc.root()).busy_percent().has_value());
  proc.write("stat", "cpu  1 2 3 4 5 6 7 8 9 10\n");
  EXPECT_FALSE(HostLoad(proc.root()).busy_percent().has_value());  // no time has passed
}

}  // namespace
}  // namespace wattfor
