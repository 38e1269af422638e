#include "meter/meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "support/fake_device.h"
#include "support/refusal.h"
#include "support/run_by_hand.h"

namespace wattfor::meter_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::device_of;
using test::FakeDevice;
using test::PowerTrace;
using test::run;

SensorInfo package(int index = 0) {
  return test::counter_info("rapl:package-" + std::to_string(index), Domain::cpu_package, index);
}

TEST(MeterTest, LaunchesReportedTogetherAreWindowsLikeOthersWhereTheSensorLooksAllTheTime) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(1));
  std::vector<Launch> launches;
  for (int i = 0; i < 3; ++i) {
    const WindowId window = meter.begin();
    load.set(Watts(100));
    run(meter, clock, seconds(1));
    const Instant between = clock.now();
    EXPECT_FALSE(
        meter.report_together(std::vector{Launch{.window = window, .between_batches = {}}}))
        << "it has not ended";
    run(meter, clock, seconds(1));
    load.set(Watts(10));
    meter.end(window);
    run(meter, clock, seconds(1));
    launches.push_back({.window = window, .between_batches = {between}});
  }
  const auto reports = meter.report_together(launches);
  ASSERT_TRUE(reports);
  ASSERT_EQ(reports->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*reports)[i], *meter.report(launches[i].window));
}

TEST(MeterTest, ABatchOutsideItsWindowIsAnError) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const Instant before = clock.now();
  run(meter, clock, seconds(1));
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  const Instant inside = clock.now();
  run(meter, clock, seconds(1));
  meter.end(window);
  run(meter, clock, seconds(1));
  const auto ask = [&](std::vector<Instant> between) {
    return meter.report_together(std::vector{Launch{.window = window, .between_batches = between}});
  };
  EXPECT_TRUE(ask({inside}));
  EXPECT_THROW(ask({before}), Error);
  EXPECT_THROW(ask({clock.now()}), Error);
  EXPECT_THROW(ask({inside, inside - seconds(1)}), Error);
  EXPECT_THROW(meter.report_together(std::vector{Launch{.window = {77}, .between_batches = {}}}),
               Error);
}

TEST(MeterTest, NestedAndOverlappingWindowsEachHoldTheirOwn) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(1));

  const WindowId outer = meter.begin();
  run(meter, clock, seconds(2));  // 20 J
  load.set(Watts(100));
  const WindowId inner = meter.begin();
  run(meter, clock, seconds(1));  // 100 J
  const WindowId overlapping = meter.begin();
  run(meter, clock, seconds(1));  // 100 J
  meter.end(inner);
  load.set(Watts(40));
  run(meter, clock, seconds(1));  // 40 J
  meter.end(outer);
  run(meter, clock, seconds(1));  // 40 J
  meter.end(overlapping);

  const auto joules = [&](WindowId window) {
    return meter.report(window)->components.at(0).gross->energy.value();
  };
  EXPECT_NEAR(joules(outer), 260.0, 1e-6);
  EXPECT_NEAR(joules(inner), 200.0, 1e-6);
  EXPECT_NEAR(joules(overlapping), 180.0, 1e-6);
}

TEST(MeterTest, AReportTellsPowerDurationBasisAndSensors) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(3));
  load.set(Watts(90));
  run(meter, clock, seconds(1));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  EXPECT_DOUBLE_EQ(report.duration.count(), 4.0);
  ASSERT_EQ(report.components.size(), 1U);
  const ComponentEnergy& cpu = report.components[0];
  EXPECT_EQ(cpu.name, "cpu package 0");
  EXPECT_EQ(cpu.kind, ComponentKind::cpu);
  EXPECT_EQ(cpu.basis, Basis::measured);
  EXPECT_EQ(cpu.sensors, std::vector<std::string>{"rapl:package-0"});
  EXPECT_NEAR(cpu.gross->energy.value(), 240.0, 1e-6);
  EXPECT_NEAR(cpu.average_power->value(), 60.0, 1e-6);
  EXPECT_NEAR(cpu.peak_power->value(), 90.0, 1e-6);
  EXPECT_FALSE(cpu.idle_power);
  EXPECT_EQ(report.total.basis, Basis::measured);
  EXPECT_NEAR(report.total.gross->energy.value(), 240.0, 1e-6);
}

