#include "sensor/nvml_visible.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace wattfor::nvml_visible_test {
namespace {

// Three boards of one kind; "MIG-b" lies on the second.
std::vector<ListedGpu> three() {
  return {{"GPU-aa11-0", "H100"}, {"GPU-aa22-1", "H100"}, {"GPU-bb33-2", "H100"}};
}

std::optional<std::size_t> parent(const std::string& uuid) {
  return uuid == "MIG-b" || uuid == "MIG-c" ? std::optional<std::size_t>(1) : std::nullopt;
}

VisibleGpus visible(const std::optional<std::string>& text,
                    const std::vector<ListedGpu>& gpus = three(), const std::string& order = "") {
  return visible_gpus({.visible_devices = text, .device_order = order}, gpus, parent);
}

// "0 2" of a list that meets no obstacle; otherwise the obstacle's reason behind it.
std::string named(const std::optional<std::string>& text) {
  const VisibleGpus result = visible(text);
  std::string list;
  for (std::size_t i = 0; i < result.visible.size(); ++i) {
    if (result.visible[i]) list += (list.empty() ? "" : " ") + std::to_string(i);
  }
  for (const Obstacle& obstacle : result.obstacles) list += " | " + obstacle.reason;
  return list;
}

TEST(NvmlVisibleTest, ShowsEveryGpuWhereNothingIsSaid) { EXPECT_EQ(named(std::nullopt), "0 1 2"); }

TEST(NvmlVisibleTest, ShowsThoseThatAreNamedByTheirNumber) {
  EXPECT_EQ(named("1"), "1");
  EXPECT_EQ(named("2,0"), "0 2");
  EXPECT_EQ(named(" 2 , 0 "), "0 2");
  // The driver reads digits as far as they go.
  EXPECT_EQ(named("1x"), "1");
}

TEST(NvmlVisibleTest, HidesEveryGpuQuietlyWhereThatIsMeant) {
  for (const char* text : {"", " ", "-1", "NoDevFiles"}) EXPECT_EQ(named(text), "") << text;
}

TEST(NvmlVisibleTest, EndsTheListQuietlyAtAMinus) {
  EXPECT_EQ(named("0,2,-1,1"), "0 2");
  EXPECT_EQ(named("0,"), "0");
}

TEST(NvmlVisibleTest, ShowsThoseWhoseUuidBeginsSo) {
  EXPECT_EQ(named("GPU-bb33-2"), "2");
  EXPECT_EQ(named("GPU-bb,GPU-aa2"), "1 2");
}

TEST(NvmlVisibleTest, ResolvesAMigInstanceToTheGpuThatItIsOn) {
  EXPECT_EQ(named("MIG-b"), "1");
  EXPECT_EQ(named("MIG-GPU-bb33-2/1/0"), "2");
  // Two instances of one GPU are two devices.
  EXPECT_EQ(named("MIG-b,MIG-c"), "1");
}

TEST(NvmlVisibleTest, NamesTheEntryThatNamesNoGpuAndEndsTheListThere) {
  const VisibleGpus result = visible("1,7,0");
  EXPECT_EQ(result.visible, (std::vector<bool>{false, true, false}));
  ASSERT_EQ(result.obstacles.size(), 1U);
  EXPECT_EQ(result.obstacles[0].what, "CUDA_VISIBLE_DEVICES=1,7,0");
  EXPECT_EQ(result.obstacles[0].reason,
            "'7' names none of the 3 NVIDIA GPUs here; CUDA ends the list there, and what it "
            "leaves out is not in the total");
  EXPECT_EQ(result.obstacles[0].remedy, "nvidia-smi -L");
}

TEST(NvmlVisibleTest, NeverHidesEverythingWithoutAWord) {
  for (const char* text : {"3", "all", "GPU-cc", "MIG-x", "MIG-GPU-cc/1/0", "GPU-aa",
                           "99999999999999999999999", "+", "\xff"}) {
    EXPECT_TRUE(named(text).starts_with(fmt::format(" | '{}' names none of", text))) << text;
  }
}

TEST(NvmlVisibleTest, EndsTheListAtAnEntryOfAnotherForm) {
  EXPECT_TRUE(named("0,GPU-bb").starts_with("0 | 'GPU-bb' is of another form than the first"));
  EXPECT_TRUE(named("GPU-bb,0").starts_with("2 | '0' is of another form than the first"));
}

TEST(NvmlVisibleTest, HidesEveryGpuWhereOneIsNamedTwice) {
  EXPECT_EQ(named("0,1,0"),
            " | '0' is named twice, at which CUDA hides every GPU: none is in the total");
  EXPECT_TRUE(named("GPU-bb,GPU-bb33").starts_with(" | 'GPU-bb33' is named twice"));
  EXPECT_TRUE(named("MIG-b,MIG-b").starts_with(" | 'MIG-b' is named twice"));
}

TEST(NvmlVisibleTest, WarnsThatANumberMayNameAnotherGpuWhereBoardsDiffer) {
  std::vector<ListedGpu> mixed = three();
  mixed[2].board = "T4";
  const VisibleGpus result = visible("0", mixed);
  ASSERT_EQ(result.obstacles.size(), 1U);
  EXPECT_NE(result.obstacles[0].reason.find("fastest first"), std::string::npos);
  EXPECT_EQ(result.obstacles[0].remedy, "export CUDA_DEVICE_ORDER=PCI_BUS_ID");
  EXPECT_TRUE(visible("0", mixed, "PCI_BUS_ID").obstacles.empty());
  EXPECT_EQ(visible("0", mixed, "FASTEST_FIRST").obstacles.size(), 1U);
  // Whichever is meant, it is among these.
  EXPECT_TRUE(visible("0,1,2", mixed).obstacles.empty());
  EXPECT_TRUE(visible("GPU-aa1", mixed).obstacles.empty());
  EXPECT_TRUE(visible(std::nullopt, mixed).obstacles.empty());
}

TEST(NvmlVisibleTest, FindsNothingOnAMachineWithoutGpus) {
  const VisibleGpus result = visible("0", {});
  EXPECT_TRUE(result.visible.empty());
  EXPECT_EQ(result.obstacles.size(), 1U);
}

}  // namespace
}  // namespace wattfor::nvml_visible_test
