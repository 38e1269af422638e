#include "sensor/perf_events.h"

#include <gtest/gtest.h>
#include <linux/magic.h>
#include <linux/perf_event.h>
#include <sys/vfs.h>

#include "support/temp_tree.h"

namespace wattfor::perf_events_test {
namespace {

bool sysfs_is_mounted() {
  struct statfs system{};
  return statfs("/sys", &system) == 0 && system.f_type == SYSFS_MAGIC;
}

TEST(PerfEventsTest, NoKernelStandsBehindAComposedTree) {
  const test::TempTree tree;
  EXPECT_EQ(perf_events_behind(tree.root()), nullptr);
  EXPECT_EQ(perf_events_behind(tree.root() / "nowhere"), nullptr);
  EXPECT_EQ(perf_events_behind("/proc"), nullptr);
}

TEST(PerfEventsTest, TheKernelCountsOnOneCpuOrSaysWhyItMayNot) {
  if (!sysfs_is_mounted()) GTEST_SKIP() << "/sys is no sysfs";
  PerfEvents* const kernel = perf_events_behind("/sys");
  ASSERT_NE(kernel, nullptr);
  const auto opened = kernel->open({PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK, 0});
  if (const int* error_number = std::get_if<int>(&opened)) {
    EXPECT_GT(*error_number, 0);
    GTEST_SKIP() << "this user may not open perf events of a CPU: errno " << *error_number;
  }
  const int counter = std::get<UniqueFd>(opened).get();
  const auto first = kernel->read(counter);
  const auto second = kernel->read(counter);
  ASSERT_TRUE(std::holds_alternative<std::uint64_t>(first));
  EXPECT_GE(std::get<std::uint64_t>(second), std::get<std::uint64_t>(first));
}

TEST(PerfEventsTest, AnEventThatIsNoneIsAnErrno) {
  if (!sysfs_is_mounted()) GTEST_SKIP() << "/sys is no sysfs";
  constexpr std::uint32_t no_unit = 4000000000;
  PerfEvents* const kernel = perf_events_behind("/sys");
  EXPECT_TRUE(std::holds_alternative<int>(kernel->open({no_unit, 0, 0})));
  EXPECT_TRUE(std::holds_alternative<int>(kernel->read(-1)));
}

}  // namespace
}  // namespace wattfor::perf_events_test
