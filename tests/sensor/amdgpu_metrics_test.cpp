#include "sensor/amdgpu_metrics.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>

namespace wattfor::amdgpu_metrics_test {
namespace {

// A table of that kind and size, all ones but for its header, with a number written at an offset.
template <class Number>
std::string table(int format, int content, std::uint16_t size, std::size_t offset, Number number) {
  std::string bytes(size, '\xff');
  std::memcpy(bytes.data(), &size, sizeof(size));
  bytes[2] = static_cast<char>(format);
  bytes[3] = static_cast<char>(content);
  std::memcpy(bytes.data() + offset, &number, sizeof(number));
  return bytes;
}

std::uint64_t count_in(const std::string& bytes) {
  const auto found = energy_accumulator(bytes);
  const auto* accumulator = std::get_if<EnergyAccumulator>(&found);
  return accumulator == nullptr ? 0 : accumulator->count;
}

bool is_refused(std::string_view bytes) {
  return std::holds_alternative<std::string>(energy_accumulator(bytes));
}

constexpr std::uint64_t letters = 0x4847464544434241;  // "ABCDEFGH": a wrong offset shows

TEST(AmdgpuMetricsTest, FindsTheAccumulatorOfEveryKnownTable) {
  EXPECT_EQ(count_in(table(1, 0, 80, 36, std::uint32_t{0x44434241})), 0x44434241U);
  EXPECT_EQ(count_in(table(1, 1, 96, 24, letters)), letters);
  EXPECT_EQ(count_in(table(1, 2, 104, 24, letters)), letters);
  EXPECT_EQ(count_in(table(1, 3, 120, 24, letters)), letters);
  EXPECT_EQ(count_in(table(1, 4, 288, 24, letters)), letters);
  EXPECT_EQ(count_in(table(1, 5, 360, 88, letters)), letters);
  EXPECT_EQ(count_in(table(1, 6, 384, 88, letters)), letters);
  EXPECT_EQ(count_in(table(1, 6, 1664, 16, letters)), letters);
  EXPECT_EQ(count_in(table(1, 7, 2208, 24, letters)), letters);
  EXPECT_EQ(count_in(table(1, 8, 3872, 24, letters)), letters);
}

TEST(AmdgpuMetricsTest, KnowsThatTheOldestCounterHas32Bits) {
  const auto narrow = energy_accumulator(table(1, 0, 80, 36, std::uint32_t{7}));
  EXPECT_DOUBLE_EQ(std::get<EnergyAccumulator>(narrow).range->value(), 65536.0);
  const auto wide = energy_accumulator(table(1, 3, 120, 24, letters));
  EXPECT_FALSE(std::get<EnergyAccumulator>(wide).range.has_value());
}

TEST(AmdgpuMetricsTest, TrustsTheUnitOfTheTablesThatStateIt) {
  const auto older = energy_accumulator(table(1, 3, 120, 24, letters));
  EXPECT_FALSE(std::get<EnergyAccumulator>(older).unit_is_documented);
  const auto newer = energy_accumulator(table(1, 4, 288, 24, letters));
  EXPECT_TRUE(std::get<EnergyAccumulator>(newer).unit_is_documented);
}

TEST(AmdgpuMetricsTest, RefusesATableThatIsCutOff) {
  const std::string whole = table(1, 3, 120, 24, letters);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_TRUE(is_refused(std::string_view(whole).substr(0, length))) << length;
  }
}

TEST(AmdgpuMetricsTest, RefusesASizeThatIsNotItsKinds) {
  EXPECT_TRUE(is_refused(table(1, 3, 121, 24, letters)));
  EXPECT_TRUE(is_refused(table(1, 3, 65535, 24, letters)));
  std::string claims_too_much = table(1, 3, 120, 24, letters);
  claims_too_much[1] = '\x7f';
  EXPECT_TRUE(is_refused(claims_too_much));
}

TEST(AmdgpuMetricsTest, RefusesAnUnknownRevision) {
  EXPECT_TRUE(is_refused(table(1, 9, 120, 24, letters)));
  EXPECT_TRUE(is_refused(table(4, 3, 120, 24, letters)));
  EXPECT_TRUE(is_refused(table(0, 3, 120, 24, letters)));
}

TEST(AmdgpuMetricsTest, FindsNoEnergyInAProcessorsTable) {
  const std::string processors = table(2, 2, 128, 24, letters);
  EXPECT_TRUE(is_refused(processors));
  EXPECT_TRUE(is_processor_table(processors));
  EXPECT_FALSE(is_processor_table(table(1, 3, 120, 24, letters)));
}

TEST(AmdgpuMetricsTest, RefusesAnAccumulatorThatTheFirmwareDidNotFillIn) {
  EXPECT_TRUE(is_refused(table(1, 3, 120, 24, ~std::uint64_t{0})));
  EXPECT_TRUE(is_refused(table(1, 0, 80, 36, ~std::uint32_t{0})));
}

TEST(AmdgpuMetricsTest, RandomBytesGiveNoNumberUnlessTheirHeaderIsAKnownOne) {
  std::mt19937 random(20240229);  // NOLINT: the same bytes every time
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 512, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    if (bytes.size() >= 4 && i % 2 == 0) {  // half of them with an honest size
      const auto size = static_cast<std::uint16_t>(bytes.size());
      std::memcpy(bytes.data(), &size, sizeof(size));
      bytes[2] = static_cast<char>(random() % 4);
      bytes[3] = static_cast<char>(random() % 10);
    }
    if (is_refused(bytes)) continue;
    EXPECT_EQ(bytes[2], 1);
    EXPECT_LE(bytes[3], 6);
    EXPECT_EQ(static_cast<unsigned char>(bytes[0]) + 256 * static_cast<unsigned char>(bytes[1]),
              bytes.size());
  }
}

}  // namespace
}  // namespace wattfor::amdgpu_metrics_test
