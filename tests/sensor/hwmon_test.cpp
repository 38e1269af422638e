#include "sensor/hwmon.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include "support/fake_device.h"
#include "support/probed.h"
#include "support/text.h"

namespace wattfor::hwmon_test {
namespace {

using test::add_hwmon;
using test::has_text;
using test::sensor;
using test::settled_total;
using test::TempTree;

ProbeResult find(const TempTree& sysfs) { return find_hwmon(sysfs.root()); }

// One of Grace's meters: the attributes lie in the device's folder.
void add_grace_meter(const TempTree& sysfs, int number, const std::string& label) {
  const std::string address = "ACPI000D:0" + std::to_string(number);
  add_hwmon(sysfs, "hwmon" + std::to_string(number), "power_meter", address);
  const std::string device = "devices/" + address + "/";
  sysfs.write(device + "power1_average", "100000000\n");
  sysfs.write(device + "power1_average_interval", "50\n");
  sysfs.write(device + "power1_oem_info", label + "\n");
}

TEST(HwmonTest, ReadsAGraceHoppersMetersAndCountsTheModuleOnce) {
  const TempTree sysfs;
  add_grace_meter(sysfs, 1, "Module Power Socket 0");
  add_grace_meter(sysfs, 2, "Grace Power Socket 0");
  add_grace_meter(sysfs, 3, "CPU Power Socket 0");
  add_grace_meter(sysfs, 4, "SysIO Power Socket 0");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(found.devices.size(), 1U);
  EXPECT_EQ(settled_total(found), "power_meter:ACPI000D:01:power1");
  const SensorInfo& grace = sensor(found, "power_meter:ACPI000D:02:power1")->info();
  EXPECT_EQ(grace.domain, Domain::cpu_package);
  EXPECT_TRUE(holds(grace, Domain::dram));
  EXPECT_DOUBLE_EQ(grace.averaging_window->count(), 0.05);
  EXPECT_EQ(sensor(found, "power_meter:ACPI000D:03:power1")->info().domain, Domain::cpu_core);
  EXPECT_EQ(sensor(found, "power_meter:ACPI000D:04:power1")->info().why_not_in_total,
            "lies inside the cpu package");
}

TEST(HwmonTest, CountsTheSocketsOfAGraceSuperchip) {
  const TempTree sysfs;
  add_grace_meter(sysfs, 1, "Grace Power Socket 0");
  add_grace_meter(sysfs, 2, "Grace Power Socket 1");
  EXPECT_EQ(settled_total(find(sysfs)),
            "power_meter:ACPI000D:01:power1 power_meter:ACPI000D:02:power1");
}

TEST(HwmonTest, AServersPowerMeterIsListedAndInNoTotalAndNobodyWaitsForItsInterval) {
  const TempTree sysfs;
  add_grace_meter(sysfs, 1, "");
  sysfs.write("devices/ACPI000D:01/power1_average_interval", "300000\n");
  const ProbeResult found = find(sysfs);
  const SensorInfo& info = sensor(found, "power_meter:ACPI000D:01:power1")->info();
  EXPECT_FALSE(info.in_total);
  EXPECT_EQ(info.domain, Domain::other);
  EXPECT_FALSE(info.update_period.has_value());
}

TEST(HwmonTest, CountsAnIntelCardAndNotItsTiles) {
  const TempTree sysfs;
  const std::string card = add_hwmon(sysfs, "hwmon1", "i915", "0000:03:00.0");
  sysfs.write(card + "energy1_input", "5000000\n");
  sysfs.write(card + "power1_max", "190000000\n");
  sysfs.write(card + "power1_crit", "0\n");
  const std::string tile = add_hwmon(sysfs, "hwmon2", "i915_gt0", "0000:03:00.0");
  sysfs.write(tile + "energy1_input", "4000000\n");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(settled_total(found), "i915:0000:03:00.0:energy1");
  Sensor* energy = sensor(found, "i915:0000:03:00.0:energy1");
  EXPECT_DOUBLE_EQ(std::get<Joules>(energy->read()).value(), 5.0);
  EXPECT_EQ(energy->info().domain, Domain::gpu);
  EXPECT_DOUBLE_EQ(energy->info().power_limit->value(), 190.0);
  EXPECT_FALSE(energy->info().counter_range.has_value());
  // No domain of the card's, or it would stand in for the card.
  EXPECT_EQ(sensor(found, "i915_gt0:0000:03:00.0:energy1")->info().domain, Domain::other);
}

TEST(HwmonTest, ThePackageOfAnXeBoardCountsOnlyWhereTheBoardHasNoCounter) {
  const TempTree sysfs;
  const std::string whole = add_hwmon(sysfs, "hwmon1", "xe", "0000:03:00.0");
  sysfs.write(whole + "energy1_input", "5000000\n");
  sysfs.write(whole + "energy2_input", "4000000\n");
  const std::string package = add_hwmon(sysfs, "hwmon2", "xe", "0000:04:00.0");
  sysfs.write(package + "energy2_input", "3000000\n");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(settled_total(found), "xe:0000:03:00.0:energy1 xe:0000:04:00.0:energy2");
  EXPECT_EQ(sensor(found, "xe:0000:03:00.0:energy2")->info().why_not_in_total,
            "lies inside the card's energy1");
  EXPECT_EQ(sensor(found, "xe:0000:04:00.0:energy2")->info().domain_index, 1);
}

TEST(HwmonTest, CountsAPowerProcessorOnceByItsCounter) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon0", "ibmpowernv", "opal-sensors");
  const auto add = [&](const std::string& channel, const std::string& label) {
    sysfs.write(chip + channel + "_input", "157000000\n");
    sysfs.write(chip + channel + "_label", label + "\n");
  };
  add("power1", "Chip 8 ");
  add("power2", "Chip 8 Vdd");
  add("power3", "System");
  add("power4", "APSS 1 ");
  add("energy1", "Chip 8 ");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(settled_total(found), "ibmpowernv:opal-sensors:energy1");
  EXPECT_EQ(sensor(found, "ibmpowernv:opal-sensors:energy1")->info().domain_index, 8);
  EXPECT_EQ(sensor(found, "ibmpowernv:opal-sensors:power2")->info().domain, Domain::cpu_core);
  EXPECT_EQ(sensor(found, "ibmpowernv:opal-sensors:power3")->info().domain, Domain::platform);
  EXPECT_EQ(sensor(found, "ibmpowernv:opal-sensors:power4")->info().domain, Domain::other);
}

TEST(HwmonTest, AnEpycsSocketsGiveWayToRaplAndItsCoresAreNotListed) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon0", "amd_energy", "amd_energy.0");
  sysfs.write(chip + "energy1_input", "1000000\n");
  sysfs.write(chip + "energy1_label", "Ecore000\n");
  sysfs.write(chip + "energy2_input", "9000000\n");
  sysfs.write(chip + "energy2_label", "Esocket0\n");
  EXPECT_EQ(settled_total(find(sysfs)), "amd_energy:amd_energy.0:energy2");

