#include "meter/window_report.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "support/fake_device.h"

namespace wattfor::window_report_test {
namespace {

using std::chrono::milliseconds;

const Instant start{std::chrono::seconds(1000)};

// A sensor that reads steady power for ten seconds.
struct Steady {
  Steady(SensorInfo described, double watts)
      : info(std::move(described)), curve(curve_of(info, Seconds(0.1))) {
    for (int i = 0; i <= 100; ++i) {
      const Instant time = start + i * milliseconds(100);
      if (info.kind == SensorKind::power_gauge) {
        curve->add({time, Watts(watts)});
      } else {
        curve->add({time, Joules(100.0 + 0.1 * i * watts)});
      }
    }
  }
  SensorEnergy get() const {
    return {.sensor = &info, .energy = curve->energy(start, start + std::chrono::seconds(10))};
  }

  SensorInfo info;
  std::unique_ptr<EnergyCurve> curve;
};

std::vector<ComponentEnergy> components(const std::vector<SensorEnergy>& energies,
                                        const IdlePowers& idle = {}) {
  return component_energies(energies, Seconds(10.0), idle);
}

SensorInfo outside_total(SensorInfo info) {
  info.in_total = false;
  return info;
}

TEST(WindowReportTest, ADomainThatAnotherContainsIsShownAndNotAdded) {
  // Zeus: psys becomes a second CPU, counted twice.
  const Steady package(test::counter_info("rapl:package-0", Domain::cpu_package), 50);
  const Steady core(outside_total(test::counter_info("rapl:core", Domain::cpu_core)), 30);
  const Steady psys(outside_total(test::counter_info("rapl:psys", Domain::platform)), 80);
  const auto found = components({psys.get(), package.get(), core.get()});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name, "cpu package 0");
  EXPECT_TRUE(found[0].in_total);
  EXPECT_FALSE(found[1].in_total);
  EXPECT_FALSE(found[2].in_total);
  EXPECT_NEAR(found[2].gross->energy.value(), 800.0, 1e-6);
  EXPECT_NEAR(total_of(found, Scope::everything).gross->energy.value(), 500.0, 1e-6);
}

TEST(WindowReportTest, EverySocketIsAComponentOfItsOwn) {
  // EnergiBridge: only socket 0. CodeCarbon: two sockets' DRAM collapse into one.
  const Steady package0(test::counter_info("rapl:package-0", Domain::cpu_package, 0), 50);
  const Steady package1(test::counter_info("rapl:package-1", Domain::cpu_package, 1), 60);
  const Steady dram0(test::counter_info("rapl:package-0/dram", Domain::dram, 0), 5);
  const Steady dram1(test::counter_info("rapl:package-1/dram", Domain::dram, 1), 6);
  const auto found = components({package0.get(), dram0.get(), package1.get(), dram1.get()});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[3].name, "dram 1");
  EXPECT_NEAR(total_of(found, Scope::everything).gross->energy.value(), 1210.0, 1e-6);
}

TEST(WindowReportTest, ASecondSensorOfADomainIsListedAndNotAdded) {
  const Steady counter(test::counter_info("nvml:0:energy", Domain::gpu), 200);
  const Steady gauge(outside_total(test::gauge_info("nvml:0:power", Domain::gpu)), 210);
  const auto found = components({gauge.get(), counter.get()});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].gross->energy.value(), 2000.0, 1e-6);
  EXPECT_EQ(found[0].sensors, (std::vector<std::string>{"nvml:0:energy", "nvml:0:power"}));
}

TEST(WindowReportTest, ASecondSensorStandsInForOneWithoutAFigureAndSaysSo) {
  const Steady stuck(test::counter_info("nvml:0:energy", Domain::gpu), 0);
  const Steady gauge(outside_total(test::gauge_info("nvml:0:power", Domain::gpu)), 210);
  const auto found = components({stuck.get(), gauge.get()});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].in_total);
  EXPECT_NEAR(found[0].gross->energy.value(), 2100.0, 1e-6);
  EXPECT_EQ(found[0].sensors.front(), "nvml:0:power");
  ASSERT_EQ(found[0].faults.size(), 2U);
  EXPECT_NE(found[0].faults[0].find("stuck"), std::string::npos);
  EXPECT_EQ(found[0].faults[1], "nvml:0:energy has no figure: nvml:0:power stands in for it");
}

