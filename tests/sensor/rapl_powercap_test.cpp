#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

#include "sensor/rapl.h"
#include "support/other_user.h"
#include "support/temp_tree.h"

namespace wattfor::rapl_powercap_test {
namespace {

namespace fs = std::filesystem;
using test::TempTree;

// The range of a package's counter on a Xeon, in µJ.
constexpr const char* xeon_range = "262143328850\n";

void add_zone(const TempTree& sysfs, const std::string& path, const std::string& name,
              const std::string& energy_uj) {
  const std::string folder = "class/powercap/" + path + "/";
  sysfs.write(folder + "name", name + "\n");
  sysfs.write(folder + "energy_uj", energy_uj + "\n");
  sysfs.write(folder + "max_energy_range_uj", xeon_range);
}

void add_cpuinfo(const TempTree& procfs, const std::string& vendor, const std::string& flags) {
  procfs.write("cpuinfo", "processor\t: 0\nvendor_id\t: " + vendor +
                              "\nmodel name\t: A processor\nflags\t\t: " + flags + "\n");
}

ProbeResult find(const TempTree& sysfs) {
  return find_rapl(sysfs.root(), sysfs.root() / "no-procfs", nullptr);
}

// The sensor of that id; null where there is none.
Sensor* sensor(const ProbeResult& found, const std::string& id) {
  for (const auto& device : found.devices) {
    for (const auto& candidate : device->sensors()) {
      if (candidate->info().id == id) return candidate.get();
    }
  }
  return nullptr;
}

std::size_t sensor_count(const ProbeResult& found) {
  return found.devices.empty() ? 0 : found.devices.front()->sensors().size();
}

TEST(RaplTest, ReadsAPackageInJoulesAndDescribesIt) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "123456789");
  const ProbeResult found = find(sysfs);

  Sensor* package = sensor(found, "rapl:package-0");
  ASSERT_NE(package, nullptr);
  EXPECT_DOUBLE_EQ(std::get<Joules>(package->read()).value(), 123.456789);
  const SensorInfo& info = package->info();
  EXPECT_EQ(info.kind, SensorKind::energy_counter);
  EXPECT_EQ(info.domain, Domain::cpu_package);
  EXPECT_EQ(info.unit, "µJ");
  EXPECT_EQ(info.source, (sysfs / "class/powercap/intel-rapl:0/energy_uj").string());
  EXPECT_DOUBLE_EQ(info.counter_range->value(), 262143.328850);
  EXPECT_DOUBLE_EQ(info.update_period->count(), 0.001);
  EXPECT_GT(info.gain_uncertainty, 0.0);
  EXPECT_TRUE(info.in_total);
  EXPECT_TRUE(found.obstacles.empty());
  EXPECT_EQ(found.devices.front()->name(), "RAPL");
}

TEST(RaplTest, ReadsTheFileAnewEveryTime) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "1000000");
  const ProbeResult found = find(sysfs);
  Sensor* package = sensor(found, "rapl:package-0");
  EXPECT_DOUBLE_EQ(std::get<Joules>(package->read()).value(), 1.0);
  sysfs.write("class/powercap/intel-rapl:0/energy_uj", "3500000\n");
  EXPECT_DOUBLE_EQ(std::get<Joules>(package->read()).value(), 3.5);
}

TEST(RaplTest, FindsTheNestedDramOfTwoSocketsAsTwoSensors) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100000000");
  add_zone(sysfs, "intel-rapl:0/intel-rapl:0:0", "dram", "10000000");
  add_zone(sysfs, "intel-rapl:1", "package-1", "200000000");
  add_zone(sysfs, "intel-rapl:1/intel-rapl:1:0", "dram", "20000000");
  const ProbeResult found = find(sysfs);

  EXPECT_EQ(sensor_count(found), 4U);
  Sensor* first = sensor(found, "rapl:package-0/dram");
  Sensor* second = sensor(found, "rapl:package-1/dram");
  ASSERT_TRUE(first != nullptr && second != nullptr);
  EXPECT_EQ(first->info().domain_index, 0);
  EXPECT_EQ(second->info().domain_index, 1);
  EXPECT_DOUBLE_EQ(std::get<Joules>(second->read()).value(), 20.0);
  EXPECT_TRUE(first->info().in_total);
  EXPECT_TRUE(second->info().in_total);
}