TEST(MeterTest, WithoutIdleThereIsNoNet) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  EXPECT_FALSE(report.components.at(0).net);
  EXPECT_FALSE(report.total.net);
}

TEST(MeterTest, NetIsGrossLessIdle) {
  ManualClock clock;
  PowerTrace load(clock, Watts(20));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const WindowId idle = meter.begin();
  run(meter, clock, seconds(2));
  meter.end(idle);
  meter.set_idle(meter.wait(idle));
  meter.release(idle);

  load.set(Watts(120));
  const WindowId work = meter.begin();
  run(meter, clock, seconds(3));
  meter.end(work);
  const ComponentEnergy cpu = meter.wait(work).components.at(0);
  EXPECT_NEAR(cpu.gross->energy.value(), 360.0, 1e-6);
  EXPECT_NEAR(cpu.net->energy.value(), 300.0, 1e-6);
  EXPECT_NEAR(cpu.idle_power->value(), 20.0, 1e-6);
}

TEST(MeterTest, SeveralGpusAreSummedAndNotAveraged) {
  // Carbontracker: power of several GPUs is averaged: 2,000 J instead of 4,000 J.
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  std::vector<std::unique_ptr<Device>> devices;
  for (int gpu = 0; gpu < 4; ++gpu) {
    devices.push_back(device_of(
        clock, test::gauge_info("nvml:" + std::to_string(gpu), Domain::gpu, gpu), load.gauge()));
  }
  Meter meter(std::move(devices), clock, {.scope = Scope::gpu_only});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(10));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  EXPECT_EQ(report.components.size(), 4U);
  EXPECT_NEAR(report.total.gross->energy.value(), 4000.0, 1e-6);
}

TEST(MeterTest, TheLastSampleBeforeTheEndCounts) {
  // CodeCarbon: stop() drops a last sample younger than 50 ms.
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  load.set(Watts(1000));
  clock.advance(milliseconds(40));
  meter.end(window);
  EXPECT_NEAR(meter.wait(window).total.gross->energy.value(), 140.0, 1e-6);
}

TEST(MeterTest, AWindowWithoutASampleInsideIsNotZero) {
  // CodeCarbon issue 851: the energy of a task is now and then zero.
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(1));
  const Instant now = clock.now();
  const WindowId window = meter.begin_at(now - milliseconds(70));
  meter.end_at(window, now - milliseconds(50));
  EXPECT_NEAR(meter.wait(window).total.gross->energy.value(), 2.0, 1e-6);
}

TEST(MeterTest, EdgesInTheRecentPastAreExact) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(2));
  const Instant started = clock.now();
  load.set(Watts(60));
  run(meter, clock, seconds(3));
  const Instant ended = clock.now();
  load.set(Watts(10));
  run(meter, clock, seconds(2));
  const WindowId window = meter.begin_at(started);
  meter.end_at(window, ended);
  EXPECT_NEAR(meter.report(window)->total.gross->energy.value(), 180.0, 1e-6);
}

TEST(MeterTest, AnEdgeBeforeTheHistoryIsRefused) {
  ManualClock clock;
  PowerTrace load(clock, Watts(10));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(30));
  EXPECT_NO_THROW(meter.begin_at(clock.now() - seconds(10)));
  test::expect_refusal(
      test::refusal_of([&] { meter.begin_at(clock.now() - seconds(11)); }), ErrorCode::usage,
      "a window's edge lies 11.000 s in the past: a meter's history reaches back 10 s");
}

