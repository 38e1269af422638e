#include "report/sensors_view.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/fake_device.h"
#include "support/text.h"

namespace wattfor::sensors_view_test {
namespace {

using test::has_text;
using namespace std::chrono_literals;
using test::counter_info;
using test::FakeDevice;
using test::gauge_info;

HostFacts server() {
  HostFacts host;
  host.hostname = "lab7";
  host.kernel = "6.1.0";
  host.cpu = "AMD EPYC 9575F 64-Core Processor";
  host.logical_cpus = 128;
  host.memory_bytes = 512.0 * 1024 * 1024 * 1024;
  return host;
}

SensorInfo package_info() {
  SensorInfo info = counter_info("rapl:package-0", Domain::cpu_package);
  info.unit = "µJ";
  info.source = "/sys/class/powercap/intel-rapl:0/energy_uj";
  info.counter_range = Joules(262143.32885);
  info.update_period = Seconds(0.001);
  info.gain_uncertainty = 0.05;
  return info;
}

SensorInfo modelled_info() {
  SensorInfo info = counter_info("model:cpu", Domain::cpu_package);
  info.assumption = "TDP 400 W at full load, 100 W idle; ±50 %";
  info.gain_uncertainty = 0.25;
  return info;
}

// A device of sensors that the view only describes.
std::unique_ptr<FakeDevice> device_with(const ManualClock& clock, const std::string& name,
                                        std::vector<SensorInfo> infos) {
  auto device = std::make_unique<FakeDevice>(name, clock);
  for (SensorInfo& info : infos) {
    device->add(std::move(info), [](Instant) -> Reading { return Joules(1.0); });
  }
  return device;
}

ProbeResult found_on_server(const ManualClock& clock) {
  SensorInfo psys = counter_info("rapl:psys", Domain::platform);
  psys.in_total = false;
  psys.why_not_in_total = "contains the cpu packages";
  SensorInfo gauge = gauge_info("nvml:GPU-1:power-instant", Domain::gpu);
  gauge.in_total = false;
  gauge.why_not_in_total = "another sensor of this gpu is";
  gauge.averaging_window = Seconds(0.025);
  ProbeResult found;
  found.devices.push_back(device_with(clock, "RAPL", {package_info(), psys}));
  found.devices.push_back(device_with(clock, "NVIDIA H100 PCIe (gpu 0)", {gauge}));
  found.obstacles.push_back({"DRAM", "only root may read it", "sudo chmod a+r file"});
  return found;
}

TEST(SensorsViewTest, SaysOfEachSensorWhetherItIsInTheTotalOrWhyNot) {
  const ManualClock clock;
  const SensorsView view = sensors_view(server(), found_on_server(clock));
  ASSERT_EQ(view.rows.size(), 3U);
  EXPECT_EQ(view.rows[0].component, "cpu package 0");
  EXPECT_EQ(view.rows[0].info.why_not_in_total, "");
  EXPECT_EQ(view.rows[1].info.why_not_in_total, "contains the cpu packages");
  EXPECT_EQ(view.rows[2].info.why_not_in_total, "another sensor of this gpu is");
}

TEST(SensorsViewTest, ShowsSensorsObstaclesAndTheirRemedies) {
  const ManualClock clock;
  const std::string text = sensors_text(sensors_view(server(), found_on_server(clock)), 100);
  EXPECT_EQ(
      text,
      "lab7: AMD EPYC 9575F 64-Core Processor, 128 CPUs, 512 GiB, Linux 6.1.0\n"
      "\n"
      "Measured\n"
      "  RAPL\n"
      "    cpu package 0  energy counter    every 1 ms    in total\n"
      "      rapl:package-0 in µJ from /sys/class/powercap/intel-rapl:0/energy_uj\n"
      "    platform 0     energy counter    at all times  not in total: contains the cpu packages\n"
      "      rapl:psys in J from a test\n"
      "  NVIDIA H100 PCIe (gpu 0)\n"
      "    gpu 0          power over 25 ms  at all times  not in total: another sensor of this gpu "
      "is\n"
      "      nvml:GPU-1:power-instant in W from a test\n"
      "\n"
      "Not readable\n"
      "    DRAM\n"
      "      why   only root may read it\n"
      "      try   sudo chmod a+r file\n");
}

TEST(SensorsViewTest, TellsANewcomerInAVirtualMachineWhatWillHappen) {
  const ManualClock clock;
  HostFacts host = server();
  host.virtualisation = "kvm";
  ProbeResult found;
  found.devices.push_back(device_with(clock, "model", {modelled_info()}));
  found.obstacles.push_back({"CPU energy counters (RAPL)", "the hypervisor hides them", ""});
  EXPECT_EQ(sensors_text(sensors_view(host, found), 80),
            "lab7: AMD EPYC 9575F 64-Core Processor, 128 CPUs, 512 GiB, Linux 6.1.0, a\n"
            "virtual machine (kvm)\n"
            "\n"
            "No power sensor can be read on this machine. Energy is modelled instead:\n"
            "computed, not measured, and marked so in every record.\n"
            "\n"
            "Modelled\n"
            "    cpu package 0\n"
            "      TDP 400 W at full load, 100 W idle; ±50 %\n"
            "\n"
            "Not readable\n"
            "    CPU energy counters (RAPL)\n"
            "      why   the hypervisor hides them\n"
            "      try   nothing on this machine unlocks it\n");
}

TEST(SensorsViewTest, LeavesNoLabelAloneWhereThePathBehindItIsLong) {
  const std::string path = "/sys/devices/pci0000:00/0000:00:18.3/hwmon/hwmon3/power1_average";
  ProbeResult found;
  found.obstacles.push_back({"CPU", path + " can be read by root alone", ""});
  const std::string text = sensors_text(sensors_view(server(), found), 60);
  EXPECT_TRUE(has_text(text, "      why   " + path)) << text;
}

TEST(SensorsViewTest, SaysSoWhereNothingIsMeasuredAndNothingModelled) {
  const std::string text = sensors_text(sensors_view(server(), ProbeResult{}), 200);
  EXPECT_TRUE(has_text(text, "energy will be missing from every record"));
}

TEST(SensorsViewTest, WritesJsonWithUnitsInItsKeysAndNullForTheUnknown) {
  const ManualClock clock;
  const nlohmann::json json = sensors_json(sensors_view(server(), found_on_server(clock)));
  EXPECT_EQ(json["host"]["cpu"], "AMD EPYC 9575F 64-Core Processor");
  EXPECT_EQ(json["host"]["memory_bytes"], 512.0 * 1024 * 1024 * 1024);
  EXPECT_TRUE(json["host"]["virtualisation"].is_null());
  EXPECT_EQ(json["sensors"].size(), 3U);
  const auto expected = nlohmann::json::parse(R"({
    "id": "rapl:package-0", "device": "RAPL", "component": "cpu package 0",
    "domain": "cpu_package", "domain_index": 0, "kind": "energy_counter", "unit": "µJ",
    "basis": "measured", "in_total": true, "label": null, "shared_with": null, "not_in_total_because": null,
    "source": "/sys/class/powercap/intel-rapl:0/energy_uj",
    "update_period_s": 0.001, "averaging_window_s": null, "counter_range_j": 262143.32885,
    "power_limit_w": null, "gain_uncertainty_percent": 5.0, "assumption": null, "probe": null,
    "driver": null, "calibration": null
  })");
  EXPECT_EQ(json["sensors"][0], expected);
  EXPECT_EQ(json["sensors"][2]["kind"], "power_gauge");
  EXPECT_EQ(json["sensors"][2]["averaging_window_s"], 0.025);
  EXPECT_EQ(json["obstacles"],
            nlohmann::json::parse(R"([{"what": "DRAM", "reason": "only root may read it",
                                       "remedy": "sudo chmod a+r file"}])"));
}