TEST(RaplTest, CountsAZoneOnceThatTheClassFolderAndItsParentBothShow) {
  // As the kernel lays it out: the class folder links to every zone, parts lie in their parent.
  const TempTree sysfs;
  const std::string real = "devices/virtual/powercap/intel-rapl/";
  for (const auto& [path, name] : {std::pair{"intel-rapl:0/", "package-0"},
                                   std::pair{"intel-rapl:0/intel-rapl:0:0/", "dram"}}) {
    sysfs.write(real + path + "name", name);
    sysfs.write(real + path + "energy_uj", "7000000\n");
  }
  fs::create_directories(sysfs / "class/powercap");
  const fs::path target = sysfs / real;
  fs::create_directory_symlink(target, sysfs / "class/powercap/intel-rapl");
  fs::create_directory_symlink(target / "intel-rapl:0", sysfs / "class/powercap/intel-rapl:0");
  fs::create_directory_symlink(target / "intel-rapl:0/intel-rapl:0:0",
                               sysfs / "class/powercap/intel-rapl:0:0");
  const ProbeResult found = find(sysfs);

  EXPECT_EQ(sensor_count(found), 2U);
  EXPECT_NE(sensor(found, "rapl:package-0/dram"), nullptr);
  EXPECT_FALSE(sensor(found, "rapl:package-0")->info().counter_range.has_value());
}

TEST(RaplTest, NeverAddsPsysCoreOrUncore) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  add_zone(sysfs, "intel-rapl:0/intel-rapl:0:0", "core", "60");
  add_zone(sysfs, "intel-rapl:0/intel-rapl:0:1", "uncore", "10");
  add_zone(sysfs, "intel-rapl:1", "psys", "300");
  const ProbeResult found = find(sysfs);

  EXPECT_TRUE(sensor(found, "rapl:package-0")->info().in_total);
  EXPECT_FALSE(sensor(found, "rapl:package-0/core")->info().in_total);
  EXPECT_FALSE(sensor(found, "rapl:package-0/uncore")->info().in_total);
  EXPECT_FALSE(sensor(found, "rapl:psys")->info().in_total);
  EXPECT_EQ(sensor(found, "rapl:psys")->info().domain, Domain::platform);
}

TEST(RaplTest, TakesTheSocketFromTheNameAndNotFromTheZonesNumber) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "psys", "1");
  add_zone(sysfs, "intel-rapl:1", "package-0", "2");
  add_zone(sysfs, "intel-rapl:2", "package-1", "3000000");
  add_zone(sysfs, "intel-rapl:2/intel-rapl:2:0", "dram", "4");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor(found, "rapl:package-0")->info().domain_index, 0);
  EXPECT_EQ(sensor(found, "rapl:package-1/dram")->info().domain_index, 1);
}

TEST(RaplTest, OrdersTenSocketsByNumberAndNotByText) {
  const TempTree sysfs;
  for (int socket = 0; socket < 12; ++socket) {
    const std::string number = std::to_string(socket);
    add_zone(sysfs, "intel-rapl:" + number, "package-" + number, number + "000000");
  }
  const ProbeResult found = find(sysfs);
  ASSERT_EQ(sensor_count(found), 12U);
  EXPECT_EQ(found.devices.front()->sensors()[2]->info().id, "rapl:package-2");
  EXPECT_EQ(found.devices.front()->sensors()[11]->info().id, "rapl:package-11");
}

TEST(RaplTest, SkipsTheMmioDuplicateOfAPackage) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  add_zone(sysfs, "intel-rapl-mmio:0", "package-0", "100");
  EXPECT_EQ(sensor_count(find(sysfs)), 1U);
}

TEST(RaplTest, CountsBothDiesOfAPackageThatHaveCountersOfTheirOwn) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0-die-0", "50000000");
  add_zone(sysfs, "intel-rapl:1", "package-0-die-1", "90000000");
  add_zone(sysfs, "intel-rapl:2", "package-1-die-0", "50000000");
  add_zone(sysfs, "intel-rapl:2/intel-rapl:2:0", "dram", "1000000");
  const ProbeResult found = find(sysfs);

  EXPECT_EQ(sensor_count(found), 4U);
  // Each gets a number of its own, or the two dies would be one component of a record.
  EXPECT_EQ(sensor(found, "rapl:package-0-die-0")->info().domain_index, 0);
  EXPECT_EQ(sensor(found, "rapl:package-0-die-1")->info().domain_index, 1);
  EXPECT_EQ(sensor(found, "rapl:package-1-die-0")->info().domain_index, 2);
  EXPECT_EQ(sensor(found, "rapl:package-1-die-0/dram")->info().domain_index, 2);
}

