#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "meter/meter.h"
#include "support/fake_device.h"

// The meter's own threads on the real clock. Nothing here waits for a time to pass or holds one
// against the clock: what a test waits for is that something happens.
namespace wattfor::meter_threads_test {
namespace {

using test::FakeDevice;

// Counts what happens and lets others wait for it.
class Tally {
 public:
  void add() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// A counter of 100 W on the real clock.
test::Script steady() {
  return [](Instant time) -> Reading { return Watts(100) * Seconds(time.time_since_epoch()); };
}

SensorInfo package() { return test::counter_info("rapl:package-0", Domain::cpu_package); }
SensorInfo gpu() { return test::counter_info("nvml:0:energy", Domain::gpu); }

TEST(MeterThreadsTest, EveryDeviceIsSampledOnItsOwn) {
  const SystemClock clock;
  const auto sampled = std::make_shared<Tally>();
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), [sampled](Instant time) {
    sampled->add();
    return steady()(time);
  });
  Meter meter(test::devices_of(std::move(device)), clock, {.interval = Seconds(0.001)});
  meter.start();
  const WindowId window = meter.begin();
  sampled->wait_for(20);
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  ASSERT_TRUE(report.total.gross);
  EXPECT_GT(report.total.gross->energy.value(), 0.0);
}

TEST(MeterThreadsTest, ASensorThatThrowsDoesNotEndTheProgram) {
  const SystemClock clock;
  const auto sampled = std::make_shared<Tally>();
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), [sampled](Instant) -> Reading {
    sampled->add();
    throw std::runtime_error("the library behind it failed");
  });
  device->script_state([](Instant) -> DeviceState { throw std::runtime_error("so did this"); });
  Meter meter(test::devices_of(std::move(device)), clock, {.interval = Seconds(0.001)});
  meter.observe([](const Sample&) { throw std::runtime_error("and this"); });
  meter.start();
  sampled->wait_for(5);
  meter.stop();
}

TEST(MeterThreadsTest, ADeviceThatBlocksDelaysNobody) {
  const SystemClock clock;
  const auto release = std::make_shared<std::promise<void>>();
  const auto blocked = std::make_shared<std::promise<void>>();
  const auto sampled = std::make_shared<Tally>();

  auto slow = std::make_unique<FakeDevice>("slow", clock);
  slow->add(gpu(), [released = release->get_future().share(), blocked](Instant) -> Reading {
    blocked->set_value();
    released.wait();
    return ReadFailure{FailureKind::gone, "it took too long"};
  });
  auto quick = std::make_unique<FakeDevice>("quick", clock);
  quick->add(package(), [sampled](Instant time) {
    sampled->add();
    return steady()(time);
  });

  Meter meter(test::devices_of(std::move(slow), std::move(quick)), clock,
              {.interval = Seconds(0.001)});
  meter.start();
  blocked->get_future().wait();
  // begin, end and the quick device's samples all happen while the slow one is in its read.
  const WindowId window = meter.begin();
  sampled->wait_for(20);
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  ASSERT_EQ(report.components.size(), 2U);
  EXPECT_EQ(report.components[0].basis, Basis::measured);
  EXPECT_EQ(report.components[1].basis, Basis::missing);
  release->set_value();
}

TEST(MeterThreadsTest, StopDoesNotWaitForARead) {
  const auto release = std::make_shared<std::promise<void>>();
  const auto left = std::make_shared<std::promise<void>>();
  {
    const SystemClock clock;
    const auto blocked = std::make_shared<std::promise<void>>();
    // The sensor touches nothing of this scope once it is released; `left` tells that it is
    // destroyed.
    const std::shared_ptr<void> at_the_end(nullptr, [left](void*) { left->set_value(); });
    auto device = std::make_unique<FakeDevice>("slow", clock);
    device->add(
        gpu(), [released = release->get_future().share(), blocked, at_the_end](Instant) -> Reading {
          blocked->set_value();
          released.wait();
          return Joules(1.0);
        });
    Meter meter(test::devices_of(std::move(device)), clock, {});
    meter.start();
    blocked->get_future().wait();
    meter.stop();
    meter.stop();  // once more is harmless
    const WindowId window = meter.begin();
    meter.end(window);
    EXPECT_EQ(meter.wait(window).components.at(0).basis, Basis::missing);
  }
  release->set_value();
  left->get_future().wait();
}

TEST(MeterThreadsTest, AnEdgeWakesASleepingThread) {
  const SystemClock clock;
  const auto sampled = std::make_shared<Tally>();
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), [sampled](Instant time) {
    sampled->add();
    return steady()(time);
  });
  // The next deadline lies an hour ahead.
  Meter meter(test::devices_of(std::move(device)), clock, {.interval = Seconds(3600.0)});
  meter.start();
  sampled->wait_for(1);
  const WindowId window = meter.begin();
  sampled->wait_for(2);
  meter.end(window);
  sampled->wait_for(3);
  EXPECT_TRUE(meter.wait(window).total.gross);
}