TEST(MeterTest, WrongUseIsAnError) {
  ManualClock clock;
  Meter meter({}, clock, {});
  const WindowId window = meter.begin();
  EXPECT_THROW(meter.wait(window), Error);
  EXPECT_THROW(meter.end_at(window, clock.now() - seconds(1)), Error);
  meter.end(window);
  EXPECT_THROW(meter.end(window), Error);
  meter.release(window);
  EXPECT_THROW(meter.report(window), Error);
  EXPECT_THROW(Meter({}, clock, {.interval = Seconds(0.0)}), Error);
}

TEST(MeterTest, AWindowIsFinalOnlyOnceEverySensorHasCaughtUp) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  SensorInfo slow = package();
  slow.update_period = Seconds(0.1);
  Meter meter(test::devices_of(
                  device_of(clock, slow, test::updated_every(milliseconds(100), load.counter()))),
              clock, {.interval = Seconds(0.02)});
  clock.advance(milliseconds(150));
  const WindowId window = meter.begin();
  for (int i = 0; i < 60; ++i) {
    clock.advance(milliseconds(20));
    meter.sample();
  }
  EXPECT_FALSE(meter.report(window)) << "it has not ended";
  clock.advance(milliseconds(20));
  meter.end(window);
  EXPECT_FALSE(meter.report(window)) << "the counter was last written 70 ms before the end";
  clock.advance(milliseconds(80));
  meter.sample();
  EXPECT_FALSE(meter.report(window)) << "one update does not tell the power after the end";
  for (int i = 0; i < 10; ++i) {
    clock.advance(milliseconds(20));
    meter.sample();
  }
  const auto report = meter.report(window);
  ASSERT_TRUE(report);
  const EnergyFigure& figure = *report->total.gross;
  EXPECT_NEAR(figure.energy.value(), 122.0, 10.0);
  EXPECT_LE(figure.comparison->low, 122.0);
  EXPECT_GE(figure.comparison->high, 122.0);
  // Final: what comes later changes nothing.
  load.set(Watts(500));
  run(meter, clock, seconds(1));
  EXPECT_EQ(*meter.report(window), *report);
}

TEST(MeterTest, ASlowSensorOfWhatIsInNoTotalHoldsNobodyUp) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(package(), load.counter());
  SensorInfo battery = test::gauge_info("battery:BAT0", Domain::battery);
  battery.update_period = Seconds(10.0);
  battery.in_total = false;
  device->add(battery, load.gauge());
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  meter.end(window);
  run(meter, clock, milliseconds(200));
  EXPECT_TRUE(meter.report(window));
  EXPECT_LT(meter.lag(), Seconds(1.0));
}

TEST(MeterTest, WaitEndsWithoutThreadsWhileTheClockStands) {
  ManualClock clock;
  SensorInfo info = package();
  Meter meter(test::devices_of(device_of(clock, info, test::in_turn({Joules(5)}))), clock, {});
  const WindowId window = meter.begin();
  clock.advance(seconds(1));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  EXPECT_EQ(report.components.at(0).basis, Basis::missing);
  EXPECT_FALSE(report.components.at(0).gross);
}

TEST(MeterTest, AStuckCounterIsMissingWithItsFaultAndNotZero) {
  ManualClock clock;
  Meter meter(test::devices_of(device_of(clock, package(), test::in_turn({Joules(5)}))), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(5));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  const ComponentEnergy& cpu = report.components.at(0);
  EXPECT_EQ(cpu.basis, Basis::missing);
  EXPECT_FALSE(cpu.gross);
  EXPECT_EQ(cpu.faults.size(), 1U);
  EXPECT_EQ(report.total.basis, Basis::missing);
  EXPECT_FALSE(report.total.gross);
}

