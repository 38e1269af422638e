#include "sensor/rapl.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "support/fake_perf_events.h"
#include "support/other_user.h"
#include "support/temp_tree.h"

namespace wattfor::rapl_test {
namespace {

using test::FakePerfEvents;
using test::OtherUser;
using test::TempTree;

constexpr std::uint32_t power_type = 21;
constexpr std::uint64_t package = 2;
constexpr std::uint64_t dram = 3;

// A machine whose kernel shows its counters in one way, the other, or both.
class RaplWaysTest : public testing::Test {
 protected:
  // An event for packages, and one for DRAM, on CPU 0 of socket 0 and CPU 28 of socket 1.
  void add_perf() {
    const std::string unit = "bus/event_source/devices/power/";
    tree_.write(unit + "type", "21\n");
    tree_.write(unit + "cpumask", "0,28\n");
    tree_.write(unit + "format/event", "config:0-7\n");
    for (const auto& [name, event] :
         {std::pair{"energy-pkg", "event=0x02"}, std::pair{"energy-ram", "event=0x03"}}) {
      tree_.write(unit + "events/" + name, event);
      tree_.write(unit + "events/" + name + ".scale", "2.3283064365386962890625e-10");
      tree_.write(unit + "events/" + name + ".unit", "Joules");
    }
    for (const int cpu : {0, 28}) {
      tree_.write("devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/physical_package_id",
                  cpu == 0 ? "0\n" : "1\n");
      events_.set({power_type, package, cpu}, 0);
      events_.set({power_type, dram, cpu}, 0);
    }
  }
  void add_zone(const std::string& path, const std::string& name, const std::string& energy_uj) {
    const std::string folder = "class/powercap/" + path + "/";
    tree_.write(folder + "name", name + "\n");
    tree_.write(folder + "energy_uj", energy_uj + "\n");
    tree_.write(folder + "max_energy_range_uj", "262143328850\n");
  }
  // The same packages and DRAM.
  void add_powercap() {
    add_zone("intel-rapl:0", "package-0", "100000000");
    add_zone("intel-rapl:0/intel-rapl:0:0", "dram", "1");
    add_zone("intel-rapl:1", "package-1", "100000000");
    add_zone("intel-rapl:1/intel-rapl:1:0", "dram", "1");
  }
  void forbid_powercap() {
    chmod(tree_.root().c_str(), 0755);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree_.root())) {
      if (entry.path().filename() == "energy_uj") chmod(entry.path().c_str(), 0000);
    }
  }
  void set_vendor(const std::string& vendor) {
    tree_.write("cpuinfo", "processor\t: 0\nvendor_id\t: " + vendor + "\nflags\t\t: fpu\n");
  }

  ProbeResult find() { return find_rapl(tree_.root(), tree_.root(), &events_); }

  const TempTree tree_;
  FakePerfEvents events_;
};

// Ids of what counts, in order; a sensor outside the total in brackets.
std::string ids(const ProbeResult& found) {
  std::string text;
  for (const auto& device : found.devices) {
    for (const auto& sensor : device->sensors()) {
      const SensorInfo& info = sensor->info();
      text += (text.empty() ? "" : " ") + (info.in_total ? info.id : "(" + info.id + ")");
    }
  }
  return text;
}

constexpr const char* all_of_perf =
    "perf:package-0 perf:package-0/dram perf:package-1 perf:package-1/dram";
constexpr const char* all_of_powercap =
    "rapl:package-0 rapl:package-0/dram rapl:package-1 rapl:package-1/dram";

TEST_F(RaplWaysTest, PrefersPerfEventsAndListsNoZoneTwice) {
  add_perf();
  add_powercap();
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), all_of_perf);
  EXPECT_TRUE(found.obstacles.empty());
  ASSERT_EQ(found.devices.size(), 1U);
  EXPECT_EQ(found.devices[0]->name(), "RAPL");
  EXPECT_EQ(found.devices[0]->sensors()[3]->info().domain_index, 1);
}