  ProbeResult found;
  const ManualClock clock;
  auto rapl = std::make_unique<test::FakeDevice>("RAPL", clock);
  rapl->add(test::counter_info("rapl:package-0", Domain::cpu_package),
            [](Instant) -> Reading { return Joules(1.0); });
  found.devices.push_back(std::move(rapl));
  for (auto& device : find(sysfs).devices) found.devices.push_back(std::move(device));
  EXPECT_EQ(found.devices.at(1)->sensors().size(), 1U);
  EXPECT_EQ(settled_total(found), "rapl:package-0");
}

TEST(HwmonTest, ListsWhatItDoesNotKnowAndCountsNoneOfIt) {
  const TempTree sysfs;
  const std::string supply = add_hwmon(sysfs, "hwmon3", "corsairpsu", "0003:1B1C:1C08.0001");
  sysfs.write(supply + "power1_input", "250000000\n");
  sysfs.write(supply + "power1_label", "power total\n");
  sysfs.write(supply + "power2_input", "100000000\n");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(settled_total(found), "");
  const SensorInfo& total = sensor(found, "corsairpsu:0003:1B1C:1C08.0001:power1")->info();
  EXPECT_EQ(total.label, "corsairpsu 0003:1B1C:1C08.0001 power total");
  EXPECT_EQ(total.why_not_in_total, "what it measures is not known to wattfor");
  // Each is a component of its own.
  const SensorInfo& second = sensor(found, "corsairpsu:0003:1B1C:1C08.0001:power2")->info();
  EXPECT_NE(total.domain_index, second.domain_index);
}

