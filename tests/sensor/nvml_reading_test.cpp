#include "sensor/nvml_reading.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "sensor/nvml_fixture.h"

namespace wattfor::nvml_reading_test {
namespace {

using test::failure;
using test::Fake;
using test::joules;
using test::listed;
using test::sensors;
using test::watts;

TEST(NvmlReadingTest, ReadsFieldsOfEveryNumberType) {
  const Fake fake(FAKE_NVML_MODERN);
  fake.gpu().power_instant = {.milliwatts = 65'000};
  for (const NvmlValueType type :
       {NvmlValueType::float64, NvmlValueType::uint32, NvmlValueType::unsigned_long,
        NvmlValueType::uint64, NvmlValueType::int64, NvmlValueType::int32, NvmlValueType::uint16}) {
    fake.gpu().power_instant.type = type;
    EXPECT_DOUBLE_EQ(watts(*sensors(fake.find())[1]), 65.0) << static_cast<int>(type);
  }
  // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): a type that is yet to come.
  fake.gpu().power_instant.type = static_cast<NvmlValueType>(77);
  EXPECT_EQ(listed(fake.find()), "energy! power-average");
}

TEST(NvmlReadingTest, TriesAgainAfterAPassingFailure) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().state = NvmlReturn::timeout;
  EXPECT_EQ(std::get<ReadFailure>(sensors(found)[0]->read()).kind, FailureKind::try_again);
  fake.gpu().state = NvmlReturn::success;
  EXPECT_DOUBLE_EQ(joules(*sensors(found)[0]), 5000.0);
}

TEST(NvmlReadingTest, ReportsAllOnesAsAFailureAndNotAsEnergy) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().energy_mj.value = ~0ULL;
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(sensors(found)[0]->read()));
  fake.gpu().power_instant.milliwatts = 4294967295.0;
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(sensors(found)[1]->read()));
}

TEST(NvmlReadingTest, PassesAnImplausibleValueOnAsItWasRead) {
  // Whether 2 kW on a 350 W board can be is the meter's question, with the limit beside it.
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().power_instant.milliwatts = 2'000'000;
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[1]), 2000.0);
}