TEST(RaplTest, CountsOnceThePackageCounterThatEveryDieRepeats) {
  // Threadripper and EPYC under some kernels: one register, read through each die's zone.
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0-die-0", "50000000");
  add_zone(sysfs, "intel-rapl:1", "package-0-die-1", "50002000");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor_count(found), 1U);
  EXPECT_NE(sensor(found, "rapl:package-0-die-0"), nullptr);
  EXPECT_EQ(found.devices.front()->details().at(0),
            "rapl:package-0-die-1 repeats rapl:package-0-die-0 and is left out");
}

TEST(RaplTest, ANumberThatNoMachineHasIsNoPackages) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0-die-2147483647", "100000000");
  add_zone(sysfs, "intel-rapl:1", "package-4096", "100000000");
  add_zone(sysfs, "intel-rapl:2", "package-4095-die-4095", "100000000");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor(found, "rapl:package-0-die-2147483647")->info().domain, Domain::other);
  EXPECT_EQ(sensor(found, "rapl:package-4096")->info().domain, Domain::other);
  EXPECT_FALSE(sensor(found, "rapl:package-4096")->info().in_total);
  EXPECT_EQ(sensor(found, "rapl:package-4095-die-4095")->info().domain_index, 4096 * 4096 - 1);
}

TEST(RaplTest, TellsOfASecondZoneOfOneNameInsteadOfLosingItsJoules) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100000000");
  add_zone(sysfs, "intel-rapl:1", "package-0", "900000000");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor_count(found), 1U);
  EXPECT_DOUBLE_EQ(std::get<Joules>(sensor(found, "rapl:package-0")->read()).value(), 100.0);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "rapl:package-0");
  EXPECT_NE(found.obstacles[0].reason.find("intel-rapl:1"), std::string::npos);
}

TEST(RaplTest, ReportsGarbageAsAFailureAndNotAsZero) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "1000000");
  const ProbeResult found = find(sysfs);
  Sensor* package = sensor(found, "rapl:package-0");
  // Not a number, empty, negative, more than a number, a range that the counter cannot leave.
  for (const char* text : {"x", "", "\n", "-5", "12 34", "0x10", "1e9", "99999999999999999999999",
                           "262143328851", "\x01\xff"}) {
    sysfs.write("class/powercap/intel-rapl:0/energy_uj", text);
    const Reading reading = package->read();
    ASSERT_TRUE(std::holds_alternative<ReadFailure>(reading)) << text;
    EXPECT_EQ(std::get<ReadFailure>(reading).kind, FailureKind::broken) << text;
    EXPECT_NE(std::get<ReadFailure>(reading).reason.find("energy_uj"), std::string::npos);
  }
  sysfs.write("class/powercap/intel-rapl:0/energy_uj", "2000000\n");
  EXPECT_DOUBLE_EQ(std::get<Joules>(package->read()).value(), 2.0);
}

TEST(RaplTest, TellsAnUnreadableZoneAsAnObstacleAndStillReadsTheOthers) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  add_zone(sysfs, "intel-rapl:1", "package-1", "100");
  sysfs.make_unreadable("class/powercap/intel-rapl:0/energy_uj");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor(found, "rapl:package-0"), nullptr);
  EXPECT_NE(sensor(found, "rapl:package-1"), nullptr);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "rapl:package-0");
  EXPECT_NE(found.obstacles[0].reason.find("Is a directory"), std::string::npos);
}

TEST(RaplTest, TellsAnInputOutputErrorAsAnObstacle) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  // Nothing is mapped at address zero, so this file opens and answers EIO.
  fs::remove(sysfs / "class/powercap/intel-rapl:0/energy_uj");
  fs::create_symlink("/proc/self/mem", sysfs / "class/powercap/intel-rapl:0/energy_uj");
  const ProbeResult found = find(sysfs);
  EXPECT_TRUE(found.devices.empty());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("Input/output error"), std::string::npos);
}