TEST(SensorsViewTest, ACalibratedSensorSaysSoBesideItsNominalFigures) {
  const ManualClock clock;
  SensorInfo info = gauge_info("nvml:GPU-1:power", Domain::gpu);
  info.update_period = Seconds(0.1);
  info.averaging_window = Seconds(1.0);
  info.calibration =
      SensorProfile{.device = info.id,
                    .origin = "calibrated 2026-01-31T10:00:00Z with a load of wattfor's",
                    .gain_origin = "against shelly:plug",
                    .kind = ResponseKind::boxcar,
                    .update_period = Uncertain<Seconds>{Seconds(0.1003), Seconds(4e-7)},
                    .window = Uncertain<Seconds>{Seconds(0.0249), Seconds(0.0013)},
                    .gain = Uncertain<double>{0.961, 0.00192},
                    .offset = Uncertain<Watts>{Watts(-2.4), Watts(0.2)}};
  ProbeResult found;
  found.devices.push_back(device_with(clock, "board", {info}));
  found.warnings.push_back("profiles/x.json: expected JSON");
  const SensorsView view = sensors_view(server(), found);
  const std::string text = sensors_text(view, 200);
  EXPECT_TRUE(has_text(text, "power over 1 s"));
  EXPECT_TRUE(has_text(text,
                       "calibrated 2026-01-31T10:00:00Z with a load of wattfor's: T 100.3 ms, W "
                       "24.9 ms, gain 0.961 ± 0.2 %, offset -2.4 ± 0.2 W (against shelly:plug)"));
  EXPECT_TRUE(has_text(text, "Warnings\n    profiles/x.json: expected JSON"));
  const nlohmann::json json = sensors_json(view);
  EXPECT_EQ(json["sensors"][0]["calibration"]["window_s"]["value"], 0.0249);
  EXPECT_EQ(json["sensors"][0]["averaging_window_s"], 1.0);
  EXPECT_EQ(json["warnings"].size(), 1U);
}