TEST(MeterTest, ADeviceThatIsGoneIsAskedAgainOnceASecondAndNotWaitedFor) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  const Instant lost = clock.now() + seconds(4);
  auto device = std::make_unique<FakeDevice>("fake", clock);
  const auto& sensor =
      device->add(test::gauge_info("nvml:0", Domain::gpu),
                  test::failing_between(lost, lost + seconds(9), {FailureKind::gone, "GPU is lost"},
                                        load.gauge()));
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(4));
  const int reads = sensor.reads();
  run(meter, clock, seconds(2));
  meter.end(window);
  EXPECT_EQ(sensor.reads(), reads + 2);
  const auto report = meter.report(window);
  ASSERT_TRUE(report) << "there is nothing to wait for";
  const ComponentEnergy& gpu = report->components.at(0);
  ASSERT_EQ(gpu.gaps.size(), 1U);
  EXPECT_EQ(gpu.gaps[0].reason, "GPU is lost");
  EXPECT_NEAR(gpu.gaps[0].start.count(), 3.9, 1e-9);
  EXPECT_NEAR(gpu.gross->energy.value(), 600.0, 1e-6);
  EXPECT_LT(gpu.gross->absolute->low, 400.0);
}

TEST(MeterTest, ADeviceThatIsBackGoesOnAfterAGapAndItsCounterIsTakenAnew) {
  // A driver that was loaded again counts from zero, or from anywhere.
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  const Instant lost = clock.now() + seconds(4);
  SensorInfo info = package();
  info.counter_range = Joules(262'144);
  Meter meter(test::devices_of(device_of(clock, info,
                                         [&](Instant time) -> Reading {
                                           if (time < lost)
                                             return Joules(50'000) + load.energy_at(time);
                                           if (time < lost + seconds(2))
                                             return ReadFailure{FailureKind::gone, "gone"};
                                           return Joules(49'000) + load.energy_at(time);
                                         })),
              clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(10));
  meter.end(window);
  run(meter, clock, seconds(1));
  const ComponentEnergy cpu = meter.wait(window).components.at(0);
  EXPECT_NEAR(cpu.gross->energy.value(), 1000.0, 1e-6);
  EXPECT_GT(cpu.gross->absolute->high, 1200.0);
  EXPECT_EQ(cpu.gaps.size(), 1U);
}

TEST(MeterTest, ASuspendedMachineIsAFaultAndWhatItDrewMeanwhileIsInNoFigure) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  auto device = std::make_unique<FakeDevice>("fake", clock);
  const Instant slept = clock.now() + seconds(5);
  SensorInfo info = package();
  info.counter_range = Joules(262'144);
  device->add(info, [&](Instant time) -> Reading {  // reset by the firmware on waking up
    return (time > slept ? Joules(3) : Joules(70'000)) + load.energy_at(time);
  });
  device->add(test::gauge_info("nvml:0", Domain::gpu), load.gauge());
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(5));
  clock.suspend(std::chrono::hours(1));
  run(meter, clock, seconds(5));
  meter.end(window);
  run(meter, clock, seconds(1));
  for (const ComponentEnergy& component : meter.wait(window).components) {
    EXPECT_NEAR(component.gross->energy.value(), 1000.0, 1e-6) << component.name;
    EXPECT_EQ(component.gaps.size(), 1U) << component.name;
    ASSERT_EQ(component.faults.size(), 1U) << component.name;
    EXPECT_EQ(component.faults[0],
              "the machine was suspended for 3600.0 s, which are in no figure");
  }
}

TEST(MeterTest, SoFarHoldsWhatEverySensorHasSeen) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  const WindowId window = meter.begin();
  EXPECT_DOUBLE_EQ(meter.so_far(window).duration.count(), 0.0);
  run(meter, clock, seconds(2));
  clock.advance(milliseconds(60));
  const EnergyReport report = meter.so_far(window);
  EXPECT_DOUBLE_EQ(report.duration.count(), 2.0);
  EXPECT_NEAR(report.total.gross->energy.value(), 200.0, 1e-6);
  EXPECT_TRUE(report.components.at(0).gaps.empty());
}

TEST(MeterTest, EverySampleIsObserved) {
  ManualClock clock;
  const ReadFailure busy{FailureKind::try_again, "busy"};
  Meter meter(
      test::devices_of(device_of(clock, package(), test::in_turn({Joules(1), busy, Joules(3)}))),
      clock, {});
  std::vector<Sample> samples;
  meter.observe([&](const Sample& sample) { samples.push_back(sample); });
  for (int i = 0; i < 3; ++i) {
    clock.advance(milliseconds(100));
    meter.sample();
  }
  ASSERT_EQ(samples.size(), 3U);
  EXPECT_EQ(samples[0].sensor->id, "rapl:package-0");
  EXPECT_EQ(std::get<Joules>(samples[0].reading), Joules(1));
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(samples[1].reading));
  EXPECT_EQ(samples[2].time, clock.now());
}

TEST(MeterTest, ASensorThatThrowsIsAFailedReadOfThatSensor) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  const Instant bad = clock.now() + milliseconds(500);
  auto device = device_of(clock, package(), [&](Instant time) -> Reading {
    if (time == bad) throw std::runtime_error("energy_uj: no such zone");
    return load.counter()(time);
  });
  device->add(test::counter_info("rapl:dram", Domain::dram), load.counter());
  device->script_state([](Instant) -> DeviceState { throw std::runtime_error("no state"); });
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  ASSERT_EQ(report.components.size(), 2U);
  const ComponentEnergy& cpu = report.components[0];
  EXPECT_NEAR(cpu.gross->energy.value(), 100.0, 1e-6);
  ASSERT_EQ(cpu.gaps.size(), 1U);
  EXPECT_EQ(cpu.gaps[0].reason, "energy_uj: no such zone");
  EXPECT_TRUE(report.components[1].gaps.empty());
  EXPECT_TRUE(report.conditions.empty());
}

TEST(MeterTest, AnObserverThatThrowsIsDroppedWithOneWarning) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  std::vector<std::string> warnings;
  set_log_sink([&](LogLevel level, std::string_view line) {
    if (level == LogLevel::warning) warnings.emplace_back(line);
  });
  int calls = 0;
  meter.observe([&](const Sample&) {
    ++calls;
    throw std::runtime_error("the disk is full");
  });
  const WindowId window = meter.begin();
  run(meter, clock, seconds(1));
  meter.end(window);
  set_log_sink(nullptr);
  EXPECT_EQ(calls, 1);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_NE(warnings[0].find("the disk is full"), std::string::npos) << warnings[0];
  EXPECT_NEAR(meter.wait(window).total.gross->energy.value(), 100.0, 1e-6);
}

