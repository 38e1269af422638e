#include "bench/power_log.h"

#include <gtest/gtest.h>

#include <chrono>

namespace wattfor::power_log_test {
namespace {

constexpr Instant t0{std::chrono::seconds(1000)};
Instant at(double seconds) {
  return t0 + std::chrono::duration_cast<Instant::duration>(Seconds(seconds));
}

SensorInfo gauge() {
  SensorInfo info;
  info.id = "gauge";
  info.kind = SensorKind::power_gauge;
  info.domain = Domain::gpu;
  return info;
}

SensorInfo counter() {
  SensorInfo info;
  info.id = "counter";
  info.kind = SensorKind::energy_counter;
  info.domain = Domain::cpu_package;
  return info;
}

//   time     0    1    2    3    4    5
//   reading  100  100  300  300  200  200
// The changes lie at 2 and 4, so 300 W stood from 0 to 2 and 200 W from 2 to 4; after that 200 W
// was read once more.
TEST(PowerLogTest, HoldsTheChangedReadingsOfAGaugeBackwards) {
  PowerLog log(gauge());
  const double readings[] = {100, 100, 300, 300, 200, 200};
  for (int i = 0; i < 6; ++i) log.add(at(i), Watts(readings[i]));
  EXPECT_DOUBLE_EQ(log.energy_between(at(0), at(2))->value(), 600.0);
  EXPECT_DOUBLE_EQ(log.energy_between(at(2), at(4))->value(), 400.0);
  EXPECT_DOUBLE_EQ(log.energy_between(at(1.5), at(2.5))->value(), 0.5 * 300 + 0.5 * 200);
  EXPECT_DOUBLE_EQ(log.energy_between(at(4), at(5))->value(), 200.0);
}

TEST(PowerLogTest, SteadyPowerIsNotZeroForWantOfChanges) {
  PowerLog log(gauge());
  for (int i = 0; i <= 10; ++i) log.add(at(i), Watts(50));
  EXPECT_DOUBLE_EQ(log.energy_between(at(2), at(8))->value(), 300.0);
}

TEST(PowerLogTest, KnowsNothingBeforeItsFirstReadingAndAfterItsLast) {
  PowerLog log(gauge());
  log.add(at(1), Watts(50));
  log.add(at(2), Watts(60));
  EXPECT_FALSE(log.energy_between(at(0.5), at(2)).has_value());
  EXPECT_FALSE(log.energy_between(at(1), at(2.5)).has_value());
  EXPECT_FALSE(PowerLog(gauge()).energy_between(at(0), at(1)).has_value());
}

// A counter that is read every second and moves every two: 40 W, then 60 W.
TEST(PowerLogTest, ReadsACounterByItsDifferences) {
  PowerLog log(counter());
  const double readings[] = {10, 10, 90, 90, 210, 210};
  for (int i = 0; i < 6; ++i) log.add(at(i), Joules(readings[i]));
  EXPECT_DOUBLE_EQ(log.energy_between(at(0), at(1))->value(), 40.0);
  EXPECT_DOUBLE_EQ(log.energy_between(at(1), at(3))->value(), 100.0);
  // It has not moved since 4: what it counted is not known yet.
  EXPECT_FALSE(log.energy_between(at(3), at(5)).has_value());
}

TEST(PowerLogTest, ACounterStartsAgainAtZeroAfterItsRange) {
  SensorInfo info = counter();
  info.counter_range = Joules(100);
  PowerLog log(info);
  log.add(at(0), Joules(90));
  log.add(at(1), Joules(20));
  EXPECT_DOUBLE_EQ(log.energy_between(at(0), at(1))->value(), 30.0);
}

TEST(PowerLogTest, AResetCutsTheLog) {
  PowerLog log(counter());
  log.add(at(0), Joules(90));
  log.add(at(1), Joules(5));
  log.add(at(2), Joules(15));
  EXPECT_FALSE(log.energy_between(at(0), at(2)).has_value());
  EXPECT_DOUBLE_EQ(log.energy_between(at(1), at(2))->value(), 10.0);
}

TEST(PowerLogTest, AFailedReadingIsNoZero) {
  PowerLog log(gauge());
  log.add(at(0), Watts(100));
  log.add(at(1), ReadFailure{FailureKind::try_again, "busy"});
  log.add(at(2), Watts(120));
  EXPECT_DOUBLE_EQ(log.energy_between(at(0), at(2))->value(), 240.0);
}

TEST(PowerLogsTest, SumsTheSensorsOfItsScopeThatAreInTheTotal) {
  SensorInfo package = counter();
  SensorInfo core = counter();
  core.in_total = false;
  const SensorInfo gpu = gauge();
  PowerLogs logs(Scope::host_only);
  for (int i = 0; i < 2; ++i) {
    logs.add({.sensor = &package, .time = at(i), .reading = Joules(10.0 * i)});
    logs.add({.sensor = &core, .time = at(i), .reading = Joules(5.0 * i)});
    logs.add({.sensor = &gpu, .time = at(i), .reading = Watts(100.0)});
  }
  EXPECT_DOUBLE_EQ(logs.energy_between(at(0), at(1))->value(), 10.0);
  logs.clear();
  EXPECT_FALSE(logs.energy_between(at(0), at(1)).has_value());
}

}  // namespace
}  // namespace wattfor::power_log_test