TEST(SensorsViewTest, MarksModelledSensorsInJson) {
  const ManualClock clock;
  ProbeResult found;
  found.devices.push_back(device_with(clock, "model", {modelled_info()}));
  const nlohmann::json json = sensors_json(sensors_view(server(), found));
  EXPECT_EQ(json["sensors"][0]["basis"], "modelled");
  EXPECT_EQ(json["sensors"][0]["assumption"], "TDP 400 W at full load, 100 W idle; ±50 %");
  EXPECT_TRUE(json["obstacles"].is_array());
}

// A sensor whose every read takes 1 ms of `clock`.
std::unique_ptr<FakeDevice> slow_device(ManualClock& clock, SensorInfo info, test::Script script) {
  auto device = std::make_unique<FakeDevice>("slow", clock);
  device->add(std::move(info), [&clock, script = std::move(script)](Instant) {
    clock.advance(1ms);
    return script(clock.now());
  });
  return device;
}

TEST(ProbeTest, MeasuresReadsChangesAndPowerOfACounter) {
  ManualClock clock;
  const test::PowerTrace load(clock, Watts(50.0));
  const auto device =
      slow_device(clock, package_info(), test::updated_every(100ms, load.counter(Joules(1e5))));
  const SensorProbe probe = probe_sensor(*device->sensors()[0], clock, Seconds(1.0));
  EXPECT_EQ(probe.reads, 1000);
  EXPECT_EQ(probe.changes, 10);
  EXPECT_DOUBLE_EQ(probe.duration.count(), 1.0);
  EXPECT_NEAR(probe.power->value(), 50.0, 1e-6);
  EXPECT_EQ(probe.failure, "");
}

TEST(ProbeTest, MeasuresThePowerOfACounterThatWraps) {
  ManualClock clock;
  const test::PowerTrace load(clock, Watts(50.0));
  SensorInfo info = package_info();
  info.counter_range = Joules(1000.0);
  const auto device =
      slow_device(clock, info, test::wrapping_after(Joules(1000.0), load.counter(Joules(975.0))));
  const SensorProbe probe = probe_sensor(*device->sensors()[0], clock, Seconds(1.0));
  EXPECT_NEAR(probe.power->value(), 50.0, 1e-6);
}

