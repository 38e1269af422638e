#include "sensor/profile_store.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_device.h"
#include "support/temp_tree.h"
#include "support/text.h"

namespace wattfor::profile_store_test {
namespace {

using test::has_text;
using test::TempTree;

constexpr auto id = "nvml:GPU-5a0d:power-instant";

SensorInfo gauge() {
  SensorInfo info = test::gauge_info(id, Domain::gpu);
  info.source = "field 186";
  info.driver = "nvidia 550.54";
  return info;
}

SensorProfile profile() {
  return {.device = id,
          .driver = "nvidia 550.54",
          .field = "field 186",
          .origin = "calibrated 2026-01-31T10:00:00Z",
          .kind = ResponseKind::boxcar,
          .update_period = Uncertain<Seconds>{Seconds(0.1003), Seconds(4e-7)},
          .window = Uncertain<Seconds>{Seconds(0.025), Seconds(0.001)}};
}

class ProfileStoreTest : public testing::Test {
 protected:
  // The gauge as discovery leaves it, and what it says.
  const SensorInfo& applied(SensorInfo info = gauge()) {
    found_ = {};
    auto device = std::make_unique<test::FakeDevice>("board", clock_);
    device->add(std::move(info), [](Instant) -> Reading { return Watts(1.0); });
    found_.devices.push_back(std::move(device));
    apply_profiles(found_, folder_);
    return found_.devices.front()->sensors().front()->info();
  }
  const std::vector<std::string>& warnings() const { return found_.warnings; }

  // The gauge is not calibrated, and one line says so with these words.
  void expect_refused(std::initializer_list<std::string> words) {
    EXPECT_FALSE(applied().calibration);
    ASSERT_EQ(warnings().size(), 1U);
    for (const std::string& word : words) EXPECT_TRUE(has_text(warnings().front(), word)) << word;
  }