TEST(WindowReportTest, ACounterAndAGaugeThatContradictEachOtherAreAFault) {
  // Zeus issue 181: idle for 5 s, the counter says 187 J and integrated power 327 J.
  SensorInfo power = outside_total(test::gauge_info("nvml:0:power", Domain::gpu));
  power.averaging_window = Seconds(0.1);
  const Steady counter(test::counter_info("nvml:0:energy", Domain::gpu), 37.4);
  const Steady gauge(power, 65.4);
  const auto found = components({counter.get(), gauge.get()});
  ASSERT_EQ(found[0].faults.size(), 1U);
  EXPECT_EQ(found[0].faults[0],
            "nvml:0:energy says 374 J and nvml:0:power 654 J: they contradict each other");
  power.gain_uncertainty = 0.3;  // a gauge that may be that wrong contradicts nobody
  const Steady rough(power, 65.4);
  EXPECT_TRUE(components({counter.get(), rough.get()})[0].faults.empty());
}

TEST(WindowReportTest, WhatIsWrongWithASecondSensorIsSaidToo) {
  SensorInfo power = outside_total(test::gauge_info("nvml:0:power", Domain::gpu));
  power.power_limit = Watts(300);
  const Steady counter(test::counter_info("nvml:0:energy", Domain::gpu), 200);
  const Steady gauge(power, 560);
  const auto found = components({counter.get(), gauge.get()});
  EXPECT_NEAR(found[0].gross->energy.value(), 2000.0, 1e-6);
  ASSERT_FALSE(found[0].faults.empty());
  EXPECT_NE(found[0].faults[0].find("nvml:0:power: a reading of 560 W"), std::string::npos);
}

TEST(WindowReportTest, WhatBefellBothSensorsOfAThingIsSaidOnce) {
  Steady counter(test::counter_info("nvml:0:energy", Domain::gpu), 200);
  Steady gauge(outside_total(test::gauge_info("nvml:0:power", Domain::gpu)), 200);
  const Instant moment = start + std::chrono::seconds(5);
  for (Steady* each : {&counter, &gauge}) each->curve->interrupt(moment, "the machine slept");
  EXPECT_EQ(components({counter.get(), gauge.get()})[0].faults,
            std::vector<std::string>{"the machine slept"});
}

TEST(WindowReportTest, AMeanAboveTheEnforcedLimitIsAFault) {
  SensorInfo info = test::counter_info("nvml:0:energy", Domain::gpu);
  info.power_limit = Watts(400);
  info.enforced_limit = Watts(150);
  const Steady gpu(info, 380);
  const auto found = components({gpu.get()});
  ASSERT_EQ(found[0].faults.size(), 1U);
  EXPECT_NE(found[0].faults[0].find("says 380 W on average, and 150 W is the device's limit"),
            std::string::npos);
}

TEST(WindowReportTest, APlugThatSaysLessThanItsPartsIsAFaultOfThePlug) {
  SensorInfo plug = outside_total(test::gauge_info("csv:w.csv:power", Domain::wall));
  plug.update_period = plug.averaging_window = Seconds(0.1);
  const Steady package(test::counter_info("rapl:package-0", Domain::cpu_package), 50);
  const Steady gpu(test::counter_info("nvml:0:energy", Domain::gpu), 200);
  const Steady wall(plug, 120);
  const auto found = components({package.get(), gpu.get(), wall.get()});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_TRUE(found[0].faults.empty());
  EXPECT_TRUE(found[1].faults.empty());
  ASSERT_EQ(found[2].faults.size(), 1U);
  EXPECT_NE(found[2].faults[0].find("what is inside (cpu package 0, gpu 0) used at least 2500 J"),
            std::string::npos);
}

TEST(WindowReportTest, TheAbsoluteIntervalHoldsTheGainAndTheComparisonDoesNot) {
  SensorInfo info = test::counter_info("nvml:0:energy", Domain::gpu);
  info.update_period = Seconds(0.1);
  info.gain_uncertainty = 0.037;
  const Steady gpu(info, 400);
  const auto found = components({gpu.get()});
  const EnergyFigure& gross = *found.at(0).gross;
  EXPECT_NEAR(gross.energy.value(), 4000.0, 1e-6);
  // An update of 100 ms at 400 W; with 1.96 × 3.7 % of 4,000 J: 290 J, in quadrature.
  EXPECT_NEAR(gross.comparison->low, 3960.0, 0.1);
  EXPECT_NEAR(gross.comparison->high, 4040.0, 0.1);
  EXPECT_NEAR(gross.absolute->high, 4000.0 + std::hypot(290.08, 40.0), 0.1);
}