TEST(ProbeTest, TakesTheLastWordOfAGauge) {
  ManualClock clock;
  const test::PowerTrace load(clock, Watts(300.0));
  const auto device = slow_device(clock, gauge_info("g", Domain::gpu), load.gauge());
  const SensorProbe probe = probe_sensor(*device->sensors()[0], clock, Seconds(0.1));
  EXPECT_EQ(probe.changes, 0);
  EXPECT_DOUBLE_EQ(probe.power->value(), 300.0);
}

// The view of one probed sensor.
SensorsView probed(ManualClock& clock, SensorInfo info, test::Script script) {
  ProbeResult found;
  found.devices.push_back(slow_device(clock, std::move(info), std::move(script)));
  SensorsView view = sensors_view(server(), found);
  probe_sensors(view, found, clock, Seconds(0.5));
  return view;
}

TEST(ProbeTest, CallsACounterStuckThatReadsAndNeverMoves) {
  ManualClock clock;
  const SensorsView view =
      probed(clock, package_info(), [](Instant) -> Reading { return Joules(7.0); });
  EXPECT_TRUE(view.rows[0].stuck());
  EXPECT_FALSE(view.rows[0].probe->power.has_value());
  EXPECT_TRUE(has_text(sensors_text(view, 100), "STUCK: it did not move in 500 ms, can be read"))
      << sensors_text(view, 100);
  const nlohmann::json json = sensors_json(view)["sensors"][0]["probe"];
  EXPECT_EQ(json, nlohmann::json::parse(R"({"duration_s": 0.5, "reads_per_s": 1000.0,
      "changes_per_s": 0.0, "power_w": null, "stuck": true, "failure": null})"));
}

TEST(ProbeTest, DoesNotCallACounterStuckThatMovesOnceASecond) {
  ManualClock clock;
  SensorInfo wall = package_info();
  wall.update_period = Seconds(1.0);
  const SensorsView view = probed(clock, wall, [](Instant) -> Reading { return Joules(7.0); });
  EXPECT_FALSE(view.rows[0].stuck());
}

TEST(ProbeTest, DoesNotCallASteadyGaugeStuck) {
  ManualClock clock;
  const SensorsView view =
      probed(clock, gauge_info("g", Domain::gpu), [](Instant) -> Reading { return Watts(40.0); });
  EXPECT_FALSE(view.rows[0].stuck());
  EXPECT_TRUE(has_text(sensors_text(view, 100), "40.0 W now, changes 0/s, can be read 1,000/s"))
      << sensors_text(view, 100);
}

TEST(ProbeTest, ShowsAFailureAndNoPowerWhereNothingAnswers) {
  ManualClock clock;
  const SensorsView view = probed(clock, package_info(), [](Instant) -> Reading {
    return ReadFailure{FailureKind::try_again, "the bus is busy"};
  });
  EXPECT_EQ(view.rows[0].probe->reads, 0);
  EXPECT_FALSE(view.rows[0].stuck());
  EXPECT_TRUE(has_text(sensors_text(view, 100), "does not answer: the bus is busy"));
  EXPECT_EQ(sensors_json(view)["sensors"][0]["probe"]["failure"], "the bus is busy");
}

TEST(ProbeTest, StopsAtOnceWhereADeviceIsGone) {
  ManualClock clock;
  const SensorsView view = probed(clock, package_info(), [](Instant) -> Reading {
    return ReadFailure{FailureKind::gone, "GPU is lost"};
  });
  EXPECT_DOUBLE_EQ(view.rows[0].probe->duration.count(), 0.001);
}

TEST(ProbeTest, ReportsItsProgressSensorBySensor) {
  ManualClock clock;
  ProbeResult found;
  for (int i = 0; i < 2; ++i) {
    found.devices.push_back(
        slow_device(clock, package_info(), [](Instant) -> Reading { return Joules(1.0); }));
  }
  SensorsView view = sensors_view(server(), found);
  std::vector<std::pair<std::size_t, std::size_t>> seen;
  probe_sensors(view, found, clock, Seconds(0.01),
                [&seen](std::size_t done, std::size_t all) { seen.emplace_back(done, all); });
  EXPECT_EQ(seen, (std::vector<std::pair<std::size_t, std::size_t>>{{1, 2}, {2, 2}}));
}

}  // namespace
}  // namespace wattfor::sensors_view_test
