#include "response/profile.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::profile_test {
namespace {

SensorProfile part_time() {
  SensorProfile profile;
  profile.device = "GPU-1";
  profile.driver = "535.54";
  profile.field = "power.draw.instant";
  profile.origin = "calibrated";
  profile.gain_origin = "against a meter";
  profile.kind = ResponseKind::boxcar;
  profile.update_period = {Seconds(0.1003), Seconds(5e-6)};
  profile.window = {Seconds(0.025), Seconds(0.0004)};
  profile.delay = {Seconds(0.003), Seconds(0.0002)};
  profile.gain = {0.9454, 0.002};
  profile.attention = {0.249, 0.004};
  profile.quantum = 0.01;
  return profile;
}

TEST(ProfileTest, ComesBackFromItsJsonWhole) {
  EXPECT_EQ(profile_from_json(to_json(part_time()).dump(), "p.json"), part_time());
  EXPECT_TRUE(to_json(part_time())["offset_w"].is_null());
}

TEST(ProfileTest, WithoutAReferenceTheGainIsAsUncertainAsThatOfNineteenBoards) {
  SensorProfile profile = part_time();
  EXPECT_NEAR(profile.gain_uncertainty(), 0.002 / 0.9454, 1e-12);
  profile.gain.reset();
  EXPECT_EQ(profile.gain_uncertainty(), 0.037);
  EXPECT_EQ(profile.gain_or_one(), 1.0);
}

TEST(ProfileTest, AnErrorThatIsNotToldIsUnknownAndNotZero) {
  const SensorProfile profile = profile_from_json(
      R"({"kind":"instantaneous","gain":{"value":1.02},"delay_s":{"value":0,"standard_error":null}})",
      "p.json");
  EXPECT_EQ(profile.gain_uncertainty(), prior_gain_uncertainty);
  EXPECT_GT(profile.delay_uncertainty(), Seconds(0.0));
  EXPECT_TRUE(to_json(profile)["gain"]["standard_error"].is_null());
}

TEST(ProfileTest, AnOffsetOfUnknownErrorHasThePriors) {
  const SensorProfile profile =
      profile_from_json(R"({"kind": "counter", "offset_w": {"value": -2}})", "p.json");
  EXPECT_EQ(profile.offset_uncertainty(), prior_offset_uncertainty);
}

TEST(ProfileTest, WhatCantBeAProfileIsRefusedWithTheFileAndTheKey) {
  const auto refuses = [](const std::string& text, std::string_view words) {
    test::expect_refusal(test::refusal_of([&] { profile_from_json(text, "p.json"); }),
                         ErrorCode::invalid_input, words);
  };
  refuses("{", "p.json: expected JSON");
  refuses("[]", "expected an object");
  refuses("{}", "kind: expected counter");
  refuses(R"({"kind":"boxcar"})", "window_s");
  refuses(R"({"kind":"exponential"})", "time_constant_s");
  refuses(R"({"kind":"instantaneous","gain":{"value":0}})", "gain.value");
  refuses(R"({"kind":"instantaneous","gain":2})", "an object of value");
  refuses(R"({"kind":"instantaneous","update_period_s":{"value":-1}})", "update_period_s.value");
  refuses(R"({"kind":"instantaneous","quantum":"x"})", "quantum");
}

}  // namespace
}  // namespace wattfor::profile_test
