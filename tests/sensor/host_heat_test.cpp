#include "sensor/host_heat.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "support/temp_tree.h"

namespace wattfor::host_heat_test {
namespace {

using test::TempTree;

TEST(HostHeatTest, TakesTheHottestPackageAndNoOtherZone) {
  const TempTree sys;
  sys.write("class/thermal/thermal_zone0/type", "acpitz\n");
  sys.write("class/thermal/thermal_zone0/temp", "99000\n");
  sys.write("class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
  sys.write("class/thermal/thermal_zone1/temp", "61000\n");
  sys.write("class/thermal/thermal_zone2/type", "x86_pkg_temp\n");
  sys.write("class/thermal/thermal_zone2/temp", "63500\n");
  EXPECT_DOUBLE_EQ(*HeatReader(sys.root()).read().package_temperature_c, 63.5);
}

TEST(HostHeatTest, FallsBackToTheChipsOfIntelAndAmd) {
  const TempTree intel;
  intel.write("class/hwmon/hwmon3/name", "coretemp\n");
  intel.write("class/hwmon/hwmon3/temp1_label", "Package id 0\n");
  intel.write("class/hwmon/hwmon3/temp1_input", "50000\n");
  intel.write("class/hwmon/hwmon3/temp2_label", "Core 0\n");
  intel.write("class/hwmon/hwmon3/temp2_input", "70000\n");
  EXPECT_DOUBLE_EQ(*HeatReader(intel.root()).read().package_temperature_c, 50.0);
  const TempTree amd;
  amd.write("class/hwmon/hwmon0/name", "k10temp\n");
  amd.write("class/hwmon/hwmon0/temp1_label", "Tctl\n");
  amd.write("class/hwmon/hwmon0/temp1_input", "-1500\n");
  EXPECT_DOUBLE_EQ(*HeatReader(amd.root()).read().package_temperature_c, -1.5);
}

TEST(HostHeatTest, CountsEachPackagesThrottlingOnce) {
  const TempTree sys;
  for (const auto& [cpu, package] : std::map<std::string, std::string>{
           {"cpu0", "0"}, {"cpu1", "0"}, {"cpu2", "1"}, {"cpu3", "1"}}) {
    const std::string folder = "devices/system/cpu/" + cpu;
    sys.write(folder + "/topology/physical_package_id", package);
    sys.write(folder + "/thermal_throttle/package_throttle_total_time_ms", "1500\n");
    sys.write(folder + "/thermal_throttle/package_throttle_count", "7\n");
  }
  const HeatReader reader(sys.root());
  ASSERT_EQ(reader.read().slowed_down.size(), 2U);
  sys.write("devices/system/cpu/cpu2/thermal_throttle/package_throttle_total_time_ms", "2750\n");
  EXPECT_EQ(reader.read().slowed_down[0].time, Seconds(1.5));
  EXPECT_EQ(reader.read().slowed_down[1].time, Seconds(2.75));
  EXPECT_EQ(reader.read().slowed_down[1].times, 7);
}

TEST(HostHeatTest, TellsMainsFromBattery) {
  const TempTree sys;
  EXPECT_EQ(HeatReader(sys.root()).read().power_supply, "");
  sys.write("class/power_supply/BAT0/type", "Battery\n");
  sys.write("class/power_supply/BAT0/status", "Discharging\n");
  sys.write("class/power_supply/AC/type", "Mains\n");
  sys.write("class/power_supply/AC/online", "0\n");
  const HeatReader reader(sys.root());
  EXPECT_EQ(reader.read().power_supply, "battery");
  sys.write("class/power_supply/AC/online", "1\n");
  EXPECT_EQ(reader.read().power_supply, "mains");
}

TEST(HostHeatTest, AMousesBatteryFeedsNoMachine) {
  const TempTree sys;
  sys.write("class/power_supply/mouse/type", "Battery\n");
  sys.write("class/power_supply/mouse/scope", "Device\n");
  sys.write("class/power_supply/mouse/status", "Discharging\n");
  EXPECT_EQ(HeatReader(sys.root()).read().power_supply, "");
}

TEST(HostHeatTest, WhatVanishesOrIsGarbageIsUnknown) {
  const TempTree sys;
  sys.write("class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
  sys.write("class/thermal/thermal_zone1/temp", "hot\n");
  sys.write("devices/system/cpu/cpu0/topology/physical_package_id", "0");
  sys.write("devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", "5");
  const HeatReader reader(sys.root());
  std::filesystem::remove(sys / "devices/system/cpu/cpu0/thermal_throttle/package_throttle_count");
  const HeatState state = reader.read();
  EXPECT_EQ(state.package_temperature_c, std::nullopt);
  ASSERT_EQ(state.slowed_down.size(), 1U);
  EXPECT_EQ(state.slowed_down[0].time, std::nullopt);
  EXPECT_EQ(state.slowed_down[0].times, std::nullopt);
}

}  // namespace
}  // namespace wattfor::host_heat_test