// Every other byte of the union is set: whoever reads too much of it reads nonsense.
TEST(NvmlReadingTest, ReadsNoMoreThanATypesOwnWidth) {
  const auto value = [](NvmlValueType type, auto set) {
    nvmlValue_t bits{.ullVal = 0xeeee'eeee'eeee'eeee};
    set(bits);
    return std::get<double>(value_of(type, bits));
  };
  using enum NvmlValueType;
  EXPECT_DOUBLE_EQ(value(uint16, [](nvmlValue_t& v) { v.usVal = 7; }), 7.0);
  EXPECT_DOUBLE_EQ(value(uint32, [](nvmlValue_t& v) { v.uiVal = 70'000; }), 70'000.0);
  EXPECT_DOUBLE_EQ(value(int32, [](nvmlValue_t& v) { v.siVal = -5; }), -5.0);
  EXPECT_DOUBLE_EQ(value(uint64, [](nvmlValue_t& v) { v.ullVal = 1ULL << 40; }), 0x1p40);
  EXPECT_DOUBLE_EQ(value(int64, [](nvmlValue_t& v) { v.sllVal = -(1LL << 40); }), -0x1p40);
  EXPECT_DOUBLE_EQ(value(float64, [](nvmlValue_t& v) { v.dVal = 0.5; }), 0.5);
}

TEST(NvmlReadingTest, TakesAllOnesOfEveryWidthForNoValue) {
  nvmlValue_t ones{.ullVal = ~0ULL};
  for (int type = 1; type <= 6; ++type) {
    EXPECT_EQ(value_of(static_cast<NvmlValueType>(type), ones), NvmlAnswer(NvmlReturn::no_data))
        << type;
  }
}

TEST(NvmlReadingTest, TellsOfEveryStatusWhatItMeansForTheReadingsToCome) {
  using enum FailureKind;
  const std::map<int, FailureKind> expected = {
      {1, gone},        // uninitialized
      {2, broken},      // invalid argument
      {3, broken},      // not supported
      {4, forbidden},   // no permission
      {5, try_again},   // already initialised
      {6, try_again},   // not found
      {7, try_again},   // insufficient size
      {8, try_again},   // insufficient external power
      {9, gone},        // driver not loaded
      {10, try_again},  // timeout
      {11, try_again},  // interrupt issue
      {12, broken},     // library not found
      {13, broken},     // function not found
      {14, broken},     // corrupted infoROM
      {15, gone},       // GPU is lost
      {16, gone},       // reset required
      {17, forbidden},  // blocked by the operating system
      {18, gone},       // the library is not of the driver that runs
      {19, try_again},  // in use
      {20, try_again},  // out of memory
      {21, try_again},  // no data
      {22, try_again},  // vGPU and ECC
      {23, try_again},  // insufficient resources
      {24, try_again},  // frequency not supported
      {25, broken},     // the version of an argument is wrong
      {26, broken},     // deprecated
      {27, try_again},  // not ready
      {28, gone},       // GPU not found
      {999, try_again},
  };
  for (const auto& [status, kind] : expected) {
    const Fake fake(FAKE_NVML_MODERN);
    const ProbeResult found = fake.find();
    fake.gpu().energy_mj.status = static_cast<NvmlReturn>(status);
    fake.gpu().power_instant.scope_gpu = static_cast<NvmlReturn>(status);
    EXPECT_EQ(failure(*sensors(found)[0]).kind, kind) << status;
    EXPECT_NE(failure(*sensors(found)[0]).reason.find(fmt::format("(NVML status {})", status)),
              std::string::npos);
    EXPECT_EQ(failure(*sensors(found)[1]).kind, kind) << status;
  }
}

TEST(NvmlReadingTest, AFieldThatFailsFailsAlone) {
  const Fake fake(FAKE_NVML_MODERN);
  const ProbeResult found = fake.find();
  fake.gpu().power_instant.scope_gpu = NvmlReturn::timeout;
  EXPECT_EQ(failure(*sensors(found)[1]).kind, FailureKind::try_again);
  EXPECT_DOUBLE_EQ(watts(*sensors(found)[2]), 290.0);
}

// Of a GPU that has no other gauge; `power` in watts, a sample each 20 ms after the last.
class SampledGpu {
 public:
  SampledGpu() : fake_(FAKE_NVML_MODERN) {
    fake_.gpu().power_instant.scope_gpu = NvmlReturn::not_supported;
    fake_.gpu().power_average.scope_gpu = NvmlReturn::not_supported;
    fake_.gpu().samples.status = NvmlReturn::success;
  }
  void add(unsigned power) {
    time_us_ += 20'000;
    fake_.gpu().samples.samples.push_back({time_us_, {.uiVal = power * 1000}});
  }
  test::FakeSamples& samples() const { return fake_.gpu().samples; }
  ProbeResult find() const { return fake_.find(); }

 private:
  Fake fake_;
  unsigned long long time_us_ = 1'700'000'000'000'000;
};

TEST(NvmlReadingTest, AnswersTheMeanOfTheSamplesSinceTheLastReading) {
  SampledGpu gpu;
  gpu.add(100);
  const ProbeResult found = gpu.find();
  Sensor& samples = test::nvml_sensor(found, "power-samples");
  gpu.add(200);
  gpu.add(300);
  EXPECT_DOUBLE_EQ(watts(samples), 250.0);
  gpu.add(70);
  EXPECT_DOUBLE_EQ(watts(samples), 70.0);
}

TEST(NvmlReadingTest, AnswersTheNewestSampleAgainUntilItsPatienceEnds) {
  SampledGpu gpu;
  gpu.add(100);
  const ProbeResult found = gpu.find();
  Sensor& samples = test::nvml_sensor(found, "power-samples");
  gpu.add(100);
  gpu.add(200);
  EXPECT_DOUBLE_EQ(watts(samples), 150.0);
  for (int i = 0; i < NvmlPowerSamples::patience; ++i) EXPECT_DOUBLE_EQ(watts(samples), 200.0);
  EXPECT_EQ(failure(samples).kind, FailureKind::try_again);
  gpu.add(300);
  EXPECT_DOUBLE_EQ(watts(samples), 300.0);
  EXPECT_DOUBLE_EQ(watts(samples), 300.0);
}

TEST(NvmlReadingTest, GoesOnWithSamplesWhoseClockWasSetBack) {
  SampledGpu gpu;
  gpu.add(100);
  const ProbeResult found = gpu.find();
  Sensor& samples = test::nvml_sensor(found, "power-samples");
  gpu.samples().samples = {{1'600'000'000'000'000, {.uiVal = 240'000}}};
  EXPECT_DOUBLE_EQ(watts(samples), 240.0);
  gpu.samples().samples.push_back({1'600'000'000'020'000, {.uiVal = 260'000}});
  EXPECT_DOUBLE_EQ(watts(samples), 260.0);
}

TEST(NvmlReadingTest, BeginsWithTheNewestSampleAsTheBufferReachesBackOverSeconds) {
  NvmlFunctions nvml;
  nvml.samples = [](nvmlDevice_t, int, unsigned long long, NvmlValueType* type, unsigned* count,
                    nvmlSample_t* samples) {
    *type = NvmlValueType::uint32;
    *count = 2;
    if (samples != nullptr) {
      samples[0] = {20, {.uiVal = 500'000}};
      samples[1] = {10, {.uiVal = 100'000}};
    }
    return NvmlReturn::success;
  };
  NvmlPowerSamples samples(nvml_samples_total_power);
  EXPECT_EQ(samples.read(nvml, nullptr), NvmlAnswer(500'000.0));
  // Not the mean with the old one.
  EXPECT_EQ(samples.read(nvml, nullptr), NvmlAnswer(500'000.0));
}

TEST(NvmlReadingTest, DoesNotBelieveAHostileCountOfSamples) {
  SampledGpu gpu;
  gpu.add(100);
  const ProbeResult found = gpu.find();
  Sensor& samples = test::nvml_sensor(found, "power-samples");
  gpu.add(200);
  gpu.samples().claimed_count = 4294967295U;
  EXPECT_DOUBLE_EQ(watts(samples), 200.0);
  gpu.samples().claimed_count = 0;
  gpu.add(300);
  EXPECT_DOUBLE_EQ(watts(samples), 200.0);
}

TEST(NvmlReadingTest, LeavesSamplesWithoutAValueOut) {
  SampledGpu gpu;
  gpu.add(100);
  const ProbeResult found = gpu.find();
  Sensor& samples = test::nvml_sensor(found, "power-samples");
  gpu.samples().samples.push_back({1'800'000'000'000'000, {.uiVal = ~0U}});
  EXPECT_DOUBLE_EQ(watts(samples), 100.0);
  gpu.samples().samples.push_back({1'800'000'000'000'001, {.uiVal = ~0U}});
  gpu.samples().samples.push_back({1'800'000'000'000'002, {.uiVal = 90'000}});
  EXPECT_DOUBLE_EQ(watts(samples), 90.0);
}

}  // namespace
}  // namespace wattfor::nvml_reading_test
