#include "meter/interval_windows.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "support/fake_device.h"
#include "support/run_by_hand.h"

namespace wattfor::interval_windows_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::FakeDevice;
using test::PowerTrace;
using test::run;

std::unique_ptr<FakeDevice> package(const ManualClock& clock, test::Script script) {
  return test::device_of(clock, test::counter_info("package", Domain::cpu_package),
                         std::move(script));
}

double joules(const EnergyReport& report) { return report.total.gross->energy.value(); }

TEST(IntervalWindowsTest, GivesEachIntervalOnceAndAllOfThemTogether) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(package(clock, load.counter())), clock, {});
  run(meter, clock, seconds(1));
  IntervalWindows windows(meter, clock);
  EXPECT_FALSE(windows.finished());
  run(meter, clock, seconds(1));
  windows.next();
  load.set(Watts(30));
  run(meter, clock, seconds(1));
  const auto first = windows.finished();
  ASSERT_TRUE(first);
  EXPECT_FALSE(windows.finished());
  EXPECT_NEAR(10.0, joules(first->energy), 0.1);
  EXPECT_FALSE(windows.waiting());
  windows.next();
  run(meter, clock, seconds(1));
  const auto second = windows.finished();
  ASSERT_TRUE(second);
  EXPECT_NEAR(30.0, joules(second->energy), 0.1);
  EXPECT_EQ(seconds(1), second->end - first->end);
  EXPECT_NEAR(70.0, joules(windows.since_start()), 0.1);
  windows.restart();
  run(meter, clock, seconds(1));
  EXPECT_NEAR(30.0, joules(windows.since_start()), 0.1);
}

TEST(IntervalWindowsTest, DoesNotLetASlowSensorHoldTheOthersBack) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  auto slow = std::make_unique<FakeDevice>("a board", clock);
  SensorInfo info = test::gauge_info("board", Domain::other);
  info.update_period = Seconds(30.0);
  slow->add(std::move(info), load.gauge());
  Meter meter(test::devices_of(package(clock, load.counter()), std::move(slow)), clock, {});
  run(meter, clock, seconds(1));
  IntervalWindows windows(meter, clock);
  run(meter, clock, seconds(1));
  windows.next();
  EXPECT_FALSE(windows.finished());
  run(meter, clock, seconds(1));
  const auto given = windows.finished();
  ASSERT_TRUE(given);
  EXPECT_NEAR(20.0, joules(given->energy), 0.1);
}

TEST(IntervalWindowsTest, WaitsForASensorThatNeedsLongerThanTheInterval) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  auto device = std::make_unique<FakeDevice>("fake", clock);
  SensorInfo info = test::counter_info("board", Domain::gpu);
  info.update_period = Seconds(0.1);
  device->add(std::move(info), test::updated_every(milliseconds(100), load.counter()));
  Meter meter(test::devices_of(std::move(device)), clock, {});
  run(meter, clock, seconds(1));
  IntervalWindows windows(meter, clock);
  int given = 0;
  for (int i = 0; i < 20; ++i) {
    run(meter, clock, milliseconds(100));
    windows.next();
    while (const auto interval = windows.finished()) {
      EXPECT_EQ(Seconds(0.1), interval->energy.duration);
      EXPECT_NEAR(1.0, joules(interval->energy), 0.1);
      ++given;
    }
  }
  EXPECT_GT(given, 10);
}

// A device whose driver knows its programs.
class SharedDevice final : public Device {
 public:
  std::string name() const override { return "gpu"; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::optional<std::vector<DeviceProcess>> processes() override {
    return std::vector<DeviceProcess>{{.pid = 4711, .memory_bytes = 1e9}};
  }

 private:
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

TEST(MeterProcessesTest, AreThoseOfTheDevicesThatTell) {
  ManualClock clock;
  Meter meter(test::devices_of(std::make_unique<FakeDevice>("silent", clock),
                               std::make_unique<SharedDevice>()),
              clock, {.processes = true});
  meter.sample();
  const auto processes = meter.processes();
  ASSERT_EQ(2U, processes.size());
  EXPECT_FALSE(processes[0]);
  ASSERT_TRUE(processes[1]);
  EXPECT_EQ(4711, processes[1]->at(0).pid);
}

TEST(MeterProcessesTest, AreNotAskedForUnlessWanted) {
  ManualClock clock;
  Meter meter(test::devices_of(std::make_unique<SharedDevice>()), clock, {});
  meter.sample();
  EXPECT_FALSE(meter.processes().at(0));
}

TEST(MeterProcessesTest, AreAskedForOnDemand) {
  ManualClock clock;
  Meter meter(test::devices_of(std::make_unique<SharedDevice>()), clock, {});
  meter.ask_for_processes(Seconds(1.0));
  EXPECT_EQ(4711, meter.processes().at(0)->at(0).pid);
}

}  // namespace
}  // namespace wattfor::interval_windows_test
