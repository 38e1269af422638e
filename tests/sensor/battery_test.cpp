#include "sensor/battery.h"

#include <gtest/gtest.h>

#include <string>

#include "support/probed.h"
#include "support/text.h"

namespace wattfor::battery_test {
namespace {

using test::has_text;
using test::sensor;
using test::TempTree;

std::string add_battery(const TempTree& sysfs, const std::string& name, const std::string& status) {
  const std::string folder = "class/power_supply/" + name + "/";
  sysfs.write(folder + "type", "Battery\n");
  sysfs.write(folder + "status", status + "\n");
  return folder;
}

TEST(BatteryTest, ReadsThePowerOfADischargingBatteryAndNeverCountsIt) {
  const TempTree sysfs;
  sysfs.write(add_battery(sysfs, "BAT0", "Discharging") + "power_now", "12500000\n");
  const ProbeResult found = find_batteries(sysfs.root());
  Sensor* battery = sensor(found, "battery:BAT0");
  ASSERT_NE(battery, nullptr);
  EXPECT_DOUBLE_EQ(std::get<Watts>(battery->read()).value(), 12.5);
  EXPECT_EQ(battery->info().domain, Domain::battery);
  EXPECT_FALSE(battery->info().in_total);
  EXPECT_GE(battery->info().update_period->count(), 1.0);
}

TEST(BatteryTest, MultipliesCurrentAndVoltageWhateverTheSignOfTheCurrent) {
  const TempTree sysfs;
  const std::string folder = add_battery(sysfs, "BAT1", "Discharging");
  sysfs.write(folder + "current_now", "-1500000\n");
  sysfs.write(folder + "voltage_now", "12000000\n");
  const ProbeResult found = find_batteries(sysfs.root());
  EXPECT_DOUBLE_EQ(std::get<Watts>(sensor(found, "battery:BAT1")->read()).value(), 18.0);
}

TEST(BatteryTest, TheChargingPowerIsAFailureAndNotAReading) {
  const TempTree sysfs;
  const std::string folder = add_battery(sysfs, "BAT0", "Discharging");
  sysfs.write(folder + "power_now", "12500000\n");
  const ProbeResult found = find_batteries(sysfs.root());
  sysfs.write(folder + "status", "Charging\n");
  const Reading reading = sensor(found, "battery:BAT0")->read();
  EXPECT_EQ(std::get<ReadFailure>(reading).kind, FailureKind::try_again);
  EXPECT_TRUE(has_text(std::get<ReadFailure>(reading).reason, "only while it discharges"));
}

TEST(BatteryTest, ABatteryThatDoesNotDischargeIsAnObstacle) {
  const TempTree sysfs;
  for (const auto& [name, status] :
       {std::pair{"BAT0", "Full"}, std::pair{"BAT1", "Not charging"}, std::pair{"BAT2", ""}}) {
    sysfs.write(add_battery(sysfs, name, status) + "power_now", "0\n");
  }
  const ProbeResult found = find_batteries(sysfs.root());
  EXPECT_TRUE(found.devices.empty());
  EXPECT_EQ(found.obstacles.size(), 3U);
}

TEST(BatteryTest, SeveralBatteriesAreSeveralComponents) {
  const TempTree sysfs;
  sysfs.write(add_battery(sysfs, "BAT0", "Discharging") + "power_now", "1\n");
  sysfs.write(add_battery(sysfs, "BAT1", "Discharging") + "power_now", "1\n");
  const ProbeResult found = find_batteries(sysfs.root());
  EXPECT_EQ(sensor(found, "battery:BAT0")->info().domain_index, 0);
  EXPECT_EQ(sensor(found, "battery:BAT1")->info().domain_index, 1);
}

TEST(BatteryTest, IgnoresMicesBatteriesChargersAndEmptySlots) {
  const TempTree sysfs;
  sysfs.write(add_battery(sysfs, "hidpp_battery_0", "Discharging") + "power_now", "1\n");
  sysfs.write("class/power_supply/hidpp_battery_0/scope", "Device\n");
  sysfs.write(add_battery(sysfs, "BAT1", "Unknown") + "present", "0\n");
  sysfs.write("class/power_supply/AC/type", "Mains\n");
  const ProbeResult found = find_batteries(sysfs.root());
  EXPECT_TRUE(found.devices.empty());
  EXPECT_TRUE(found.obstacles.empty());
}

TEST(BatteryTest, ABatteryWithoutPowerOrWithGarbageIsAnObstacle) {
  const TempTree sysfs;
  add_battery(sysfs, "BAT0", "Discharging");
  sysfs.write(add_battery(sysfs, "BAT1", "Discharging") + "power_now", "lots\n");
  const ProbeResult found = find_batteries(sysfs.root());
  ASSERT_EQ(found.obstacles.size(), 2U);
  EXPECT_TRUE(has_text(found.obstacles[0].reason, "neither power_now nor current_now"));
  EXPECT_TRUE(has_text(found.obstacles[1].reason, "power_now: expected a count of µW"));
}

}  // namespace
}  // namespace wattfor::battery_test
