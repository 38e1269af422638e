#include "sensor/redfish_resource.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "support/text.h"

namespace wattfor::redfish_resource_test {
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

TEST(RedfishAnswerTest, ReadsThePowerOfTheWholeChassis) {
  // Power 1.5.3, as Lenovo documents it, with a subsystem behind it.
  const MeterAnswer told = answer(R"({
      "@odata.type": "#Power.v1_5_3.Power",
      "PowerControl": [
        {"Name": "Server Power Control", "PowerCapacityWatts": 200, "PowerConsumedWatts": 150},
        {"Name": "CPU Sub-system Power", "PowerConsumedWatts": 60}]})");
  EXPECT_EQ(told, (MeterAnswer{.power = Watts(150), .energy = std::nullopt}));
}

TEST(RedfishAnswerTest, ReadsPowerAndJoulesOfEnvironmentMetrics) {
  const MeterAnswer told = answer(R"({
      "@odata.type": "#EnvironmentMetrics.v1_3_0.EnvironmentMetrics",
      "PowerWatts": {"DataSourceUri": "/redfish/v1/Chassis/1/Sensors/Power", "Reading": 374.5},
      "EnergykWh": {"Reading": 325},
      "EnergyJoules": {"Reading": 1170000000}})");
  EXPECT_EQ(told, (MeterAnswer{.power = Watts(374.5), .energy = Joules(1.17e9)}));
}

TEST(RedfishAnswerTest, KilowattHoursAloneAreTooCoarseToBeACounter) {
  const MeterAnswer told =
      answer(R"({"PowerWatts": {"Reading": 374}, "EnergykWh": {"Reading": 325.012}})");
  EXPECT_FALSE(told.energy);
}