TEST(MeterTest, ConditionsAreSummedUpOverTheWindow) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  auto device = device_of(clock, test::gauge_info("nvml:0", Domain::gpu), load.gauge());
  const Instant start = clock.now();
  device->script_state([start](Instant time) {
    const double t = Seconds(time - start).count();
    DeviceState state;
    // Utilisation tells of the time before: idle until 20 s, then busy, then throttled at 23 s.
    state.utilisation_percent = t <= 20.0 ? 0.0 : 90.0;
    state.temperature_c = 40.0 + t;
    state.clock_mhz = t >= 23.0 ? 900.0 : 1800.0;
    if (t >= 23.0) state.throttle_reasons = {"SW power cap"};
    return state;
  });
  Meter meter(test::devices_of(std::move(device)), clock, {});
  run(meter, clock, seconds(20));
  const WindowId window = meter.begin();
  run(meter, clock, seconds(4));
  meter.end(window);
  const EnergyReport report = meter.wait(window);
  ASSERT_EQ(report.conditions.size(), 1U);
  const DeviceConditions& gpu = report.conditions[0];
  EXPECT_EQ(gpu.device, "fake");
  EXPECT_NEAR(*gpu.utilisation_percent, 90.0, 1e-6);
  EXPECT_NEAR(*gpu.temperature_c, 64.0, 1e-6);
  EXPECT_DOUBLE_EQ(*gpu.clock_minimum_mhz, 900.0);
  EXPECT_NEAR(*gpu.clock_mhz, 0.25 * (2 * 1800.0 + 2 * 900.0), 300.0);
  EXPECT_EQ(gpu.throttle_reasons, std::vector<std::string>{"SW power cap"});
}

