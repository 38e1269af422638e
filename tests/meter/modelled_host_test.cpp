#include "meter/modelled_host.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <variant>

#include "base/clock.h"
#include "support/temp_tree.h"

namespace wattfor::modelled_host_test {
namespace {

using std::chrono::seconds;

constexpr double gib = 1024.0 * 1024.0 * 1024.0;

HostFacts virtual_machine() {
  HostFacts host;
  host.cpu = "AMD EPYC 9575F 64-Core Processor";
  host.logical_cpus = 2;
  host.memory_bytes = 8.0 * gib;
  host.virtualisation = "kvm";
  return host;
}

// Two CPUs; the times in ticks of 10 ms.
void write_times(const test::TempTree& proc, int user, int idle, int iowait, int steal) {
  proc.write("stat", "cpu  " + std::to_string(user) + " 0 0 " + std::to_string(idle) + " " +
                         std::to_string(iowait) + " 0 0 " + std::to_string(steal) +
                         " 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\nintr 1\n");
}

struct Model {
  explicit Model(const HostFacts& host)
      : device(modelled_host(host, {}, {.sysfs = tree / "sys", .procfs = tree.root()}, clock)) {}

  double energy(std::size_t sensor) {
    return std::get<Joules>(device->sensors().at(sensor)->read()).value();
  }