TEST(RedfishAnswerTest, WhatIsNoNumberIsAFailureThatNamesItsPlace) {
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

TEST(RedfishAnswerTest, AServerThatRunsDoesNotTakeNothing) {
  EXPECT_TRUE(has_text(failure(R"({"PowerControl": [{"PowerConsumedWatts": 0}]})").reason,
                       "does not measure"));
}

// A controller whose pages are JSON documents or failures; each question takes a while.
class Controller {
 public:
  static constexpr const char* origin = "https://bmc";

  // A collection of chassis "/0", "/1" … whose links lead to "/0/Power", …
  explicit Controller(int chassis) {
    json members = json::array();
    for (int i = 0; i < chassis; ++i) {
      const std::string path = "/" + std::to_string(i);
      members.push_back({{"@odata.id", path}});
      pages[path] = json{{"Power", {{"@odata.id", path + "/Power"}}}};
      pages[path + "/Power"] = json::object();
    }
    pages["/redfish/v1/Chassis"] = json{{"Members", members}};
  }

  RedfishFinding find() {
    return find_redfish_resource(
        origin,
        [&](const std::string& at, Seconds longest) -> std::variant<json, MeterFailure> {
          clock.advance(ticks(std::min(longest, takes)));
          asked.push_back(at.substr(std::string(origin).size()));
          const auto& page = pages.at(asked.back());
          if (const auto* document = std::get_if<json>(&page)) return *document;
          return MeterFailure{{std::get<FailureKind>(page), at + ": refused"}, "as it says"};
        },
        clock);
  }

  std::map<std::string, std::variant<json, FailureKind>> pages;
  std::vector<std::string> asked;
  Seconds takes{0.0};
  ManualClock clock;
};

json tells_350_w() { return {{"PowerControl", {{{"PowerConsumedWatts", 350}}}}}; }

TEST(RedfishSearchTest, FindsTheOneChassisThatTellsItsPower) {
  Controller controller(3);
  controller.pages["/1/Power"] = tells_350_w();
  const RedfishFinding finding = controller.find();
  EXPECT_EQ(std::get<RedfishResource>(finding.found).address, "https://bmc/1/Power");
  EXPECT_EQ(std::get<RedfishResource>(finding.found).answer.power, Watts(350));
  EXPECT_TRUE(finding.skipped.empty());
}

TEST(RedfishSearchTest, AChassisThatCanNotBeAskedIsSkippedAndItsReasonKept) {
  for (const auto kind : {FailureKind::try_again, FailureKind::broken, FailureKind::gone}) {
    Controller controller(2);
    controller.pages["/0"] = kind;
    controller.pages["/1/Power"] = tells_350_w();
    const RedfishFinding finding = controller.find();
    EXPECT_EQ(std::get<RedfishResource>(finding.found).address, "https://bmc/1/Power");
    ASSERT_EQ(finding.skipped.size(), 1U);
    EXPECT_EQ(finding.skipped[0].failure.reason, "https://bmc/0: refused");
    EXPECT_EQ(finding.skipped[0].remedy, "as it says");
  }
}

TEST(RedfishSearchTest, SoIsOneWhosePowerDoesNotAnswerButNotOneWhoseLinkLeadsNowhere) {
  Controller controller(3);
  controller.pages["/0/Power"] = FailureKind::try_again;
  controller.pages["/1/Power"] = FailureKind::broken;
  controller.pages["/2/Power"] = tells_350_w();
  const RedfishFinding finding = controller.find();
  EXPECT_TRUE(std::holds_alternative<RedfishResource>(finding.found));
  ASSERT_EQ(finding.skipped.size(), 1U);
  EXPECT_EQ(finding.skipped[0].failure.reason, "https://bmc/0/Power: refused");
}

TEST(RedfishSearchTest, TheOlderSchemaStandsInForANewerThatDoesNotAnswer) {
  Controller controller(1);
  std::get<json>(controller.pages["/0"])["EnvironmentMetrics"] = {{"@odata.id", "/0/Metrics"}};
  controller.pages["/0/Metrics"] = FailureKind::try_again;
  controller.pages["/0/Power"] = tells_350_w();
  const RedfishFinding finding = controller.find();
  EXPECT_TRUE(std::holds_alternative<RedfishResource>(finding.found));
  EXPECT_TRUE(finding.skipped.empty());
}

TEST(RedfishSearchTest, AUserWhoIsRefusedIsNotRefusedAgain) {
  for (const char* path : {"/0", "/0/Power"}) {
    Controller controller(3);
    controller.pages[path] = FailureKind::forbidden;
    const RedfishFinding finding = controller.find();
    EXPECT_EQ(std::get<MeterFailure>(finding.found).failure.kind, FailureKind::forbidden);
    EXPECT_EQ(controller.asked.back(), path);
  }
}

TEST(RedfishSearchTest, WhereNoneTellsAPowerTheReasonNamesWhatWasSkipped) {
  Controller controller(2);
  controller.pages["/0"] = FailureKind::try_again;
  const RedfishFinding finding = controller.find();
  EXPECT_TRUE(has_text(std::get<MeterFailure>(finding.found).failure.reason,
                       "no chassis there tells its power; 1 can't be asked, the first: "
                       "https://bmc/0: refused"));
}

TEST(RedfishSearchTest, EndsAfterTenSecondsInAllAndNamesWhatItHasFound) {
  Controller controller(60);
  controller.takes = Seconds(3.0);
  controller.pages["/0/Power"] = tells_350_w();
  const Instant begin = controller.clock.now();
  const RedfishFinding finding = controller.find();
  EXPECT_EQ(Seconds(controller.clock.now() - begin), Seconds(10.0));
  const auto& failure = std::get<MeterFailure>(finding.found);
  EXPECT_EQ(failure.failure.kind, FailureKind::try_again);
  EXPECT_TRUE(has_text(failure.failure.reason, "not gone through within 10 s"));
  EXPECT_TRUE(has_text(failure.remedy, "redfish:https://bmc/0/Power"));
}

TEST(RedfishSearchTest, AControllerThatAnswersNothingCostsTenSeconds) {
  Controller controller(60);
  controller.takes = Seconds(3.0);
  for (auto& [path, page] : controller.pages) {
    if (path != "/redfish/v1/Chassis") page = FailureKind::try_again;
  }
  const RedfishFinding finding = controller.find();
  EXPECT_EQ(controller.asked.size(), 4U);
  EXPECT_TRUE(has_text(std::get<MeterFailure>(finding.found).failure.reason,
                       "2 can't be asked, the first: https://bmc/0: refused"));
}

}  // namespace
}  // namespace wattfor::redfish_resource_test
