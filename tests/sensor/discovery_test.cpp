#include "sensor/discovery.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <string>

#include "support/fake_perf_events.h"
#include "support/probed.h"
#include "support/temp_tree.h"

namespace wattfor::discovery_test {
namespace {

TEST(DiscoveryTest, FindsWhatEveryProbeFinds) {
  const test::TempTree tree;
  tree.write("class/powercap/intel-rapl:0/name", "package-0\n");
  tree.write("class/powercap/intel-rapl:0/energy_uj", "5\n");
  const ProbeResult found =
      discover({.sysfs = tree.root(), .procfs = tree.root(), .nvml_library = FAKE_NVML_MODERN});
  ASSERT_EQ(found.devices.size(), 2U);
  EXPECT_EQ(found.devices[0]->name(), "RAPL");
  EXPECT_EQ(found.devices[1]->name(), "NVIDIA H100 PCIe (gpu 0)");
}

TEST(DiscoveryTest, ReadsThePerfEventsThatItIsGiven) {
  const test::TempTree tree;
  const std::string unit = "bus/event_source/devices/power/";
  tree.write(unit + "type", "21\n");
  tree.write(unit + "cpumask", "0\n");
  tree.write(unit + "format/event", "config:0-7\n");
  tree.write(unit + "events/energy-pkg", "event=0x02");
  tree.write(unit + "events/energy-pkg.scale", "2.3283064365386962890625e-10");
  tree.write(unit + "events/energy-pkg.unit", "Joules");
  tree.write("devices/system/cpu/cpu0/topology/physical_package_id", "0\n");
  test::FakePerfEvents events;
  events.set({21, 2, 0}, 0);
  const DiscoveryRoots roots{
      .sysfs = tree.root(), .procfs = tree.root(), .nvml_library = "no-nvml.so"};
  EXPECT_EQ(discover(roots, &events).devices.size(), 1U);
  // The tree is no sysfs: its numbers mean nothing to the kernel that runs this test.
  EXPECT_TRUE(discover(roots).devices.empty());
}

// An NVIDIA board in the slot of an AGX Orin is not the GPU in its module.
TEST(DiscoveryTest, CountsAJetsonsModuleAndTheBoardInItsSlot) {
  const test::TempTree tree;
  const std::string chip = test::add_hwmon(tree, "hwmon1", "ina3221", "1-0040");
  int channel = 0;
  for (const char* label : {"VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"}) {
    const std::string number = std::to_string(++channel);
    tree.write(chip + "in" + number + "_label", std::string(label) + "\n");
    tree.write(chip + "in" + number + "_input", "5000\n");
    tree.write(chip + "curr" + number + "_input", "1000\n");
  }
  const ProbeResult found =
      discover({.sysfs = tree.root(), .procfs = tree.root(), .nvml_library = FAKE_NVML_MODERN});
  EXPECT_EQ(test::settled_total(found),
            "nvml:GPU-11111111-2222-3333-4444-555555555555:energy ina3221:module");
}

TEST(DiscoveryTest, FindsNothingAndFailsAtNothingOnAnEmptyMachine) {
  const test::TempTree tree;
  const ProbeResult found = discover({.sysfs = tree.root() / "nowhere",
                                      .procfs = tree.root() / "nowhere",
                                      .nvml_library = "libnvidia-ml.so.1"});
  EXPECT_TRUE(found.devices.empty());
}

TEST(DiscoveryTest, TakesItsRootsFromTheEnvironmentAndAnEmptyVariableForNone) {
  setenv("WATTFOR_SYSFS", "/host/sys", 1);
  setenv("WATTFOR_PROCFS", "", 1);
  setenv("WATTFOR_NVML", "/opt/libnvidia-ml.so", 1);
  const DiscoveryRoots roots = roots_from_environment();
  unsetenv("WATTFOR_SYSFS");
  unsetenv("WATTFOR_PROCFS");
  unsetenv("WATTFOR_NVML");
  EXPECT_EQ(roots.sysfs, "/host/sys");
  EXPECT_EQ(roots.procfs, "/proc");
  EXPECT_EQ(roots.nvml_library, "/opt/libnvidia-ml.so");
}

TEST(DiscoveryTest, TakesCudasVariablesAndAnEmptyOneForNoGpu) {
  unsetenv("CUDA_VISIBLE_DEVICES");
  EXPECT_FALSE(roots_from_environment().cuda.visible_devices);
  setenv("CUDA_VISIBLE_DEVICES", "", 1);
  setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", 1);
  const DiscoveryRoots roots = roots_from_environment();
  unsetenv("CUDA_VISIBLE_DEVICES");
  unsetenv("CUDA_DEVICE_ORDER");
  EXPECT_EQ(roots.cuda.visible_devices, "");
  EXPECT_EQ(roots.cuda.device_order, "PCI_BUS_ID");
}

}  // namespace
}  // namespace wattfor::discovery_test
