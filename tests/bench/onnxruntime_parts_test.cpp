// The parts of the ONNX Runtime worker that need no ONNX Runtime.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temp_tree.h"
#include "support/text.h"
#include "workers/onnxruntime/library.h"
#include "workers/onnxruntime/memory.h"
#include "workers/onnxruntime/random_tensor.h"

namespace wattfor::ort::onnxruntime_parts_test {
namespace {

using test::has_text;
using test::TempTree;

std::string reason_against(const LibraryPlaces& places) {
  const Error refusal = test::refusal_of([&] { const Library library(places); });
  EXPECT_EQ(refusal.code(), ErrorCode::unsupported);
  return refusal.what();
}

TEST(OnnxRuntimeLibraryTest, SaysWhereItLookedAndHowToGetTheLibrary) {
  const TempTree empty;
  const std::string reason = reason_against({.given = {},
                                             .environment = {},
                                             .virtual_environments = {empty / ".venv"},
                                             .system_names = {"libabsent.so"}});
  EXPECT_TRUE(has_text(reason, (empty / ".venv").string()));
  EXPECT_TRUE(has_text(reason, "pip install onnxruntime"));
  EXPECT_TRUE(has_text(reason, "--runtime-library PATH"));
}

TEST(OnnxRuntimeLibraryTest, OpensNothingElseThanTheLibraryThatIsNamed) {
  const LibraryPlaces places{
      .given = "/absent/libonnxruntime.so", .environment = "/other.so", .virtual_environments = {}};
  EXPECT_TRUE(has_text(reason_against(places), "'/absent/libonnxruntime.so'"));
}

TEST(OnnxRuntimeLibraryTest, FindsTheWheelOfAVirtualEnvironmentAndNotItsOtherLibraries) {
  const TempTree venv;
  const std::string folder = "lib/python3.11/site-packages/onnxruntime/capi/";
  venv.write(folder + "libonnxruntime_providers_shared.so", "no library");
  venv.write(folder + "libonnxruntime.so.1.23.2", "no library");
  const std::string reason = reason_against(
      {.given = {}, .environment = {}, .virtual_environments = {venv.root()}, .system_names = {}});
  EXPECT_TRUE(has_text(reason, "libonnxruntime.so.1.23.2: "));
  EXPECT_FALSE(has_text(reason, "providers_shared"));
}

TEST(OnnxRuntimeLibraryTest, RefusesALibraryThatIsNotOnnxRuntime) {
  const LibraryPlaces places{.given = "libm.so.6", .environment = {}, .virtual_environments = {}};
  EXPECT_TRUE(has_text(reason_against(places), "'libm.so.6' is not ONNX Runtime"));
}

template <class Element>
std::vector<Element> random_elements(std::size_t count, OrtElementType type, std::uint64_t seed) {
  std::vector<Element> elements(count);
  fill_random(std::as_writable_bytes(std::span(elements)), type, seed);
  return elements;
}

TEST(RandomTensorTest, IsTheSameForTheSameSeedOnEveryMachine) {
  const auto pixels = random_elements<float>(3, OrtElementType::float32, 1);
  EXPECT_EQ(pixels, random_elements<float>(3, OrtElementType::float32, 1));
  EXPECT_NE(pixels, random_elements<float>(3, OrtElementType::float32, 2));
  // SplitMix64 of the seed 0 begins with 0xe220a8397b1dcdaf; its top 24 bits are 0xe220a8.
  EXPECT_EQ(random_elements<float>(1, OrtElementType::float32, 0)[0], 0xe220a8 / 16777216.0F);
}

TEST(RandomTensorTest, SpreadsFloatingPointOverZeroToOne) {
  double sum = 0.0;
  for (const double value : random_elements<double>(10'000, OrtElementType::float64, 7)) {
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(RandomTensorTest, WritesHalfPrecisionBelowOne) {
  double sum = 0.0;
  for (const auto bits : random_elements<std::uint16_t>(10'000, OrtElementType::float16, 7)) {
    ASSERT_LT(bits, 0x3c00) << "0x3c00 is 1.0; beyond the sign bit lie negative numbers";
    const int exponent = bits >> 10;
    const int fraction = bits & 0x3ff;
    sum += exponent == 0 ? fraction * 0x1p-24 : std::ldexp(1.0 + fraction / 1024.0, exponent - 15);
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(RandomTensorTest, KeepsWideIntegersToZeroAndOne) {
  std::int64_t ones = 0;
  for (const auto value : random_elements<std::int64_t>(1'000, OrtElementType::int64, 7)) {
    ASSERT_TRUE(value == 0 || value == 1);
    ones += value;
  }
  EXPECT_NEAR(static_cast<double>(ones), 500.0, 100.0);
}

TEST(AvailableMemoryTest, IsTheMachinesWithoutAControlGroup) {
  TempTree root;
  root.write("proc/meminfo", "MemTotal: 8000 kB\nMemAvailable:    4000 kB\n");
  EXPECT_EQ(available_memory(root.root()), 4'096'000U);
}

TEST(AvailableMemoryTest, IsWhatTheTightestControlGroupLeaves) {
  TempTree root;
  root.write("proc/meminfo", "MemAvailable:    4000 kB\n");
  root.write("proc/self/cgroup", "0::/job/step\n");
  root.write("sys/fs/cgroup/job/memory.max", "1000000\n");
  root.write("sys/fs/cgroup/job/memory.current", "400000\n");
  root.write("sys/fs/cgroup/job/step/memory.max", "max\n");
  root.write("sys/fs/cgroup/job/step/memory.current", "300000\n");
  EXPECT_EQ(available_memory(root.root()), 600'000U);
  // Cached files give way.
  root.write("sys/fs/cgroup/job/memory.stat", "anon 100000\ninactive_file 150000\n");
  EXPECT_EQ(available_memory(root.root()), 750'000U);
}

TEST(AvailableMemoryTest, KnowsVersionOneOfControlGroups) {
  TempTree root;
  root.write("proc/meminfo", "MemAvailable:    4000 kB\n");
  root.write("proc/self/cgroup", "4:memory:/job\n3:cpu,cpuacct:/job\n");
  root.write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  root.write("sys/fs/cgroup/memory/memory.usage_in_bytes", "4000000\n");
  root.write("sys/fs/cgroup/memory/job/memory.limit_in_bytes", "900000\n");
  root.write("sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100000\n");
  EXPECT_EQ(available_memory(root.root()), 800'000U);
}

TEST(AvailableMemoryTest, IsUnknownWhereNothingCanBeRead) {
  const TempTree root;
  EXPECT_FALSE(available_memory(root.root()).has_value());
  EXPECT_FALSE(peak_memory(root.root()).has_value());
}

TEST(PeakMemoryTest, IsInBytes) {
  TempTree root;
  root.write("proc/self/status", "Name:\tx\nVmPeak:\t  9 kB\nVmHWM:\t    2048 kB\n");
  EXPECT_EQ(peak_memory(root.root()), 2'097'152.0);
}

}  // namespace
}  // namespace wattfor::ort::onnxruntime_parts_test