TEST(RaplTest, NamesTheCommandThatUnlocksCountersThatOnlyRootMayRead) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  add_zone(sysfs, "intel-rapl:0/intel-rapl:0:0", "dram", "100");
  chmod(sysfs.root().c_str(), 0755);
  for (const char* path : {"class/powercap/intel-rapl:0/energy_uj",
                           "class/powercap/intel-rapl:0/intel-rapl:0:0/energy_uj"}) {
    chmod((sysfs / path).c_str(), 0000);
  }
  const test::OtherUser nobody;
  if (!nobody.changed()) GTEST_SKIP() << "this user may not become another";
  const ProbeResult found = find(sysfs);

  EXPECT_TRUE(found.devices.empty());
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].what, "CPU energy counters (RAPL package-0, package-0/dram)");
  EXPECT_NE(found.obstacles[0].reason.find("CVE-2020-8694"), std::string::npos);
  EXPECT_EQ(found.obstacles[0].remedy,
            "sudo chmod a+r " + (sysfs / "class/powercap").string() + "/intel-rapl:*/energy_uj");
}

TEST(RaplTest, TellsThatAContainerHidesTheCounters) {
  const TempTree sysfs;
  fs::create_directories(sysfs / "class/powercap");
  fs::create_directory_symlink("../../devices/virtual/powercap/intel-rapl/intel-rapl:0",
                               sysfs / "class/powercap/intel-rapl:0");
  const ProbeResult found = find(sysfs);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("container"), std::string::npos);
  EXPECT_NE(found.obstacles[0].remedy.find("-e WATTFOR_SYSFS=/host/sys"), std::string::npos);
}

TEST(RaplTest, ARangeThatIsNoNumberIsNoRange) {
  const TempTree sysfs;
  const std::string folder = "class/powercap/intel-rapl:0/";
  sysfs.write(folder + "name", "package-0\n");
  sysfs.write(folder + "energy_uj", "5\n");
  sysfs.write(folder + "max_energy_range_uj", "12abc\n");
  const ProbeResult found = find_rapl(sysfs.root(), sysfs.root(), nullptr);
  EXPECT_FALSE(found.devices.at(0)->sensors().at(0)->info().counter_range);
}

TEST(RaplTest, SuggestsTheDriverOnBareMetalWithoutZones) {
  const TempTree sysfs;
  add_cpuinfo(sysfs, "AuthenticAMD", "fpu rapl");
  const ProbeResult found = find_rapl(sysfs.root(), sysfs.root(), nullptr);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].remedy, "sudo modprobe intel_rapl_msr");
}

TEST(RaplTest, SaysThatTheHypervisorHidesTheCounters) {
  const TempTree sysfs;
  add_cpuinfo(sysfs, "GenuineIntel", "fpu hypervisor");
  sysfs.write("class/dmi/id/sys_vendor", "QEMU\n");
  const ProbeResult found = find_rapl(sysfs.root(), sysfs.root(), nullptr);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_NE(found.obstacles[0].reason.find("virtual machine (kvm)"), std::string::npos);
  EXPECT_EQ(found.obstacles[0].remedy, "");
}

TEST(RaplTest, MissesNothingOnAProcessorThatHasNoSuchCounters) {
  const TempTree sysfs;
  sysfs.write("cpuinfo", "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n");
  const ProbeResult found = find_rapl(sysfs.root(), sysfs.root(), nullptr);
  EXPECT_TRUE(found.devices.empty());
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(RaplTest, IgnoresFoldersThatAreNoZones) {
  const TempTree sysfs;
  add_zone(sysfs, "intel-rapl:0", "package-0", "100");
  add_zone(sysfs, "intel-rapl:x", "package-7", "100");
  add_zone(sysfs, "dtpm", "dtpm", "100");
  sysfs.write("class/powercap/intel-rapl:9/energy_uj", "5\n");  // no name
  sysfs.write("class/powercap/intel-rapl/enabled", "1\n");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(sensor_count(found), 1U);
  EXPECT_TRUE(found.obstacles.empty());
}

}  // namespace
}  // namespace wattfor::rapl_powercap_test
