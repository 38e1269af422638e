#include "sensor/ipmi_meter.h"

#include <gtest/gtest.h>

#include <string>

#include "support/probed.h"
#include "support/text.h"

namespace wattfor::ipmi_meter_test {
namespace {

using test::has_text;
using test::sensor;

// As ipmi-dcmi.c of FreeIPMI 1.6 prints it.
std::string freeipmi(const std::string& power, const std::string& state = "Active") {
  return "Current Power                        : " + power +
         "\n"
         "Minimum Power over sampling duration : 48 watts\n"
         "Maximum Power over sampling duration : 361 watts\n"
         "Average Power over sampling duration : 157 watts\n"
         "Time Stamp                           : 12/29/2023 - 08:58:00\n"
         "Statistics reporting time period     : 1473439000 milliseconds\n"
         "Power Measurement                    : " +
         state + "\n";
}

// As lib/ipmi_dcmi.c of ipmitool 1.8 prints it.
std::string ipmitool(const std::string& power, const std::string& state = "activated") {
  return "\n    Instantaneous power reading:              " + power +
         "\n"
         "    Minimum during sampling period:                  6 Watts\n"
         "    Maximum during sampling period:                304 Watts\n"
         "    Average power reading over sample period:       49 Watts\n"
         "    IPMI timestamp:                           Thu Feb 15 08:36:01 2024\n"
         "    Sampling period:                          00000001 Seconds.\n"
         "    Power reading state is:                   " +
         state + "\n\n";
}

std::string fault(const std::string& text) {
  return std::get<DcmiFault>(parse_dcmi_power(text)).reason;
}

TEST(DcmiPowerTest, ReadsWhatBothProgramsPrint) {
  EXPECT_EQ(std::get<Watts>(parse_dcmi_power(freeipmi("164 Watts"))), Watts(164));
  EXPECT_EQ(std::get<Watts>(parse_dcmi_power(ipmitool("     50 Watts"))), Watts(50));
}

TEST(DcmiPowerTest, AMeasurementThatTheControllerCallsOffIsNone) {
  EXPECT_TRUE(has_text(fault(freeipmi("164 Watts", "Not Available")), "Not Available"));
  EXPECT_TRUE(has_text(fault(ipmitool("50 Watts", "deactivated")), "deactivated"));
}

TEST(DcmiPowerTest, AMachineThatRunsDoesNotTakeNothing) {
  EXPECT_TRUE(has_text(fault(freeipmi("0 Watts")), "does not measure"));
}

TEST(DcmiPowerTest, WhatIsNoPowerIsAFaultAndNoNumber) {
  for (const char* power : {"", "Watts", "12,5 Watts", "12.5 Watts", "164", "164 W", "-3 Watts",
                            "0x10 Watts", "99999999999 Watts", "164 Watts?"}) {
    EXPECT_TRUE(has_text(fault(freeipmi(power)), "expected a power in whole Watts")) << power;
  }
  EXPECT_TRUE(has_text(fault(""), "expected lines"));
  EXPECT_TRUE(has_text(fault("Current Power : 164 Watts\n"), "expected lines"));
}

// A program that prints this, as one word of a shell.
std::vector<std::string> printing(const std::string& text) { return {"printf", "%s", text}; }

TEST(IpmiMeterTest, AsksTheFirstProgramThatIsThere) {
  const ProbeResult found =
      find_ipmi_meter({{"no-such-ipmi-dcmi"}, printing(ipmitool("50 Watts")), {"false"}});
  Sensor* power = sensor(found, "ipmi:power");
  ASSERT_NE(power, nullptr);
  EXPECT_EQ(std::get<Watts>(power->read()), Watts(50));
}

TEST(IpmiMeterTest, WhereThereIsNoProgramTheRemedyNamesThePackage) {
  const ProbeResult found = find_ipmi_meter({{"no-such-ipmi-dcmi"}, {"no-such-ipmitool"}});
  EXPECT_EQ(found.obstacles.at(0).remedy, "sudo apt install freeipmi-tools");
}

TEST(IpmiMeterTest, AProgramThatFailsIsQuoted) {
  const ProbeResult found =
      find_ipmi_meter({{"sh", "-c", "echo 'ipmi-dcmi: permission denied' >&2; exit 1"}});
  const Obstacle& obstacle = found.obstacles.at(0);
  EXPECT_TRUE(has_text(obstacle.reason, "exit status 1"));
  EXPECT_TRUE(has_text(obstacle.reason, "ipmi-dcmi: permission denied"));
  EXPECT_TRUE(has_text(obstacle.remedy, "as root"));
}

TEST(IpmiMeterTest, AnAnswerThatIsNoneIsAnObstacleThatNamesTheCommand) {
  const ProbeResult found = find_ipmi_meter({printing("DCMI request failed")});
  EXPECT_TRUE(has_text(found.obstacles.at(0).reason, "`printf %s DCMI request failed`: expected"));
}

}  // namespace
}  // namespace wattfor::ipmi_meter_test
