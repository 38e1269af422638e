#include "sensor/redfish_meter.h"

#include <gtest/gtest.h>

#include <string>

#include "support/text.h"

namespace wattfor {
namespace {

using nlohmann::json;
using test::has_text;

constexpr const char* address = "https://bmc/redfish/v1/Chassis/1/Power";

MeterAnswer answer(const char* text) {
  return std::get<MeterAnswer>(redfish_answer(address, json::parse(text)));
}

ReadFailure failure(const char* text) {
  return std::get<MeterFailure>(redfish_answer(address, json::parse(text))).failure;
}

TEST(RedfishMeterTest, ReadsThePowerOfTheWholeChassis) {
  // Power 1.5.3, as Lenovo documents it, with a subsystem behind it.
  const MeterAnswer told = answer(R"({
      "@odata.type": "#Power.v1_5_3.Power",
      "PowerControl": [
        {"Name": "Server Power Control", "PowerCapacityWatts": 200, "PowerConsumedWatts": 150},
        {"Name": "CPU Sub-system Power", "PowerConsumedWatts": 60}]})");
  EXPECT_EQ(told, (MeterAnswer{.power = Watts(150), .energy = std::nullopt}));
}

TEST(RedfishMeterTest, ReadsPowerAndJoulesOfEnvironmentMetrics) {
  const MeterAnswer told = answer(R"({
      "@odata.type": "#EnvironmentMetrics.v1_3_0.EnvironmentMetrics",
      "PowerWatts": {"DataSourceUri": "/redfish/v1/Chassis/1/Sensors/Power", "Reading": 374.5},
      "EnergykWh": {"Reading": 325},
      "EnergyJoules": {"Reading": 1170000000}})");
  EXPECT_EQ(told, (MeterAnswer{.power = Watts(374.5), .energy = Joules(1.17e9)}));
}

TEST(RedfishMeterTest, KilowattHoursAloneAreTooCoarseToBeACounter) {
  const MeterAnswer told =
      answer(R"({"PowerWatts": {"Reading": 374}, "EnergykWh": {"Reading": 325.012}})");
  EXPECT_FALSE(told.energy);
}

TEST(RedfishMeterTest, WhatIsNoNumberIsAFailureThatNamesItsPlace) {
  for (const char* text :
       {R"({"PowerControl": [{"PowerConsumedWatts": null}]})",
        R"({"PowerControl": [{"PowerConsumedWatts": "150"}]})",
        R"({"PowerControl": [{"PowerConsumedWatts": -3}]})", R"({"PowerControl": [{}]})",
        R"({"PowerControl": []})", R"({"PowerControl": {}})", R"({"PowerControl": null})"}) {
    EXPECT_TRUE(has_text(failure(text).reason, "/PowerControl/0/PowerConsumedWatts")) << text;
    EXPECT_TRUE(has_text(failure(text).reason, address));
    EXPECT_EQ(failure(text).kind, FailureKind::broken);
  }
  for (const char* text : {R"({})", R"({"PowerWatts": 5})", R"({"PowerWatts": {"Reading": {}}})",
                           R"({"EnergyJoules": {"Reading": null}})"}) {
    EXPECT_TRUE(has_text(failure(text).reason, "/PowerWatts/Reading")) << text;
  }
}

TEST(RedfishMeterTest, AServerThatRunsDoesNotTakeNothing) {
  EXPECT_TRUE(has_text(failure(R"({"PowerControl": [{"PowerConsumedWatts": 0}]})").reason,
                       "does not measure"));
}

TEST(RedfishMeterTest, APasswordIsNotSentOverHttpUnasked) {
  const ProbeResult found =
      find_redfish_meter("http://127.0.0.1:1", {.user = "reader", .password = "hush"});
  ASSERT_EQ(found.obstacles.size(), 1U);
  const Obstacle& obstacle = found.obstacles.front();
  EXPECT_TRUE(has_text(obstacle.reason, "over http the password"));
  EXPECT_TRUE(has_text(obstacle.remedy, "WATTFOR_REDFISH_INSECURE=1"));
  EXPECT_FALSE(has_text(obstacle.reason + obstacle.remedy, "hush"));
  EXPECT_FALSE(has_text(obstacle.reason + obstacle.remedy, "reader"));
}

}  // namespace
}  // namespace wattfor
