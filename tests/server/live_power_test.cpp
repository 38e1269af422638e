#include "server/live_power.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "sensor/meter_spec.h"
#include "support/temp_tree.h"

namespace wattfor::live_power_test {
namespace {

bool has_wall(const TopView& view) {
  return std::ranges::any_of(view.components,
                             [](const auto& component) { return component.name == "wall 0"; });
}

// What the meter tells, as somebody sees it who keeps on wanting it.
class Watcher {
 public:
  Watcher(DiscoveryRoots roots, LivePowerTiming timing)
      : power_(
            std::move(roots),
            [this](const std::optional<TopView>& view) {
              const std::lock_guard lock(mutex_);
              view_ = view;
              changed_.notify_all();
            },
            timing) {
    power_.want_for(Seconds(3600.0));
  }

  // Whether a view comes with the wall's component in it, or without.
  bool comes(bool with_wall) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20),
                             [&] { return view_ && has_wall(*view_) == with_wall; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<TopView> view_;
  LivePower power_;  // ends before what it tells to
};

TEST(LivePowerTest, TakesUpAMeterThatWasSilentWhenItStarted) {
  const test::TempTree tree;
  DiscoveryRoots roots{.sysfs = tree / "sys", .procfs = "/proc", .nvml_library = ""};
  roots.meters = meter_specs({"csv:" + (tree / "w.csv").string()});
  Watcher watcher(roots, {.interval = Seconds(0.02), .until_again = Seconds(0.1)});
  EXPECT_TRUE(watcher.comes(false));
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
                       std::chrono::system_clock::now().time_since_epoch())
                       .count();
  tree.write("w.csv", fmt::format("time_us,power_w\n{},100\n{},100\n", now - 1'000'000, now));
  EXPECT_TRUE(watcher.comes(true));
}

}  // namespace
}  // namespace wattfor::live_power_test