TEST_F(RaplWaysTest, TakesPowercapWherePerfEventsAreForbiddenAndSeesNoObstacle) {
  add_perf();
  add_powercap();
  for (const int error_number : {EACCES, EPERM}) {
    events_.refuse(error_number);
    const ProbeResult found = find();
    EXPECT_EQ(ids(found), all_of_powercap);
    EXPECT_TRUE(found.obstacles.empty());
  }
}

TEST_F(RaplWaysTest, TakesPerfEventsWherePowercapIsForbiddenAndSeesNoObstacle) {
  add_perf();
  add_powercap();
  forbid_powercap();
  const OtherUser nobody;
  if (!nobody.changed()) GTEST_SKIP() << "this user may not become another";
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), all_of_perf);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST_F(RaplWaysTest, TakesPerfEventsWhereNoDriverShowsZones) {
  add_perf();
  set_vendor("GenuineIntel");
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), all_of_perf);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST_F(RaplWaysTest, TakesFromEachWayWhatTheOtherDoesNotGive) {
  add_perf();
  add_powercap();
  add_zone("intel-rapl:2", "psys", "5");
  events_.refuse({power_type, dram, 0}, EINVAL);
  events_.refuse({power_type, package, 28}, ENODEV);  // CPU 28 is offline
  events_.refuse({power_type, dram, 28}, ENODEV);
  const ProbeResult found = find();
  EXPECT_EQ(ids(found),
            "perf:package-0 rapl:package-0/dram rapl:package-1 rapl:package-1/dram (rapl:psys)");
  EXPECT_TRUE(found.obstacles.empty());
  EXPECT_EQ(found.devices[0]->sensors()[2]->info().domain_index, 1);
}

TEST_F(RaplWaysTest, TakesPowercapWherePerfsFilesAreGarbage) {
  add_perf();
  add_powercap();
  for (const char* file : {"type", "cpumask", "events/energy-pkg.scale"}) {
    add_perf();
    tree_.write(std::string("bus/event_source/devices/power/") + file, "nonsense\n");
    const ProbeResult found = find();
    EXPECT_EQ(found.devices.at(0)->sensors().size(), 4U) << file;
    EXPECT_TRUE(found.obstacles.empty()) << file;
  }
}

TEST_F(RaplWaysTest, NamesOneCommandWhereBothWaysAreForbidden) {
  add_perf();
  add_powercap();
  forbid_powercap();
  events_.refuse(EACCES);
  const OtherUser nobody;
  if (!nobody.changed()) GTEST_SKIP() << "this user may not become another";
  const ProbeResult found = find();
  EXPECT_TRUE(found.devices.empty());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what,
            "CPU energy counters (RAPL package-0, package-0/dram, package-1, package-1/dram)");
  EXPECT_EQ(found.obstacles[0].remedy,
            "sudo chmod a+r " + (tree_ / "class/powercap").string() + "/intel-rapl:*/energy_uj");
}

TEST_F(RaplWaysTest, NamesTheSettingWherePerfEventsAreTheOnlyWay) {
  add_perf();
  set_vendor("GenuineIntel");
  events_.refuse(EACCES);
  const ProbeResult found = find();
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what,
            "CPU energy counters (RAPL package-0, package-0/dram, package-1, package-1/dram)");
  EXPECT_EQ(found.obstacles[0].remedy, "sudo sysctl kernel.perf_event_paranoid=0");
}

TEST_F(RaplWaysTest, NamesTheCapabilityThatAContainersFilterAsksFor) {
  add_perf();
  events_.refuse(EPERM);
  const ProbeResult found = find();
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].remedy, "docker run --cap-add PERFMON …");
}

