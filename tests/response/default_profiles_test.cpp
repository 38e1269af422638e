#include "response/default_profiles.h"

#include <gtest/gtest.h>

#include <set>

#include "support/text.h"

namespace wattfor::default_profiles_test {
namespace {

using enum GpuGeneration;
using enum PowerReading;

std::string_view name(GpuGeneration generation, std::string_view board, PowerReading reading) {
  return default_profile(generation, board, reading)->name;
}

TEST(DefaultProfilesTest, NamesEachOfThemOnce) {
  std::set<std::string_view> names;
  for (const DefaultProfile& profile : default_profiles()) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    EXPECT_EQ(&profile, default_profile(profile.name));
  }
  EXPECT_EQ(nullptr, default_profile("b200-instant"));
}

TEST(DefaultProfilesTest, HasAProfileForEachGenerationAndReading) {
  for (const auto generation : {kepler, maxwell, pascal, volta, turing, ampere, ada, hopper}) {
    for (const auto reading : {draw, average, instant}) {
      EXPECT_NE(nullptr, default_profile(generation, "", reading));
    }
  }
}

TEST(DefaultProfilesTest, TellsTheReadingsOfABoardApart) {
  EXPECT_EQ("a100-instant", name(ampere, "NVIDIA A100-SXM4-80GB", draw));
  EXPECT_EQ("rtx-ampere-average", name(ampere, "NVIDIA RTX A1000", draw));
  EXPECT_EQ("rtx-ampere-instant", name(ampere, "NVIDIA GeForce RTX 3090", instant));
  EXPECT_EQ("h100-instant", name(hopper, "NVIDIA H100 PCIe", instant));
  EXPECT_EQ("h100-average", name(hopper, "NVIDIA H100 PCIe", draw));
  EXPECT_EQ("gh200-instant", name(hopper, "NVIDIA GH200 480GB", instant));
  EXPECT_EQ("rtx-8000", name(turing, "Quadro RTX 8000", draw));
}

TEST(DefaultProfilesTest, TellsAGenerationByTheBoardsName) {
  EXPECT_EQ(ampere, generation_of("NVIDIA A100-SXM4-80GB"));
  EXPECT_EQ(ampere, generation_of("NVIDIA GeForce RTX 3090 Ti"));
  EXPECT_EQ(ampere, generation_of("NVIDIA RTX A6000"));
  EXPECT_EQ(ada, generation_of("NVIDIA RTX 6000 Ada Generation"));
  EXPECT_EQ(ada, generation_of("NVIDIA GeForce RTX 4090"));
  EXPECT_EQ(ada, generation_of("NVIDIA L40S"));
  EXPECT_EQ(turing, generation_of("Quadro RTX 4000"));
  EXPECT_EQ(turing, generation_of("Tesla T4"));
  EXPECT_EQ(volta, generation_of("Tesla V100-SXM2-16GB"));
  EXPECT_EQ(hopper, generation_of("NVIDIA H100 80GB HBM3"));
  EXPECT_EQ(hopper, generation_of("NVIDIA GH200 480GB"));
  EXPECT_EQ(pascal, generation_of("Tesla P100-PCIE-16GB"));
  EXPECT_EQ(std::nullopt, generation_of("NVIDIA B200"));
  EXPECT_EQ(std::nullopt, generation_of("NVIDIA GeForce RTX 5090"));
  EXPECT_EQ(std::nullopt, generation_of(""));
}

TEST(DefaultProfilesTest, SaysWhereAProfileIsFrom) {
  const SensorProfile profile = to_profile(*default_profile("a100-instant"), "power.draw.instant");
  EXPECT_TRUE(test::has_text(profile.origin, "default a100-instant"));
  EXPECT_EQ("power.draw.instant", profile.field);
  EXPECT_EQ(ResponseKind::boxcar, profile.kind);
  EXPECT_EQ(Seconds(0.025), profile.window->value);
  EXPECT_FALSE(profile.gain);
}

}  // namespace
}  // namespace wattfor::default_profiles_test