TEST(HwmonTest, TakesTheMeanOfAChannelThatHasBoth) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon3", "zenpower", "0000:00:18.3");
  sysfs.write(chip + "power1_input", "2000000\n");
  sysfs.write(chip + "power1_average", "1000000\n");
  const ProbeResult found = find(sysfs);
  Sensor* power = sensor(found, "zenpower:0000:00:18.3:power1");
  EXPECT_DOUBLE_EQ(std::get<Watts>(power->read()).value(), 1.0);
}

TEST(HwmonTest, IgnoresWhatIsNoChannelAndNumbersThatNoChipHas) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon3", "ltc2947", "1-0064");
  for (const char* attribute : {"power99999999999_input", "power_input", "power1_input_highest",
                                "power1_cap", "energyx_input", "in99999_input"}) {
    sysfs.write(chip + attribute, "1\n");
  }
  EXPECT_TRUE(find(sysfs).devices.empty());
}

TEST(HwmonTest, ACounterAtZeroIsNotInTheTotal) {
  const TempTree sysfs;
  const std::string card = add_hwmon(sysfs, "hwmon1", "i915", "0000:03:00.0");
  sysfs.write(card + "energy1_input", "0\n");
  const ProbeResult found = find(sysfs);
  EXPECT_EQ(settled_total(found), "");
  EXPECT_EQ(sensor(found, "i915:0000:03:00.0:energy1")->info().why_not_in_total,
            "it stands at zero: it does not count");
}

TEST(HwmonTest, ASensorThatNeverAnswersIsAnObstacle) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "nouveau", "0000:01:00.0");
  sysfs.write(chip + "power1_input", "");
  sysfs.write(chip + "power2_input", "12 W\n");
  sysfs.make_unreadable(chip + "power3_input");
  const ProbeResult found = find(sysfs);
  EXPECT_TRUE(found.devices.empty());
  ASSERT_EQ(found.obstacles.size(), 3U);
  EXPECT_EQ(found.obstacles[0].what, "nouveau:0000:01:00.0:power1");
  EXPECT_TRUE(has_text(found.obstacles[1].reason, "expected a count of µW"));
}

TEST(HwmonTest, WhatThisUserMayNotReadComesWithTheCommand) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon0", "amd_energy", "amd_energy.0");
  sysfs.write(chip + "energy2_input", "9000000\n");
  sysfs.write(chip + "energy2_label", "Esocket0\n");
  const std::string file = (sysfs / (chip + "energy2_input")).string();
  ASSERT_EQ(chmod(file.c_str(), 0), 0);
  ASSERT_EQ(chmod(sysfs.root().c_str(), 0755), 0);
  const bool is_root = geteuid() == 0;
  if (is_root && seteuid(65534) != 0) GTEST_SKIP() << "can't become another user";
  const ProbeResult found = find(sysfs);
  if (is_root) ASSERT_EQ(seteuid(0), 0);
  ASSERT_EQ(found.obstacles.size(), 1U);
  EXPECT_EQ(found.obstacles[0].remedy, "sudo chmod a+r " + file);
}

TEST(HwmonTest, LeavesOutWhatRepeatsABatteryAndWhatHasAProbeOfItsOwn) {
  const TempTree sysfs;
  const std::string battery = add_hwmon(sysfs, "hwmon1", "BAT0", "PNP0C0A:00/power_supply/BAT0");
  sysfs.write(battery + "power1_input", "12000000\n");
  for (const char* name : {"amdgpu", "ina3221"}) {
    const std::string chip = add_hwmon(sysfs, name, name, name);
    sysfs.write(chip + "power1_average", "1\n");
  }
  EXPECT_TRUE(find(sysfs).devices.empty());
}

TEST(HwmonTest, FindsNothingWhereThereIsNothing) {
  const TempTree sysfs;
  const ProbeResult found = find(sysfs);
  EXPECT_TRUE(found.devices.empty());
  EXPECT_TRUE(found.obstacles.empty());
}

}  // namespace
}  // namespace wattfor::hwmon_test