TEST_F(RaplWaysTest, ContainerThatHidesPowercapAndForbidsPerfEventsIsOneObstacle) {
  add_perf();
  events_.refuse(EPERM);
  std::filesystem::create_directories(tree_ / "class/powercap");
  std::filesystem::create_directory_symlink("../../devices/virtual/powercap/intel-rapl:0",
                                            tree_ / "class/powercap/intel-rapl:0");
  const ProbeResult found = find();
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].remedy.find("-e WATTFOR_SYSFS=/host/sys"), std::string::npos);
}

TEST_F(RaplWaysTest, TellsWhatNeitherWayGives) {
  add_perf();
  events_.refuse({power_type, package, 28}, ENODEV);
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), "perf:package-0 perf:package-0/dram perf:package-1/dram");
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "perf:package-1");
  EXPECT_NE(found.obstacles[0].reason.find("CPU 28"), std::string::npos);
}

TEST_F(RaplWaysTest, TellsOfAUnitWhoseFilesAreGarbageWhereItIsTheOnlyWay) {
  add_perf();
  tree_.write("bus/event_source/devices/power/type", "nan\n");
  const ProbeResult found = find();
  EXPECT_TRUE(found.devices.empty());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("power/type"), std::string::npos);
}

TEST_F(RaplWaysTest, AnEpycsPackageCounterStandsForTheZonesOfItsDies) {
  add_perf();
  set_vendor("AuthenticAMD");
  add_zone("intel-rapl:0", "package-0-die-0", "50000000");
  add_zone("intel-rapl:1", "package-0-die-1", "50002000");
  add_zone("intel-rapl:2", "package-1-die-0", "70000000");
  add_zone("intel-rapl:3", "package-1-die-1", "70002000");
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), all_of_perf);
  EXPECT_EQ(found.devices[0]->sensors()[2]->info().domain_index, 1);
  EXPECT_TRUE(found.devices[0]->details().empty());
}

// The zone reads the register of the one core that it is read on.
TEST_F(RaplWaysTest, ASingleCoreOfAnAmdDoesNotPassForAllOfThem) {
  set_vendor("AuthenticAMD");
  add_zone("intel-rapl:0", "package-0", "100000000");
  add_zone("intel-rapl:0/intel-rapl:0:0", "core", "1");
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), "rapl:package-0");
  EXPECT_EQ(found.devices.at(0)->details(),
            std::vector<std::string>{
                "rapl:package-0/core counts one core of the package and is left out"});
  EXPECT_TRUE(found.obstacles.empty());
}

TEST_F(RaplWaysTest, CoresThatAreNotReadAreNoObstacleWhereTheTotalIsWhole) {
  set_vendor("GenuineIntel");
  add_perf();
  add_zone("intel-rapl:0", "package-0", "100000000");
  add_zone("intel-rapl:0/intel-rapl:0:0", "core", "1");
  forbid_powercap();
  const OtherUser nobody;
  if (!nobody.changed()) GTEST_SKIP() << "this user may not become another";
  const ProbeResult found = find();
  EXPECT_EQ(found.devices.size(), 1U);
  EXPECT_TRUE(found.obstacles.empty());
}

TEST_F(RaplWaysTest, EachSocketsPsysHasANumberOfItsOwn) {
  add_zone("intel-rapl:0", "psys", "5");
  add_zone("intel-rapl:1", "psys-1", "5");
  const ProbeResult found = find();
  EXPECT_EQ(ids(found), "(rapl:psys) (rapl:psys-1)");
  EXPECT_EQ(found.devices[0]->sensors()[1]->info().domain, Domain::platform);
  EXPECT_EQ(found.devices[0]->sensors()[1]->info().domain_index, 1);
}

TEST_F(RaplWaysTest, WithoutAKernelBehindTheTreeItReadsPowercapAlone) {
  add_perf();
  add_powercap();
  const ProbeResult found = find_rapl(tree_.root(), tree_.root(), nullptr);
  EXPECT_EQ(ids(found), all_of_powercap);
  EXPECT_TRUE(events_.asked_for().empty());
}

}  // namespace
}  // namespace wattfor::rapl_test