TEST(WindowReportTest, NetCarriesTheIdlePowersUncertaintyToo) {
  SensorInfo info = test::counter_info("nvml:0:energy", Domain::gpu);
  info.update_period = Seconds(0.1);
  info.gain_uncertainty = 0.1;
  const Steady gpu(info, 400);
  const IdlePowers idle = {{"nvml:0:energy", {.power = Watts(100), .uncertainty = Watts(3)}}};
  const auto found = components({gpu.get()}, idle);
  const EnergyFigure& net = *found.at(0).net;
  EXPECT_NEAR(net.energy.value(), 3000.0, 1e-6);
  // 40 J of the edges, 3 W × 10 s of idle: 50 J; the gain acts on the difference.
  EXPECT_NEAR(net.comparison->high, 3050.0, 0.1);
  EXPECT_NEAR(net.absolute->high, 3000.0 + std::hypot(0.196 * 3000.0, 50.0), 0.1);
}

TEST(WindowReportTest, APartTimeGaugesBoundsAreInBothIntervals) {
  SensorInfo info = test::gauge_info("nvml:0:power-instant", Domain::gpu);
  info.update_period = Seconds(0.1);
  info.averaging_window = Seconds(0.025);
  info.power_limit = Watts(300);
  const Steady gpu(info, 100);
  const IdlePowers idle = idle_powers({.duration = Seconds(10),
                                       .components = components({gpu.get()}),
                                       .total = {},
                                       .conditions = {}});
  EXPECT_LT(idle.at(info.id).uncertainty.value(), 5.0) << "nothing keeps step while nothing works";
  const auto found = components({gpu.get()}, idle);
  const EnergyFigure& gross = *found.at(0).gross;
  EXPECT_NEAR(gross.energy.value(), 1000.0, 1e-6);
  // Three quarters of the time at up to 300 W instead of the 100 W that it said, or at none; and
  // some 110 J as polls each update don't tell when that was.
  EXPECT_NEAR(gross.comparison->high, 1000.0 + 0.75 * 2000.0, 150.0);
  EXPECT_GE(gross.absolute->high, gross.comparison->high);
  EXPECT_NEAR(gross.comparison->low, 0.25 * 1000.0, 150.0);
  EXPECT_GT(found.at(0).net->comparison->high, 1500.0);
}

TEST(WindowReportTest, NetOfAModelIsAsUncertainAsItsGross) {
  SensorInfo info = test::counter_info("modelled:dram", Domain::dram);
  info.gain_uncertainty = 1.0 / normal_95;
  info.assumption = "no DRAM power sensor: 20 W at all times";
  const Steady dram(info, 20);
  const IdlePowers idle = {{info.id, {.power = Watts(20), .uncertainty = Watts(0)}}};
  const EnergyFigure net = *components({dram.get()}, idle).at(0).net;
  EXPECT_NEAR(net.energy.value(), 0.0, 1e-9);
  EXPECT_NEAR(net.absolute->high, 200.0, 1e-6);
  EXPECT_NEAR(net.absolute->low, -200.0, 1e-6);
}

TEST(WindowReportTest, AnIntervalOfWhatFlowedDoesNotReachBelowZero) {
  SensorInfo info = test::counter_info("modelled:dram", Domain::dram);
  info.gain_uncertainty = 1.0;
  info.assumption = "no DRAM power sensor: 2 W";
  const Steady dram(info, 2);
  const auto found = components({dram.get()});
  EXPECT_EQ(found.at(0).basis, Basis::modelled);
  EXPECT_EQ(found.at(0).assumption, "no DRAM power sensor: 2 W");
  EXPECT_DOUBLE_EQ(found.at(0).gross->absolute->low, 0.0);
  EXPECT_NEAR(found.at(0).gross->absolute->high, 20.0 * 2.96, 1e-6);
}

TEST(WindowReportTest, IdleOfAnotherSensorIsNotSubtracted) {
  const Steady gpu(test::counter_info("nvml:0:energy", Domain::gpu), 400);
  const IdlePowers idle = {{"nvml:0:power", {.power = Watts(100), .uncertainty = Watts(3)}}};
  EXPECT_FALSE(components({gpu.get()}, idle).at(0).net);
}

}  // namespace
}  // namespace wattfor::window_report_test
