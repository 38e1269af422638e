#include "sensor/ina3221.h"

#include <gtest/gtest.h>

#include <string>

#include "support/probed.h"
#include "support/text.h"

namespace wattfor::ina3221_test {
namespace {

using test::add_hwmon;
using test::has_text;
using test::sensor;
using test::settled_total;
using test::TempTree;

// A channel at 5 V.
void add_rail(const TempTree& sysfs, const std::string& chip, int channel, const std::string& label,
              const std::string& milliamperes) {
  const std::string number = std::to_string(channel);
  sysfs.write(chip + "in" + number + "_label", label + "\n");
  sysfs.write(chip + "in" + number + "_input", "5000\n");
  sysfs.write(chip + "curr" + number + "_input", milliamperes + "\n");
}

double watts(Sensor* of) { return std::get<Watts>(of->read()).value(); }

TEST(Ina3221Test, TheInputOfAnOrinNanoIsTheModuleAndItsRailsLieInside) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "ina3221", "1-0040");
  add_rail(sysfs, chip, 1, "VDD_IN", "1200");
  add_rail(sysfs, chip, 2, "VDD_CPU_GPU_CV", "400");
  add_rail(sysfs, chip, 3, "VDD_SOC", "300");
  sysfs.write(chip + "update_interval", "7\n");
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_EQ(settled_total(found), "ina3221:module");
  Sensor* module = sensor(found, "ina3221:module");
  EXPECT_DOUBLE_EQ(watts(module), 6.0);
  EXPECT_EQ(module->info().domain, Domain::module);
  EXPECT_TRUE(holds(module->info(), Domain::cpu_package));
  EXPECT_TRUE(holds(module->info(), Domain::dram));
  EXPECT_DOUBLE_EQ(module->info().update_period->count(), 0.007);
  EXPECT_EQ(found.devices[0]->sensors().size(), 3U);
  EXPECT_EQ(sensor(found, "ina3221:1-0040:2")->info().why_not_in_total, "lies inside module 0");
}

TEST(Ina3221Test, AnAgxOrinIsTheSumOfThreeRailsAndItsMemoryIsNotAddedAgain) {
  const TempTree sysfs;
  const std::string first = add_hwmon(sysfs, "hwmon3", "ina3221", "1-0040");
  add_rail(sysfs, first, 1, "VDD_GPU_SOC", "1000");
  add_rail(sysfs, first, 2, "VDD_CPU_CV", "200");
  add_rail(sysfs, first, 3, "VIN_SYS_5V0", "800");
  const std::string second = add_hwmon(sysfs, "hwmon4", "ina3221", "1-0041");
  add_rail(sysfs, second, 1, "NC", "0");
  add_rail(sysfs, second, 2, "VDDQ_VDD2_1V8AO", "100");
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_EQ(settled_total(found), "ina3221:module");
  EXPECT_DOUBLE_EQ(watts(sensor(found, "ina3221:module")), 10.0);
  EXPECT_EQ(found.devices[0]->sensors().size(), 5U);
  EXPECT_EQ(sensor(found, "ina3221:1-0041:1"), nullptr);
}

TEST(Ina3221Test, AnAgxXavierIsTheSumOfItsSixRails) {
  const TempTree sysfs;
  const std::string first = add_hwmon(sysfs, "hwmon3", "ina3221", "1-0040");
  add_rail(sysfs, first, 1, "GPU", "1000");
  add_rail(sysfs, first, 2, "CPU", "1000");
  add_rail(sysfs, first, 3, "SOC", "1000");
  const std::string second = add_hwmon(sysfs, "hwmon4", "ina3221", "1-0041");
  add_rail(sysfs, second, 1, "CV", "1000");
  add_rail(sysfs, second, 2, "VDDRQ", "1000");
  add_rail(sysfs, second, 3, "SYS5V", "1000");
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_DOUBLE_EQ(watts(sensor(found, "ina3221:module")), 30.0);
  EXPECT_EQ(settled_total(found), "ina3221:module");
  EXPECT_EQ(sensor(found, "ina3221:1-0040:1")->info().domain, Domain::gpu);
  EXPECT_EQ(sensor(found, "ina3221:1-0041:2")->info().domain, Domain::dram);
}

TEST(Ina3221Test, ReadsTheRailsOfOlderJetsonLinux) {
  const TempTree sysfs;
  const std::string chip = "bus/i2c/drivers/ina3221x/6-0040/iio:device0/";
  for (const auto& [number, label] :
       {std::pair{"0", "POM_5V_IN"}, std::pair{"1", "POM_5V_GPU"}, std::pair{"2", "POM_5V_CPU"}}) {
    sysfs.write(chip + "rail_name_" + number, std::string(label) + "\n");
    sysfs.write(chip + "in_power" + number + "_input", "2500\n");
  }
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_EQ(settled_total(found), "ina3221:module");
  EXPECT_DOUBLE_EQ(watts(sensor(found, "ina3221:module")), 2.5);
  EXPECT_EQ(sensor(found, "ina3221:6-0040:2")->info().domain, Domain::cpu_package);
}

TEST(Ina3221Test, RailsOfAnUnknownBoardAreListedAndInNoTotal) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "ina3221", "4-0042");
  add_rail(sysfs, chip, 1, "VDD_MUX", "1200");
  add_rail(sysfs, chip, 2, "", "400");
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_EQ(settled_total(found), "");
  EXPECT_EQ(found.devices[0]->name(), "INA3221 power monitor");
  EXPECT_EQ(sensor(found, "ina3221:4-0042:2")->info().label, "INA3221 4-0042:2");
}

TEST(Ina3221Test, LeavesOutAChannelThatIsSwitchedOffOrHasNoCurrent) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "ina3221", "1-0040");
  add_rail(sysfs, chip, 1, "VDD_IN", "1200");
  sysfs.write(chip + "in1_enable", "0\n");
  sysfs.write(chip + "in2_input", "5000\n");
  EXPECT_TRUE(find_ina3221(sysfs.root()).devices.empty());
}

TEST(Ina3221Test, GarbageInEitherFileIsAFailureThatNamesIt) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "ina3221", "1-0040");
  add_rail(sysfs, chip, 1, "VDD_IN", "1200");
  const ProbeResult found = find_ina3221(sysfs.root());
  Sensor* module = sensor(found, "ina3221:module");
  sysfs.write(chip + "curr1_input", "99999999999999999999\n");
  EXPECT_TRUE(has_text(std::get<ReadFailure>(module->read()).reason, "curr1_input"));
  sysfs.write(chip + "in1_input", "\n");
  EXPECT_TRUE(has_text(std::get<ReadFailure>(module->read()).reason, "in1_input"));
}

TEST(Ina3221Test, ARailThatDoesNotAnswerIsAnObstacle) {
  const TempTree sysfs;
  const std::string chip = add_hwmon(sysfs, "hwmon1", "ina3221", "1-0040");
  add_rail(sysfs, chip, 1, "VDD_IN", "none");
  const ProbeResult found = find_ina3221(sysfs.root());
  EXPECT_TRUE(found.devices.empty());
  EXPECT_EQ(found.obstacles.at(0).what, "ina3221:module");
}

}  // namespace
}  // namespace wattfor::ina3221_test
