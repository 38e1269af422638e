#include "sensor/shelly_meter.h"

#include <gtest/gtest.h>

#include <string>

#include "support/text.h"

namespace wattfor::shelly_meter_test {
namespace {

using nlohmann::json;
using test::has_text;

MeterAnswer answer(const char* text) {
  return std::get<MeterAnswer>(shelly_answer("http://plug", json::parse(text)));
}

ReadFailure failure(const char* text) {
  return std::get<MeterFailure>(shelly_answer("http://plug", json::parse(text))).failure;
}

TEST(ShellyMeterTest, ReadsPowerAndCounterOfTheSecondGeneration) {
  // Switch.GetStatus of the maker's reference (Gen2, component Switch).
  const MeterAnswer told = answer(R"({
      "id": 0, "source": "init", "output": true, "apower": 142.7, "voltage": 230.3,
      "aenergy": {"total": 1587.234, "by_minute": [2381.109, 2374.870, 2389.451],
                  "minute_ts": 1706745600},
      "temperature": {"tC": 38.2, "tF": 100.8}})");
  EXPECT_EQ(told.power, Watts(142.7));
  EXPECT_NEAR(told.energy->value(), 1587.234 * 3600.0, 1e-3);
}

TEST(ShellyMeterTest, ACounterThatIsNotSetYetIsNone) {
  EXPECT_FALSE(answer(R"({"apower": 5.0, "aenergy": {"total": null}})").energy);
  EXPECT_FALSE(answer(R"({"apower": 5.0})").energy);
}

TEST(ShellyMeterTest, ReadsPowerOfTheFirstGeneration) {
  // /meter/0 of the maker's reference (Gen1, Shelly Plug).
  EXPECT_EQ(answer(R"({"power": 30.63, "overpower": 0.0, "is_valid": true,
                       "timestamp": 1666181772, "counters": [0.0, 0.0, 0.0], "total": 15})"),
            (MeterAnswer{.power = Watts(30.63), .energy = std::nullopt}));
  // /status.
  EXPECT_EQ(answer(R"({"relays": [{"ison": true}],
                       "meters": [{"power": 30.63, "is_valid": true, "total": 15}]})")
                .power,
            Watts(30.63));
}

TEST(ShellyMeterTest, WhatThePlugCallsNotValidIsAFailure) {
  EXPECT_TRUE(has_text(failure(R"({"power": 30.63, "is_valid": false})").reason, "not valid"));
  EXPECT_TRUE(
      has_text(failure(R"({"meters": [{"power": 3, "is_valid": false}]})").reason, "not valid"));
}

TEST(ShellyMeterTest, WhatIsNoNumberIsAFailureAndNotZero) {
  for (const char* text : {R"({})", R"({"apower": null})", R"({"apower": "5"})",
                           R"({"apower": -1})", R"({"meters": []})", R"({"power": null})",
                           R"({"code": 404, "message": "No handler for Switch.GetStatus"})"}) {
    EXPECT_TRUE(has_text(failure(text).reason, "http://plug: expected watts")) << text;
  }
}

}  // namespace
}  // namespace wattfor::shelly_meter_test
