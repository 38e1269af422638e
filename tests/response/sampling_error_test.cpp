#include "response/sampling_error.h"

#include <gtest/gtest.h>

namespace wattfor::sampling_error_test {
namespace {

constexpr Kernel part_time{.kind = ResponseKind::boxcar, .window = Seconds(0.025)};

TEST(SamplingErrorTest, ASquareWaveOfHalfDutyHasOddHarmonicsOnly) {
  const auto harmonics = square_harmonics(Watts(300.0), Watts(100.0), 0.5, 4);
  EXPECT_NEAR(harmonics[0], 200.0 / 3.14159265 / 200.0, 1e-6);
  EXPECT_NEAR(harmonics[1], 0.0, 1e-12);
  EXPECT_NEAR(harmonics[2], harmonics[0] / 3.0, 1e-12);
}

TEST(SamplingErrorTest, MoreReadingsHelpUnlessTheLoadKeepsStep) {
  const auto harmonics = square_harmonics(Watts(400.0), Watts(100.0), 0.5, 100);
  const auto deviation = [&](double period_s, std::size_t n) {
    return sampling_deviation(harmonics, Seconds(period_s), part_time, Seconds(0.1), n);
  };
  EXPECT_LT(deviation(0.093, 5000), 0.1 * deviation(0.093, 50));
  EXPECT_EQ(deviation(0.1, 500), deviation(0.1, 50));
}

TEST(SamplingErrorTest, AGaugeThatLooksAllTheTimeMakesNone) {
  const auto harmonics = square_harmonics(Watts(400.0), Watts(100.0), 0.5, 100);
  const Kernel whole{.kind = ResponseKind::boxcar, .window = Seconds(0.1)};
  EXPECT_NEAR(sampling_deviation(harmonics, Seconds(0.1), whole, Seconds(0.1), 50), 0.0, 1e-12);
}

TEST(SamplingErrorTest, NoPhaseIsWorseThanTheSumOfTheModuli) {
  const auto harmonics = square_harmonics(Watts(400.0), Watts(100.0), 0.5, 100);
  EXPECT_GT(greatest_sampling_error(harmonics, Seconds(0.09), part_time, Seconds(0.1), 50),
            sampling_deviation(harmonics, Seconds(0.09), part_time, Seconds(0.1), 50));
}

}  // namespace
}  // namespace wattfor::sampling_error_test