  test::TempTree tree;
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::unique_ptr<Device> device;
};

TEST(ModelledHostTest, SaysWhatItAssumes) {
  const Model model(virtual_machine());
  const auto& sensors = model.device->sensors();
  ASSERT_EQ(sensors.size(), 2U);
  EXPECT_EQ(sensors[0]->info().id, "modelled:cpu-package");
  EXPECT_EQ(sensors[0]->info().assumption,
            "no CPU power sensor: 6.2 W busy, 1.9 W idle from TDP 400 W × 2 of 128 threads "
            "(epyc 9575f); ±50 %");
  EXPECT_NEAR(1.96 * sensors[0]->info().gain_uncertainty, 0.5, 1e-9);
  EXPECT_EQ(sensors[1]->info().id, "modelled:dram");
  EXPECT_EQ(sensors[1]->info().assumption,
            "no DRAM power sensor: 1.6 W at all times for 8.0 GiB; ±100 %");
}

TEST(ModelledHostTest, ASaturatedMachineDrawsItsShareOfTdp) {
  Model model(virtual_machine());
  write_times(model.tree, 100, 5000, 10, 0);
  const double before = model.energy(0);
  // Ten seconds without an idle moment: 2/128 of 400 W. What /proc/stat counts as user is not read.
  model.clock->advance(seconds(10));
  EXPECT_NEAR(model.energy(0) - before, 62.5, 1e-9);
}

TEST(ModelledHostTest, AnIdleMachineDrawsIdlePower) {
  Model model(virtual_machine());
  write_times(model.tree, 100, 5000, 10, 0);
  const double before = model.energy(0);
  model.clock->advance(seconds(10));
  // 2 × 10 s: idle, waiting for a disk, or given to another virtual machine.
  write_times(model.tree, 100, 5000 + 1500, 10 + 300, 200);
  EXPECT_NEAR(model.energy(0) - before, 0.3 * 62.5, 1e-9);
}

TEST(ModelledHostTest, HalfBusyLiesHalfWay) {
  Model model(virtual_machine());
  write_times(model.tree, 0, 5000, 0, 0);
  const double before = model.energy(0);
  model.clock->advance(seconds(10));
  write_times(model.tree, 0, 6000, 0, 0);
  EXPECT_NEAR(model.energy(0) - before, 0.65 * 62.5, 1e-9);
}

TEST(ModelledHostTest, ItsCounterNeverGoesBack) {
  Model model(virtual_machine());
  write_times(model.tree, 1, 5000, 0, 0);
  const double before = model.energy(0);
  // Idle time arrives in ticks, here more of it than time has passed.
  model.clock->advance(std::chrono::milliseconds(1));
  write_times(model.tree, 1, 5002, 0, 0);
  EXPECT_GE(model.energy(0), before);
}

TEST(ModelledHostTest, AMachineThatShowsNoTimesIsAFailureAndNotBusy) {
  Model model(virtual_machine());
  model.tree.write("stat", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0\n");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(model.device->sensors()[0]->read()));
  model.tree.write("stat", "garbage");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(model.device->sensors()[0]->read()));
}

TEST(ModelledHostTest, BareMetalHasAllItsSockets) {
  HostFacts host = virtual_machine();
  host.virtualisation = "";
  host.logical_cpus = 256;
  test::TempTree tree;
  for (const std::string cpu : {"0", "1", "2", "3"}) {
    tree.write("sys/devices/system/cpu/cpu" + cpu + "/topology/physical_package_id",
               cpu < "2" ? "0\n" : "1\n");
  }
  const auto device = modelled_host(host, {.cpu = true, .dram = false},
                                    {.sysfs = tree / "sys", .procfs = tree.root()});
  ASSERT_EQ(device->sensors().size(), 1U);
  EXPECT_EQ(device->sensors()[0]->info().power_limit->value(), 800.0);
}

TEST(ModelledHostTest, RaplsLimitIsTakenWhereItsCounterCannotBeRead) {
  HostFacts host = virtual_machine();
  host.virtualisation = "";
  test::TempTree tree;
  for (const std::string package : {"0", "1"}) {
    const std::string zone = "sys/class/powercap/intel-rapl:" + package;
    tree.write(zone + "/name", "package-" + package + "\n");
    tree.write(zone + "/constraint_0_max_power_uw", "165000000\n");
    tree.make_unreadable(zone + "/energy_uj");
  }
  const auto device = modelled_host(host, {.cpu = true, .dram = false},
                                    {.sysfs = tree / "sys", .procfs = tree.root()});
  EXPECT_EQ(device->sensors().at(0)->info().assumption,
            "no CPU power sensor: 330.0 W busy, 99.0 W idle from RAPL's limit of 330 W; ±50 %");
}

TEST(ModelledHostTest, ALimitThatIsNoPackagesPowerIsNotTaken) {
  HostFacts host = virtual_machine();
  host.virtualisation = "";
  for (const std::string text : {"inf", "nan", "0", "-1", "1e9", "18446744073709551615", ""}) {
    const test::TempTree tree;
    tree.write("sys/class/powercap/intel-rapl:0/name", "package-0\n");
    tree.write("sys/class/powercap/intel-rapl:0/constraint_0_max_power_uw", text + "\n");
    const auto device = modelled_host(host, {.cpu = true, .dram = false},
                                      {.sysfs = tree / "sys", .procfs = tree.root()});
    EXPECT_EQ(device->sensors().at(0)->info().power_limit->value(), 400.0) << text;
  }
}

TEST(ModelledHostTest, AServerOfWhichOnlyTheSeriesIsKnownDrawsByItsThreads) {
  HostFacts host = virtual_machine();
  host.virtualisation = "";
  host.cpu = "AMD EPYC 7B13";
  host.logical_cpus = 64;
  const Model model(host);
  EXPECT_EQ(model.device->sensors()[0]->info().assumption,
            "no CPU power sensor: 140.0 W busy, 42.0 W idle from TDP 280 W × 64 of 128 threads "
            "(epyc); ±70 %");
}

TEST(ModelledHostTest, AnUnknownProcessorIsTakenByItsThreadsAndWiderStill) {
  HostFacts host = virtual_machine();
  host.cpu = "QEMU Virtual CPU";
  const Model model(host);
  EXPECT_EQ(model.device->sensors()[0]->info().assumption,
            "no CPU power sensor: 8.0 W busy, 2.4 W idle from 4 W × 2 threads, as the table does "
            "not know \"QEMU Virtual CPU\"; ±90 %");
}

TEST(ModelledHostTest, MuchMemoryIsNotHundredsOfWatts) {
  // CodeCarbon issue 629: 378 W of RAM beside a GPU of 102 W.
  struct Case {
    double size_gib;
    double watts;
  };
  for (const Case& c : {Case{16, 3.2}, Case{256, 51.2}, Case{1024, 89.6}, Case{8192, 150.0}}) {
    HostFacts host = virtual_machine();
    host.memory_bytes = c.size_gib * gib;
    Model model(host);
    const double before = model.energy(1);
    model.clock->advance(seconds(10));
    EXPECT_NEAR(model.energy(1) - before, 10.0 * c.watts, 1e-6) << c.size_gib;
  }
}

}  // namespace
}  // namespace wattfor::modelled_host_test