TEST(MeterThreadsTest, ItCanBeStoppedWhileItSleepsAndStartedAgain) {
  const SystemClock clock;
  const auto sampled = std::make_shared<Tally>();
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), [sampled](Instant time) {
    sampled->add();
    return steady()(time);
  });
  Meter meter(test::devices_of(std::move(device)), clock, {.interval = Seconds(3600.0)});
  meter.start();
  meter.start();
  sampled->wait_for(1);
  meter.stop();
  meter.start();
  sampled->wait_for(2);
}

TEST(MeterThreadsTest, AWindowThatEndsBeforeTheStopStillHasItsFigure) {
  const SystemClock clock;
  const auto sampled = std::make_shared<Tally>();
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), [sampled](Instant time) {
    sampled->add();
    return steady()(time);
  });
  Meter meter(test::devices_of(std::move(device)), clock, {.interval = Seconds(0.001)});
  meter.start();
  sampled->wait_for(1);
  const WindowId window = meter.begin();
  sampled->wait_for(5);
  meter.end(window);
  meter.stop();
  const EnergyReport report = meter.wait(window);
  ASSERT_TRUE(report.total.gross);
  EXPECT_GT(report.total.gross->energy.value(), 0.0);
}

TEST(MeterThreadsTest, WindowsMayBeUsedFromManyThreads) {
  const SystemClock clock;
  std::vector<std::unique_ptr<Device>> devices;
  for (int i = 0; i < 3; ++i) {
    auto device = std::make_unique<FakeDevice>("fake", clock);
    device->add(test::counter_info("nvml:" + std::to_string(i), Domain::gpu, i), steady());
    devices.push_back(std::move(device));
  }
  Meter meter(std::move(devices), clock, {.interval = Seconds(0.001)});
  std::atomic<int> observed = 0;
  meter.observe([&](const Sample&) { ++observed; });
  meter.start();
  std::vector<std::thread> users;
  std::atomic<int> figures = 0;
  for (int i = 0; i < 4; ++i) {
    users.emplace_back([&] {
      for (int round = 0; round < 20; ++round) {
        const WindowId window = meter.begin();
        meter.so_far(window);
        meter.end(window);
        if (meter.wait(window).components.size() == 3) ++figures;
        meter.release(window);
      }
    });
  }
  for (std::thread& user : users) user.join();
  meter.stop();
  EXPECT_EQ(figures, 80);
  EXPECT_GT(observed, 0);
}

// A driver that hangs when it is asked for its programs, and what becomes of its device.
class HangingDriver final : public Device {
 public:
  struct Events {
    std::promise<void> release;
    std::promise<void> freed;
  };
  explicit HangingDriver(std::shared_ptr<Events> events)
      : events_(std::move(events)), released_(events_->release.get_future()) {}
  HangingDriver(const HangingDriver&) = delete;
  HangingDriver& operator=(const HangingDriver&) = delete;
  ~HangingDriver() override { events_->freed.set_value(); }

  std::string name() const override { return "hanging"; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::optional<std::vector<DeviceProcess>> processes() override {
    released_.wait();
    return std::vector<DeviceProcess>(1);
  }

 private:
  std::shared_ptr<Events> events_;
  std::future<void> released_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

class AnsweringDriver final : public Device {
 public:
  std::string name() const override { return "answering"; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::optional<std::vector<DeviceProcess>> processes() override {
    return std::vector<DeviceProcess>{{.pid = ++asked_, .memory_bytes = std::nullopt}};
  }

 private:
  int asked_ = 0;
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

TEST(MeterThreadsTest, ADriverThatHangsIsAskedForItsProgramsOnceAndOutlivesItsMeter) {
  const SystemClock clock;
  const auto events = std::make_shared<HangingDriver::Events>();
  auto freed = events->freed.get_future();
  {
    Meter meter(test::devices_of(std::make_unique<HangingDriver>(events),
                                 std::make_unique<AnsweringDriver>()),
                clock, {});
    meter.start();
    meter.ask_for_processes(Seconds(0.1));
    EXPECT_FALSE(meter.processes().at(0));
    meter.ask_for_processes(Seconds(1e6));
    EXPECT_FALSE(meter.processes().at(0));
    EXPECT_EQ(meter.processes().at(1)->at(0).pid, 2) << "the others are asked each time";
  }
  EXPECT_EQ(freed.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  events->release.set_value();
  freed.wait();
}

}  // namespace
}  // namespace wattfor::meter_threads_test