  TempTree tree_;
  std::filesystem::path folder_ = tree_.root() / "data" / "profiles";
  ManualClock clock_;
  ProbeResult found_;
};

TEST_F(ProfileStoreTest, AStoredProfileIsItsSensorsFromThenOn) {
  store_profile(folder_, profile());
  EXPECT_EQ(applied().calibration, profile());
  EXPECT_TRUE(warnings().empty());
  EXPECT_EQ(update_period_of(applied()), Seconds(0.1003));
}

TEST_F(ProfileStoreTest, NoFolderIsNoProfileAndNoWarning) {
  EXPECT_FALSE(applied().calibration);
  EXPECT_TRUE(warnings().empty());
  folder_.clear();
  EXPECT_FALSE(applied().calibration);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(ProfileStoreTest, ANewerOneTakesThePlaceOfTheSameKeyOnly) {
  const auto first = store_profile(folder_, profile());
  SensorProfile other_driver = profile();
  other_driver.driver = "nvidia 535.1";
  EXPECT_NE(store_profile(folder_, other_driver), first);
  SensorProfile newer = profile();
  newer.origin = "calibrated 2026-02-01";
  EXPECT_EQ(store_profile(folder_, newer), first);
  EXPECT_EQ(applied().calibration, newer);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(ProfileStoreTest, AnotherDriverAsksForANewOne) {
  SensorProfile old = profile();
  old.driver = "nvidia 535.1";
  store_profile(folder_, old);
  expect_refused({"calibrated under nvidia 535.1, now nvidia 550.54",
                  std::string("wattfor calibrate --sensor ") + id});
}

TEST_F(ProfileStoreTest, AnotherFieldAsksForANewOne) {
  SensorProfile old = profile();
  old.field = "nvmlDeviceGetPowerUsage";
  store_profile(folder_, old);
  expect_refused({"calibrated under nvmlDeviceGetPowerUsage, now field 186"});
}

TEST_F(ProfileStoreTest, ACountersIsNoGauges) {
  SensorProfile counter = profile();
  counter.kind = ResponseKind::counter;
  store_profile(folder_, counter);
  expect_refused({"counter is of no power gauge", id});
}

TEST_F(ProfileStoreTest, AGaugesIsNoCounters) {
  store_profile(folder_, profile());
  SensorInfo counter = gauge();
  counter.kind = SensorKind::energy_counter;
  EXPECT_FALSE(applied(std::move(counter)).calibration);
  ASSERT_EQ(warnings().size(), 1U);
  EXPECT_TRUE(has_text(warnings().front(), "boxcar is of no energy counter"));
}

TEST_F(ProfileStoreTest, AnotherBoardsIsLeftAlone) {
  SensorProfile other = profile();
  other.device = "nvml:GPU-ffff:power-instant";
  store_profile(folder_, other);
  EXPECT_FALSE(applied().calibration);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(ProfileStoreTest, DamagedFilesAreNamedAndDoNotKeepTheOthersFromBeingUsed) {
  store_profile(folder_, profile());
  const std::pair<const char*, std::string> damaged[] = {
      {"cut.json", R"({"device": "nvml:GPU)"},
      {"empty.json", ""},
      {"foreign.json", R"({"name": "some-package", "version": 1})"},
      {"list.json", "[]"},
      {"nameless.json", R"({"kind": "counter"})"},
      {"wrong-type.json", R"({"kind": "boxcar", "window_s": "0.1"})"},
      {"negative.json", R"({"kind": "boxcar", "window_s": {"value": -1}})"},
      {"huge-number.json", R"({"kind": "counter", "delay_s": {"value": 1e999}})"},
      {"slow.json", R"({"device": "x", "kind": "counter", "update_period_s": {"value": 3600}})"},
      {"huge.json", std::string(1 << 20, ' ') + R"({"kind": "counter"})"},
      {"deep.json", std::string(30000, '[')}};
  for (const auto& [name, text] : damaged) {
    tree_.write(std::string("data/profiles/") + name, text);
  }
  tree_.make_unreadable("data/profiles/unreadable.json");
  EXPECT_EQ(applied().calibration, profile());
  EXPECT_EQ(warnings().size(), std::size(damaged) + 1);
  for (const auto& [name, text] : damaged) {
    const bool named = std::ranges::any_of(
        warnings(), [&](const std::string& warning) { return has_text(warning, name); });
    EXPECT_TRUE(named) << name;
  }
}

TEST_F(ProfileStoreTest, WhatIsNoJsonFileIsNotLookedAt) {
  tree_.write("data/profiles/README", "profiles of this machine");
  tree_.write("data/profiles/.wattfor-1.tmp", "half a prof");
  EXPECT_FALSE(applied().calibration);
  EXPECT_TRUE(warnings().empty());
}

TEST_F(ProfileStoreTest, OfTwoOfTheSameSensorOneIsUsedAndTheOtherNamed) {
  const auto file = store_profile(folder_, profile());
  tree_.write("data/profiles/zz-copy.json", read_file(file));
  EXPECT_EQ(applied().calibration, profile());
  ASSERT_EQ(warnings().size(), 1U);
  EXPECT_TRUE(has_text(warnings().front(), "zz-copy.json"));
}

TEST_F(ProfileStoreTest, AFolderThatIsNoneIsSaid) {
  tree_.write("data/profiles", "a file");
  EXPECT_FALSE(applied().calibration);
  ASSERT_EQ(warnings().size(), 1U);
  EXPECT_TRUE(has_text(warnings().front(), folder_.string()));
  EXPECT_THROW(store_profile(folder_, profile()), Error);
  EXPECT_THROW(store_profile("", profile()), Error);
}

TEST_F(ProfileStoreTest, AFilesNameIsPlainWhateverTheSensorsIs) {
  SensorProfile odd = profile();
  odd.device = "csv:../../etc/\n\x1b" + std::string(500, 'x');
  const auto file = store_profile(folder_, odd);
  EXPECT_EQ(file.parent_path(), folder_);
  EXPECT_EQ(file.filename().string().find_first_of("/.\n\x1b"),
            file.filename().string().find(".json"));
  EXPECT_LT(file.filename().string().size(), 200U);
}

}  // namespace
}  // namespace wattfor::profile_store_test
