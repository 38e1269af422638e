#include "sensor/meter_spec.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/refusal.h"

namespace wattfor::meter_spec_test {
namespace {

using test::has_text;

Error refusal(const std::vector<std::string>& words) {
  return test::refusal_of([&words] { meter_specs(words); });
}

TEST(MeterSpecTest, KnowsFourKinds) {
  const auto specs = meter_specs({"csv:/var/log/watts.csv", "redfish:https://bmc:8443/redfish/v1",
                                  "ipmi", "shelly:http://192.168.1.20"});
  const std::vector<MeterSpec> expected = {
      {.kind = MeterKind::csv, .place = "/var/log/watts.csv"},
      {.kind = MeterKind::redfish, .place = "https://bmc:8443/redfish/v1"},
      {.kind = MeterKind::ipmi, .place = ""},
      {.kind = MeterKind::shelly, .place = "http://192.168.1.20"}};
  EXPECT_EQ(specs, expected);
}

TEST(MeterSpecTest, AFileIsNamedByItsWholePath) {
  EXPECT_EQ(meter_specs({"csv:logs/../watts.csv"}).front().name(),
            "csv:" + (std::filesystem::current_path() / "watts.csv").string());
}

TEST(MeterSpecTest, AnAddressThatIsAHostAloneHasNoSlashBehindIt) {
  EXPECT_EQ(meter_specs({"redfish:https://bmc/"}).front().place, "https://bmc");
  EXPECT_EQ(meter_specs({"redfish:https://bmc/redfish/"}).front().place, "https://bmc/redfish/");
}

TEST(MeterSpecTest, WhatIsNoneIsRefusedWithTheForms) {
  for (const char* word : {"", "csv", "csv:", "redfish:", "shelly:", "ipmi:x", "watts.csv", "x:y",
                           "redfish:bmc", "redfish:ftp://bmc", "shelly:http://", "shelly:http:///x",
                           "redfish:https://b mc", "redfish:https://b\nmc"}) {
    test::expect_refusal(refusal({word}), ErrorCode::usage,
                         "expected csv:FILE, redfish:URL, ipmi, or shelly:URL");
  }
}

TEST(MeterSpecTest, APasswordInAnAddressIsRefusedAndNotRepeated) {
  for (const char* word : {"redfish:https://root:calvin@bmc", "shelly:http://root:calvin@plug/x",
                           "redfisch:https://root:calvin@bmc"}) {
    const Error refused = refusal({word});
    EXPECT_EQ(refused.code(), ErrorCode::usage);
    EXPECT_FALSE(has_text(refused.what(), "calvin")) << refused.what();
    EXPECT_FALSE(has_text(refused.what(), "root")) << refused.what();
  }
  EXPECT_TRUE(
      has_text(refusal({"redfish:https://root:calvin@bmc"}).what(), "WATTFOR_REDFISH_PASSWORD"));
}

// A password may hold a slash: what is behind it passes for a path.
TEST(MeterSpecTest, AnAtSignAnywhereMayEndAPasswordAndIsRefused) {
  for (const char* spec : {"redfish:https://root:12/34@bmc", "redfish:https://bmc/a@b"}) {
    test::expect_refusal(refusal({spec}), ErrorCode::usage, "no user and no password");
  }
  EXPECT_EQ(meter_specs({"redfish:https://bmc/a%40b"}).front().place, "https://bmc/a%40b");
}

TEST(MeterSpecTest, OneThatIsNamedTwiceIsRefused) {
  test::expect_refusal(refusal({"csv:/a/b.csv", "ipmi", "csv:/a/../a/b.csv"}), ErrorCode::usage,
                       "csv:/a/b.csv is given twice");
}

}  // namespace
}  // namespace wattfor::meter_spec_test