TEST(MeterTest, ConditionsOfALongWindowReachBackToItsBegin) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  auto device = device_of(clock, test::gauge_info("nvml:0", Domain::gpu), load.gauge());
  const Instant start = clock.now();
  device->script_state([start](Instant time) {
    DeviceState state;
    state.temperature_c = time - start < seconds(5) ? 80.0 : 60.0;
    return state;
  });
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, seconds(60));
  meter.end(window);
  EXPECT_DOUBLE_EQ(*meter.wait(window).conditions.at(0).temperature_c, 80.0);
}

TEST(MeterTest, ConditionsEndWithTheWindowHoweverLateItsReportIsMade) {
  ManualClock clock;
  PowerTrace load(clock, Watts(100));
  auto device = device_of(clock, test::gauge_info("nvml:0", Domain::gpu), load.gauge());
  // Only once a second: the first state after the end is half a second late.
  const Instant end = clock.now() + milliseconds(3500);
  device->script_state([end](Instant time) {
    DeviceState state;
    state.temperature_c = time <= end ? 60.0 : 90.0;
    return state;
  });
  Meter meter(test::devices_of(std::move(device)), clock, {});
  const WindowId window = meter.begin();
  run(meter, clock, milliseconds(3500));
  meter.end(window);
  run(meter, clock, seconds(30));
  const EnergyReport report = meter.wait(window);
  EXPECT_DOUBLE_EQ(*report.conditions.at(0).temperature_c, 60.0);
}

TEST(MeterTest, ThrottleTimesOfAShortWindowCountFromTheStateBeforeIt) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  auto device = device_of(clock, package(), load.counter());
  const Instant start = clock.now();
  device->script_state([&](Instant time) {
    DeviceState state;
    state.throttled = {{"power cap", Seconds(7.0) + 0.5 * Seconds(time - start)}};
    return state;
  });
  Meter meter(test::devices_of(std::move(device)), clock, {});
  run(meter, clock, milliseconds(100));
  const WindowId window = meter.begin();
  run(meter, clock, milliseconds(400));
  meter.end(window);
  run(meter, clock, seconds(1));
  const EnergyReport report = meter.wait(window);
  ASSERT_EQ(report.conditions.size(), 1U);
  EXPECT_NEAR(report.conditions[0].throttled.at("power cap").count(), 0.2, 0.06);
}

TEST(MeterTest, ALongWindowKeepsItsFigureWhileThePastIsForgotten) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  SensorInfo info = package();
  info.counter_range = Joules(65'536);
  Meter meter(test::devices_of(device_of(
                  clock, info, test::wrapping_after(Joules(65'536), load.counter(Joules(65'000))))),
              clock, {});
  run(meter, clock, seconds(5));
  const WindowId window = meter.begin();
  run(meter, clock, seconds(7200));
  meter.end(window);
  EXPECT_NEAR(meter.wait(window).total.gross->energy.value(), 360'000.0, 1e-3);
}

TEST(MeterTest, WithoutDevicesAWindowIsEmptyAndFinal) {
  ManualClock clock;
  Meter meter({}, clock, {});
  const WindowId window = meter.begin();
  clock.advance(seconds(1));
  meter.end(window);
  const auto report = meter.report(window);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->components.empty());
  EXPECT_FALSE(report->total.gross);
}

TEST(MeterTest, AWindowOfNoLengthHasNoPower) {
  ManualClock clock;
  PowerTrace load(clock, Watts(50));
  Meter meter(test::devices_of(device_of(clock, package(), load.counter())), clock, {});
  run(meter, clock, seconds(1));
  const WindowId window = meter.begin();
  meter.end(window);
  const ComponentEnergy cpu = meter.wait(window).components.at(0);
  EXPECT_DOUBLE_EQ(cpu.gross->energy.value(), 0.0);
  EXPECT_FALSE(cpu.average_power);
}

}  // namespace
}  // namespace wattfor::meter_test
