#include "sensor/nvml_timing.h"

#include <gtest/gtest.h>

#include "sensor/nvml_api.h"

namespace wattfor::nvml_timing_test {
namespace {

double window_ms(NvmlQuantity quantity, unsigned architecture, const char* board) {
  return nominal_timing(quantity, architecture, board).averaging_window.value().count() * 1e3;
}

double period_ms(NvmlQuantity quantity, unsigned architecture, const char* board) {
  return nominal_timing(quantity, architecture, board).update_period.value().count() * 1e3;
}

TEST(NvmlTimingTest, FollowsThePublishedTablePerArchitecture) {
  using enum NvmlQuantity;
  EXPECT_DOUBLE_EQ(period_ms(power_usage, nvml_architecture_volta, "Tesla V100-SXM2-16GB"), 20);
  EXPECT_DOUBLE_EQ(window_ms(power_usage, nvml_architecture_volta, "Tesla V100-SXM2-16GB"), 10);
  EXPECT_DOUBLE_EQ(window_ms(power_usage, nvml_architecture_turing, "NVIDIA TITAN RTX"), 100);
  EXPECT_DOUBLE_EQ(window_ms(power_usage, nvml_architecture_ampere, "NVIDIA A100-SXM4-80GB"), 25);
  EXPECT_DOUBLE_EQ(window_ms(power_usage, nvml_architecture_ampere, "NVIDIA RTX A6000"), 1000);
  EXPECT_DOUBLE_EQ(window_ms(power_instant, nvml_architecture_ampere, "NVIDIA RTX A6000"), 100);
  EXPECT_DOUBLE_EQ(window_ms(power_average, nvml_architecture_ada, "NVIDIA L4"), 1000);
  EXPECT_DOUBLE_EQ(window_ms(power_instant, nvml_architecture_hopper, "NVIDIA H100 PCIe"), 25);
  EXPECT_DOUBLE_EQ(window_ms(power_average, nvml_architecture_hopper, "NVIDIA H100 PCIe"), 1000);
}

TEST(NvmlTimingTest, KnowsTheBoardsThatDifferFromTheirArchitecture) {
  using enum NvmlQuantity;
  EXPECT_DOUBLE_EQ(window_ms(power_usage, nvml_architecture_turing, "Quadro RTX 8000"), 20);
  EXPECT_DOUBLE_EQ(window_ms(power_instant, nvml_architecture_hopper, "NVIDIA GH200 480GB"), 20);
  EXPECT_DOUBLE_EQ(period_ms(power_usage, 3, "Tesla M40"), 31);
}

TEST(NvmlTimingTest, DoesNotTakeAnA1000ForAnA100) {
  EXPECT_DOUBLE_EQ(
      window_ms(NvmlQuantity::power_usage, nvml_architecture_ampere, "NVIDIA RTX A1000"), 1000);
}

TEST(NvmlTimingTest, ClaimsNothingAboutWhatNobodyMeasured) {
  const auto unknown = nominal_timing(NvmlQuantity::power_instant, 10, "NVIDIA B200");
  EXPECT_FALSE(unknown.update_period.has_value());
  EXPECT_FALSE(unknown.averaging_window.has_value());
  const NvmlTiming h200 =
      nominal_timing(NvmlQuantity::power_instant, nvml_architecture_hopper, "NVIDIA H200");
  EXPECT_FALSE(h200.update_period.has_value()) << "nobody published it";
  EXPECT_FALSE(
      nominal_timing(NvmlQuantity::power_usage, std::nullopt, "").update_period.has_value());
}

TEST(NvmlTimingTest, GivesNoWindowToFiltersOfAnotherKind) {
  const auto maxwell = nominal_timing(NvmlQuantity::power_usage, 3, "GeForce GTX 980");
  EXPECT_DOUBLE_EQ(maxwell.update_period->count(), 0.1);
  EXPECT_FALSE(maxwell.averaging_window.has_value());
}

}  // namespace
}  // namespace wattfor::nvml_timing_test
