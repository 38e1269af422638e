#include "meter/cross_checks.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/fake_device.h"

namespace wattfor::cross_checks_test {
namespace {

EnergyFigure figure(double low, double joules, double high) {
  return {.energy = Joules(joules),
          .absolute = Interval{.low = low, .high = high},
          .comparison = Interval{.low = joules, .high = joules}};
}

ComponentEnergy component(std::string name, const EnergyFigure& gross) {
  ComponentEnergy result;
  result.name = std::move(name);
  result.basis = Basis::measured;
  result.gross = gross;
  return result;
}

// A component and the sensor of its figure.
struct Part {
  SensorInfo sensor;
  ComponentEnergy energy;
};

SensorInfo plug() {
  SensorInfo info = test::gauge_info("csv:w.csv:power", Domain::wall);
  info.update_period = Seconds(1.0);
  info.averaging_window = Seconds(1.0);
  return info;
}

Part package(double low, double high) {
  return {.sensor = test::counter_info("rapl:package-0", Domain::cpu_package),
          .energy = component("cpu package 0", figure(low, 0.5 * (low + high), high))};
}

Part gpu(double low, double high) {
  return {.sensor = test::counter_info("nvml:0:energy", Domain::gpu),
          .energy = component("gpu 0", figure(low, 0.5 * (low + high), high))};
}

Part around(const SensorInfo& sensor, double low, double high) {
  Part part{.sensor = sensor,
            .energy = component(component_name(sensor), figure(low, 0.5 * (low + high), high))};
  part.energy.in_total = false;
  return part;
}

// The faults of all parts together.
std::vector<std::string> faults(std::vector<Part> parts, double seconds = 100.0) {
  std::vector<CheckedComponent> checked;
  checked.reserve(parts.size());
  for (Part& part : parts) checked.push_back({.sensor = &part.sensor, .component = &part.energy});
  check_wholes(checked, Seconds(seconds));
  std::vector<std::string> all;
  for (const Part& part : parts) {
    all.insert(all.end(), part.energy.faults.begin(), part.energy.faults.end());
  }
  return all;
}

TEST(ContradictionTest, TwoSensorsWhoseIntervalsMeetDoNotContradictEachOther) {
  const SensorInfo counter = test::counter_info("counter", Domain::gpu);
  const SensorInfo gauge = test::gauge_info("gauge", Domain::gpu);
  const SensorFigure counted{.sensor = &counter, .gross = figure(90, 100, 110)};
  EXPECT_FALSE(contradiction(counted, {.sensor = &gauge, .gross = figure(105, 130, 155)}));
  EXPECT_EQ(contradiction(counted, {.sensor = &gauge, .gross = figure(150, 160, 170)}),
            "counter says 100 J and gauge 160 J: they contradict each other");
}

TEST(ContradictionTest, TwoThatAreEachAtTheEndOfTheirIntervalsAreChance) {
  // Both are known to a standard deviation of 10 J: of 39.2 to 49.5 J between them one pair in 200
  // is as far apart that is sound, beyond it one in 2,000.
  const SensorInfo counter = test::counter_info("counter", Domain::gpu);
  const SensorInfo gauge = test::gauge_info("gauge", Domain::gpu);
  const auto apart = [&](double joules) {
    const SensorFigure low{.sensor = &counter, .gross = figure(980.4, 1000.0, 1019.6)};
    const SensorFigure high{.sensor = &gauge,
                            .gross = figure(980.4 + joules, 1000.0 + joules, 1019.6 + joules)};
    return contradiction(low, high).has_value() && contradiction(high, low).has_value();
  };
  EXPECT_FALSE(apart(49.0));
  EXPECT_TRUE(apart(50.0));
}

TEST(EnforcedLimitTest, WhatADeviceCanDrawInTheFirstSecondIsNotHeldAgainstIt) {
  SensorInfo sensor = test::counter_info("nvml:0:energy", Domain::gpu);
  sensor.power_limit = Watts(400);
  sensor.enforced_limit = Watts(300);
  // 10 s at 300 W, the first of them at 1.2 × 400 W.
  const SensorFigure within{.sensor = &sensor, .gross = figure(3180, 3400, 3600)};
  EXPECT_FALSE(above_enforced_limit(within, Seconds(10.0)));
  const SensorFigure beyond{.sensor = &sensor, .gross = figure(3181, 3400, 3600)};
  EXPECT_EQ(above_enforced_limit(beyond, Seconds(10.0)),
            "nvml:0:energy says 340 W on average, and 300 W is the device's limit: one of them is "
            "wrong, or the limit has been changed");
}

TEST(EnforcedLimitTest, ABurstIsRegulatedOnlyAfterASecond) {
  SensorInfo sensor = test::counter_info("nvml:0:energy", Domain::gpu);
  sensor.enforced_limit = Watts(100);
  const SensorFigure burst{.sensor = &sensor, .gross = figure(395, 400, 405)};
  EXPECT_FALSE(above_enforced_limit(burst, Seconds(1.0)));
}

TEST(EnforcedLimitTest, ADeviceThatTellsNoLimitIsNotHeldAgainstOne) {
  const SensorInfo sensor = test::counter_info("fake:energy", Domain::gpu);
  EXPECT_FALSE(
      above_enforced_limit({.sensor = &sensor, .gross = figure(1e6, 1e6, 1e6)}, Seconds(10.0)));
}

TEST(WholesTest, APlugThatSaysLessThanWhatHangsOnItIsAFault) {
  EXPECT_EQ(faults({package(900, 1100), gpu(2000, 2400), around(plug(), 2500, 2700)}),
            std::vector<std::string>{
                "csv:w.csv:power says at most 2700 J, and what is inside (cpu package 0, gpu 0) "
                "used at least 2900 J: one of them is wrong, or it does not see all of it"});
  EXPECT_TRUE(faults({package(900, 1100), gpu(2000, 2400), around(plug(), 2800, 3000)}).empty());
}

TEST(WholesTest, PsysHasThePackagesInsideAndNotTheGpusInASlot) {
  const SensorInfo psys = test::counter_info("rapl:psys", Domain::platform);
  EXPECT_TRUE(faults({package(900, 1100), gpu(2000, 2400), around(psys, 1000, 1200)}).empty());
  const auto found = faults({package(900, 1100), gpu(2000, 2400), around(psys, 700, 800)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("rapl:psys says at most 800 J, and what is inside (cpu package 0) used"),
            std::string::npos);
}

TEST(WholesTest, WhatIsModelledHasGapsOrLiesInAnotherPartContradictsNobody) {
  Part modelled = gpu(2000, 2400);
  modelled.energy.basis = Basis::modelled;
  Part torn = gpu(2000, 2400);
  torn.energy.gaps = {{.start = Seconds(1.0), .duration = Seconds(1.0), .reason = "busy"}};
  Part inside = gpu(2000, 2400);
  inside.energy.in_total = false;
  for (const Part& part : {modelled, torn, inside}) {
    EXPECT_TRUE(faults({part, around(plug(), 500, 600)}).empty());
  }
  // Nor is a plug told off for what it did not see.
  Part interrupted = around(plug(), 500, 600);
  interrupted.energy.gaps = torn.energy.gaps;
  EXPECT_TRUE(faults({gpu(2000, 2400), interrupted}).empty());
}

TEST(WholesTest, TwoPlugsMayEachFeedHalfOfTheMachine) {
  SensorInfo second = plug();
  second.domain_index = 1;
  second.id = "csv:v.csv:power";
  EXPECT_TRUE(
      faults({gpu(2000, 2400), around(plug(), 1100, 1200), around(second, 1100, 1200)}).empty());
  const auto found = faults({gpu(2000, 2400), around(plug(), 800, 900), around(second, 800, 900)});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("csv:w.csv:power and csv:v.csv:power together say at most 1800 J"),
            std::string::npos);
}

TEST(WholesTest, AMeterMayShowTheWindowsBeginAsTheTimeBeforeIt) {
  // A mean over a second, told once a second: of a window of 4 s it may have missed 2.
  const std::vector<Part> parts = {gpu(2000, 2400), around(plug(), 1000, 1100)};
  EXPECT_TRUE(faults(parts, 4.0).empty());
  EXPECT_EQ(faults(parts, 5.0).size(), 1U);
}

TEST(WholesTest, AControllerThatDoesNotSayOverWhatTimeItAveragesIsHeldToMinutesOnly) {
  SensorInfo controller = plug();
  controller.averaging_window.reset();
  const std::vector<Part> parts = {gpu(2000, 2400), around(controller, 500, 600)};
  EXPECT_TRUE(faults(parts, 60.0).empty());
  EXPECT_EQ(faults(parts, 120.0).size(), 1U);
}

}  // namespace
}  // namespace wattfor::cross_checks_test
