#include "sensor/host_processors.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::host_processors_test {
namespace {

using test::TempTree;

ProcessorSettings settings_in(const TempTree& tree) {
  return read_processor_settings(tree / "proc", tree / "sys");
}

TEST(HostProcessorsTest, CountsWhatMayBeUsedOfTheMachine) {
  const TempTree tree;
  tree.write("proc/self/status", "Name:\twattfor\nCpus_allowed_list:\t0-3,8\n");
  tree.write("sys/devices/system/node/online", "0-2\n");
  tree.write("sys/devices/system/node/node0/cpulist", "0-7\n");
  tree.write("sys/devices/system/node/node1/cpulist", "8-15\n");
  tree.write("sys/devices/system/node/node2/cpulist", "\n");  // memory alone
  const ProcessorSettings settings = settings_in(tree);
  EXPECT_EQ(settings.allowed_cpus, "0-3,8");
  EXPECT_EQ(settings.allowed_cpu_count, 5);
  EXPECT_EQ(settings.numa_nodes, 3);
  EXPECT_EQ(settings.allowed_numa_nodes, 2);
}

TEST(HostProcessorsTest, NamesEachGovernorOnceAndTheDriver) {
  const TempTree tree;
  const std::string cpufreq = "sys/devices/system/cpu/cpufreq/";
  for (const auto& [policy, governor] : std::map<std::string, std::string>{
           {"policy0", "powersave"}, {"policy1", "performance"}, {"policy2", "powersave"}}) {
    tree.write(cpufreq + policy + "/scaling_governor", governor + "\n");
    tree.write(cpufreq + policy + "/scaling_driver", "acpi-cpufreq\n");
  }
  const ProcessorSettings settings = settings_in(tree);
  EXPECT_EQ(settings.governor, "performance, powersave");
  EXPECT_EQ(settings.scaling_driver, "acpi-cpufreq");
}

TEST(HostProcessorsTest, KnowsBothWordsForTurbo) {
  const TempTree intel;
  intel.write("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
  intel.write("sys/devices/system/cpu/smt/active", "0\n");
  EXPECT_EQ(settings_in(intel).turbo, false);
  EXPECT_EQ(settings_in(intel).smt, false);
  const TempTree other;
  other.write("sys/devices/system/cpu/cpufreq/boost", "1\n");
  EXPECT_EQ(settings_in(other).turbo, true);
}

TEST(HostProcessorsTest, SaysNothingOfWhatIsMissingOrGarbage) {
  const TempTree tree;
  tree.write("proc/self/status", "Cpus_allowed_list:\t0-99999999999\n");
  tree.write("sys/devices/system/node/online", "all of them\n");
  tree.write("sys/devices/system/cpu/intel_pstate/no_turbo", "maybe\n");
  tree.make_unreadable("sys/devices/system/cpu/cpufreq/policy0/scaling_governor");
  const ProcessorSettings settings = settings_in(tree);
  EXPECT_EQ(settings.allowed_cpus, "");
  EXPECT_EQ(settings.allowed_cpu_count, 0);
  EXPECT_EQ(settings.numa_nodes, 0);
  EXPECT_EQ(settings.governor, "");
  EXPECT_EQ(settings.turbo, std::nullopt);
  EXPECT_EQ(settings.smt, std::nullopt);
}

}  // namespace
}  // namespace wattfor::host_processors_test
