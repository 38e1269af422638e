#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "recording/clock_offset.h"
#include "recording/log_updates.h"
#include "recording/nvidia_smi_log.h"
#include "recording/replay.h"
#include "response/default_profiles.h"
#include "support/sensor_recordings.h"

namespace wattfor::real_recordings_test {
namespace {

struct Recording {
  const char* folder;
  const char* column;
  const char* profile;
};

void PrintTo(const Recording& recording, std::ostream* out) {
  *out << recording.folder << " " << recording.column;
}

NvidiaSmiLog log_of(const std::filesystem::path& folder, const std::string& column) {
  const std::string file = folder / "gpudata.csv";
  return read_nvidia_smi_log(read_file(file), file, {.column = column});
}

// The board's own gain and offset: updates against the reference, seen through the kernel.
void calibrate(SensorProfile& profile, const NvidiaSmiLog& log, const ReferencePower& reference,
               Seconds offset) {
  const Kernel kernel = profile.kernel();
  double n = 0.0;
  double x_sum = 0.0;
  double y_sum = 0.0;
  double xx_sum = 0.0;
  double xy_sum = 0.0;
  const LogUpdates updates = updates_of_log(log.polls, profile.update_period->value);
  for (const Update& update : updates.series.updates()) {
    const Seconds seen = update.time - offset;
    if (seen - kernel.window < reference.begin() || seen > reference.end()) continue;
    const double x = (reference.energy(seen - kernel.window, seen) / kernel.window).value();
    const double y = update.power.value();
    n += 1.0;
    x_sum += x;
    y_sum += y;
    xx_sum += x * x;
    xy_sum += x * y;
  }
  const double gain = (n * xy_sum - x_sum * y_sum) / (n * xx_sum - x_sum * x_sum);
  profile.gain = Uncertain<double>{.value = gain, .standard_error = 0.005};
  profile.offset =
      Uncertain<Watts>{.value = Watts((y_sum - gain * x_sum) / n), .standard_error = Watts(0.5)};
}

class StepRecordingTest : public testing::TestWithParam<Recording> {};

TEST_P(StepRecordingTest, TellsTheReferenceMetersEnergyOfASixSecondStep) {
  const auto folder = test::recording(GetParam().folder);
  if (!folder) GTEST_SKIP() << "the recording " << GetParam().folder << " is not here";
  const NvidiaSmiLog log = log_of(*folder, GetParam().column);
  const ReferencePower reference = test::reference_meter(*folder);
  const auto moments = test::marked_moments(*folder);
  const std::vector<Mark> marks{{.start_us = moments.at(0), .end_us = moments.at(1)}};
  const double truth = reference.energy(marks[0].start(), marks[0].end()).value();

  SensorProfile profile = to_profile(*default_profile(GetParam().profile), GetParam().column);
  const Replay any_board = replay(log, marks, {.profile = profile}, "gpudata.csv");
  EXPECT_EQ(Seconds(3600.0), any_board.clock.offset);  // British summer time
  const EnergyFigure& any = any_board.windows.at(0).estimate->figure;
  EXPECT_LT(any.absolute->low, truth);
  EXPECT_GT(any.absolute->high, truth);

  const Seconds offset = offset_from_reference(log.polls, reference, "gpudata.csv").offset;
  EXPECT_EQ(Seconds(3600.0), offset);
  const LogUpdates updates = updates_of_log(log.polls, profile.update_period->value);
  const Seconds rest = remaining_offset(updates.series, profile.kernel(), reference, offset);
  EXPECT_LT(std::abs(rest.count()), 0.06);
  calibrate(profile, log, reference, offset + rest);
  const Replay this_board = replay(log, marks, {.profile = profile}, "gpudata.csv");
  const ReplayedWindow& window = this_board.windows.at(0);
  const double error = window.estimate->figure.energy.value() / truth - 1.0;
  const double gain = profile.gain->value;
  const Joules shifted = profile.offset->value * marks[0].duration();
  const double naive_error = ((*window.naive - shifted) / gain).value() / truth - 1.0;
  EXPECT_LT(std::abs(error), 0.01);
  EXPECT_LT(std::abs(error), std::abs(naive_error));
  EXPECT_LT(window.estimate->figure.absolute->low, truth);
  EXPECT_GT(window.estimate->figure.absolute->high, truth);
  RecordProperty("error_percent", std::to_string(100.0 * error));
  RecordProperty("naive_error_percent", std::to_string(100.0 * naive_error));
}

INSTANTIATE_TEST_SUITE_P(
    , StepRecordingTest,
    testing::Values(Recording{"step-A100", "power.draw.instant", "a100-instant"},
                    Recording{"step-A100", "power.draw", "a100-instant"},
                    Recording{"step-3090", "power.draw.instant", "rtx-ampere-instant"},
                    Recording{"step-3090", "power.draw.average", "rtx-ampere-average"},
                    Recording{"step-3090", "power.draw", "rtx-ampere-average"}));

TEST(RealRecordingsTest, APartTimeGaugeIsWrongByHalfAndSaysSo) {
  const auto folder = test::recording("square-A100");
  if (!folder) GTEST_SKIP() << "the recording square-A100 is not here";
  const NvidiaSmiLog log = log_of(*folder, "power.draw.instant");
  const ReferencePower reference = test::reference_meter(*folder);
  const std::int64_t start = test::marked_moments(*folder).front();
  std::vector<Mark> marks;
  for (int i = 0; i < 13; ++i) {
    const std::int64_t from = start + 500'000 * i;
    marks.push_back({.start_us = from, .end_us = from + 500'000});
  }
  const Replay found =
      replay(log, marks,
             {.profile = to_profile(*default_profile("a100-instant"), "power.draw.instant"),
              .utc_offset = Seconds(3600.0)},
             "gpudata.csv");
  double worst = 0.0;
  for (const ReplayedWindow& window : found.windows) {
    const double truth = reference.energy(window.mark.start(), window.mark.end()).value();
    const EnergyFigure& figure = window.estimate->figure;
    worst = std::max(worst, std::abs(figure.energy.value() / truth - 1.0));
    EXPECT_LT(figure.absolute->low, truth);
    EXPECT_GT(figure.absolute->high, truth);
  }
  EXPECT_GT(worst, 0.4);
}

TEST(RealRecordingsTest, ALogTellsTheUpdatePeriod) {
  const auto folder = test::recording("update-A100");
  if (!folder) GTEST_SKIP() << "the recording update-A100 is not here";
  const LogUpdates updates =
      updates_of_log(log_of(*folder, "power.draw.instant").polls, std::nullopt);
  ASSERT_TRUE(updates.lattice);
  EXPECT_NEAR(0.1012, updates.series.period().count(), 0.0003);
}

}  // namespace
}  // namespace wattfor::real_recordings_test
