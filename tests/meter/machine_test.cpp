#include "meter/machine.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>

#include "base/clock.h"
#include "sensor/csv_meter.h"
#include "support/fake_device.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::machine_test {
namespace {

// A machine of one socket; nothing of this host is looked at.
DiscoveryRoots bare_machine(const test::TempTree& tree) {
  tree.write("proc/cpuinfo",
             "processor\t: 0\nvendor_id\t: GenuineIntel\n"
             "model name\t: Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz\nphysical id\t: 0\n"
             "flags\t\t: fpu sse2\n");
  tree.write("proc/meminfo", "MemTotal:       16777216 kB\n");
  tree.write("proc/stat", "cpu  1 0 0 100 0 0 0 0 0 0\ncpu0 1 0 0 100 0 0 0 0 0 0\n");
  return {.sysfs = tree / "sys",
          .procfs = tree / "proc",
          .nvml_library = (tree / "libnvidia-ml.so.1").string()};
}

void add_zone(const test::TempTree& tree, const std::string& zone, const std::string& name,
              const std::string& energy_uj) {
  const std::string folder = "sys/class/powercap/" + zone;
  tree.write(folder + "/name", name + "\n");
  tree.write(folder + "/energy_uj", energy_uj + "\n");
  tree.write(folder + "/max_energy_range_uj", "262143328850\n");
}

std::set<std::string> sensors_in_total(const ProbeResult& found) {
  std::set<std::string> ids;
  for (const auto& device : found.devices) {
    for (const auto& sensor : device->sensors()) {
      if (sensor->info().in_total) ids.insert(sensor->info().id);
    }
  }
  return ids;
}

TEST(MachineTest, WithoutASensorBothPartsAreModelled) {
  const test::TempTree tree;
  EXPECT_EQ(sensors_in_total(devices_to_meter(bare_machine(tree))),
            (std::set<std::string>{"modelled:cpu-package", "modelled:dram"}));
}

TEST(MachineTest, WhatASensorCoversIsNotModelled) {
  // CodeCarbon issue 915: readable RAPL yet fallback to TDP.
  const test::TempTree tree;
  const DiscoveryRoots roots = bare_machine(tree);
  add_zone(tree, "intel-rapl:0", "package-0", "1000000");
  add_zone(tree, "intel-rapl:0:0", "dram", "500000");
  for (const std::string& id : sensors_in_total(devices_to_meter(roots))) {
    EXPECT_TRUE(id.starts_with("rapl:")) << id;
  }
}

TEST(MachineTest, APackageWithoutADramZoneHasItsDramModelled) {
  const test::TempTree tree;
  const DiscoveryRoots roots = bare_machine(tree);
  add_zone(tree, "intel-rapl:0", "package-0", "1000000");
  const auto ids = sensors_in_total(devices_to_meter(roots));
  EXPECT_TRUE(ids.contains("modelled:dram"));
  EXPECT_FALSE(ids.contains("modelled:cpu-package"));
}

TEST(MachineTest, ACounterAtZeroCoversNothing) {
  const test::TempTree tree;
  const DiscoveryRoots roots = bare_machine(tree);
  add_zone(tree, "intel-rapl:0", "package-0", "0");
  EXPECT_TRUE(sensors_in_total(devices_to_meter(roots)).contains("modelled:cpu-package"));
}

TEST(MachineTest, ACounterThatBeginsWithItsOpeningCoversItsPackageAtZero) {
  const ManualClock clock;
  SensorInfo perf = test::counter_info("perf:package-0", Domain::cpu_package);
  auto device = std::make_unique<test::FakeDevice>("RAPL", clock);
  perf.counts_from_opening = true;
  device->add(perf, [](Instant) -> Reading { return Joules(0.0); });
  ProbeResult found;
  found.devices.push_back(std::move(device));
  const test::TempTree tree;
  const auto ids = sensors_in_total(with_modelled_parts(std::move(found), bare_machine(tree)));
  EXPECT_FALSE(ids.contains("modelled:cpu-package"));
}

// A machine whose only power is told by a meter at its plug.
DiscoveryRoots machine_at_a_plug(const test::TempTree& tree) {
  DiscoveryRoots roots = bare_machine(tree);
  tree.write("watts.csv", "time_us,power_w\n" + std::to_string(wall_clock_us()) + ",120\n");
  roots.meters = meter_specs({"csv:" + (tree / "watts.csv").string()});
  return roots;
}

TEST(MachineTest, WhatTheMeterAtThePlugSeesIsNotModelledBesides) {
  const test::TempTree tree;
  const DiscoveryRoots roots = machine_at_a_plug(tree);
  EXPECT_EQ(sensors_in_total(devices_to_meter(roots)),
            (std::set<std::string>{roots.meters.front().name() + ":power"}));
}

TEST(MachineTest, AMeterAtThePlugThatHasJustBegunToCountHoldsAllTheSame) {
  const test::TempTree tree;
  DiscoveryRoots roots = bare_machine(tree);
  tree.write("joules.csv", "time_us,energy_j\n" + std::to_string(wall_clock_us()) + ",0\n");
  roots.meters = meter_specs({"csv:" + (tree / "joules.csv").string()});
  EXPECT_FALSE(sensors_in_total(devices_to_meter(roots)).contains("modelled:cpu-package"));
}

TEST(MachineTest, ATotalOfPartsHasItsModelledPartsAndNotTheMeterAtThePlug) {
  const test::TempTree tree;
  const ProbeResult found = devices_to_meter(machine_at_a_plug(tree), Scope::host_only);
  EXPECT_EQ(sensors_in_total(found),
            (std::set<std::string>{"modelled:cpu-package", "modelled:dram"}));
  EXPECT_EQ(found.devices.size(), 2U) << "it is read all the same";
}

TEST(MachineTest, AMeterThatWasAskedForAndIsSilentIsRefusedWithItsRemedy) {
  const test::TempTree tree;
  DiscoveryRoots roots = machine_at_a_plug(tree);
  EXPECT_NO_THROW(refuse_silent_meters(discover(roots).obstacles));
  tree.write("watts.csv", "");
  const Error refusal =
      test::refusal_of([&] { refuse_silent_meters(devices_to_meter(roots).obstacles); });
  test::expect_refusal(refusal, ErrorCode::not_found, roots.meters.front().name());
  EXPECT_TRUE(
      test::has_text(refusal.what(), "no complete row yet; try: see that its program writes"));
}

TEST(MachineTest, OtherObstaclesAreNoReasonToRefuse) {
  EXPECT_NO_THROW(refuse_silent_meters({{.what = "RAPL", .reason = "forbidden", .remedy = ""}}));
}

TEST(MachineTest, TheRecordNamesTheHostAndItsAccelerators) {
  const test::TempTree tree;
  const DiscoveryRoots roots = bare_machine(tree);
  const ManualClock clock;
  auto gpu = std::make_unique<test::FakeDevice>("NVIDIA H100 PCIe (gpu 0)", clock);
  gpu->add(test::gauge_info("nvml:0", Domain::gpu), test::in_turn({Watts(50)}));
  gpu->describe({"driver 550.54", "power limit 350 W"});
  auto rapl = std::make_unique<test::FakeDevice>("RAPL", clock);
  rapl->add(test::counter_info("rapl:package-0", Domain::cpu_package), test::in_turn({Joules(1)}));

  const Machine machine =
      describe_machine(roots, test::devices_of(std::move(gpu), std::move(rapl)));
  EXPECT_EQ(machine.cpu, "Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz");
  EXPECT_EQ(machine.logical_cpus, 1);
  EXPECT_DOUBLE_EQ(machine.memory_bytes, 16.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(machine.virtualisation, "");
  EXPECT_EQ(machine.devices,
            std::vector<std::string>{"NVIDIA H100 PCIe (gpu 0), driver 550.54, power limit 350 W"});
}

}  // namespace
}  // namespace wattfor::machine_test
