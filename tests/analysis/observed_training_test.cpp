#include "analysis/observed_training.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "support/refusal.h"

namespace wattfor::observed_training_test {
namespace {

MarkedWindow window(WindowKind kind, std::optional<double> joules, bool ended = true) {
  MarkedWindow window{.kind = kind, .ended = ended, .basis = Basis::measured};
  if (joules) {
    window.gross = EnergyFigure{.energy = Joules(*joules), .absolute = {}, .comparison = {}};
  }
  return window;
}

Measurement run_of(std::vector<MarkedWindow> windows) {
  Measurement run;
  run.id = "1f0e";
  run.name = "train";
  run.windows = std::move(windows);
  return run;
}

using enum WindowKind;

TEST(ObservedTrainingTest, TakesWhatFollowsAnEpochAsPartOfIt) {
  const ObservedRun observed = observed_run(
      run_of({window(startup, 5.0), window(epoch, 100.0), window(between, 10.0), window(named, 7.0),
              window(epoch, 200.0), window(between, 20.0), window(epoch, 300.0)}));
  EXPECT_EQ(Joules(5.0), observed.training.before_first_epoch);
  EXPECT_EQ((std::vector{Joules(110.0), Joules(220.0), Joules(315.0)}), observed.training.epochs)
      << "after the last: the mean of 10 and 20 J";
  EXPECT_EQ(0U, observed.left_out);
}

TEST(ObservedTrainingTest, TakesEpochsThatFollowEachOtherAsTheyAre) {
  const ObservedRun observed = observed_run(run_of({window(epoch, 100.0), window(epoch, 90.0)}));
  EXPECT_EQ((std::vector{Joules(100.0), Joules(90.0)}), observed.training.epochs);
  EXPECT_FALSE(observed.training.before_first_epoch);
}

TEST(ObservedTrainingTest, TakesAStartTooShortToBeListedAsNothing) {
  std::vector<MarkedWindow> windows{window(epoch, 100.0), window(epoch, 90.0)};
  windows[0].start = Seconds(2e-4);
  EXPECT_EQ(Joules(0.0), observed_run(run_of(windows)).training.before_first_epoch);
}

TEST(ObservedTrainingTest, LeavesOutEpochsThatNeverEndedOrThatNobodySaw) {
  const ObservedRun observed =
      observed_run(run_of({window(epoch, 100.0), window(epoch, std::nullopt), window(between, 1.0),
                           window(epoch, 90.0), window(epoch, 30.0, false)}));
  EXPECT_EQ((std::vector{Joules(100.0), Joules(90.0)}), observed.training.epochs);
  EXPECT_EQ(2U, observed.left_out);
}

TEST(ObservedTrainingTest, TakesTheShareOfTheDataAsToldElseAllOfIt) {
  Measurement run = run_of({window(epoch, 1.0)});
  EXPECT_EQ(1.0, observed_run(run).training.data_fraction);
  EXPECT_FALSE(observed_run(run).data_fraction_is_told);
  run.training = TrainingFacts{.data_fraction = 0.01};
  EXPECT_EQ(0.01, observed_run(run).training.data_fraction);
  EXPECT_TRUE(observed_run(run).data_fraction_is_told);
}

TEST(ObservedTrainingTest, RefusesARunWithoutEpochsAndSaysHowToMarkThem) {
  test::expect_refusal(test::refusal_of([] {
                         observed_run(run_of({window(named, 3.0), window(epoch, 1.0, false)}));
                       }),
                       ErrorCode::invalid_input, "no epoch with an energy that has ended");
  test::expect_refusal(test::refusal_of([] { observed_run(run_of({})); }), ErrorCode::invalid_input,
                       "wattfor mark epoch");
}

TEST(ObservedTrainingTest, PutsTheSensorsErrorIntoTheAbsoluteIntervalAlone) {
  Measurement run = run_of({window(epoch, 100.0)});
  run.energy.total.gross = EnergyFigure{.energy = Joules(100.0),
                                        .absolute = Interval{.low = 95.0, .high = 105.0},
                                        .comparison = Interval{.low = 97.0, .high = 103.0}};
  const ObservedRun observed = observed_run(run);
  EXPECT_DOUBLE_EQ(0.04, observed.common.low);  // 5² = 3² + 4²
  EXPECT_DOUBLE_EQ(0.04, observed.common.high);
  const EnergyFigure figure = with_common_error(
      {.energy = Joules(1000.0), .interval = {.low = 970.0, .high = 1030.0}}, observed.common);
  EXPECT_EQ((Interval{.low = 970.0, .high = 1030.0}), figure.comparison);
  EXPECT_DOUBLE_EQ(950.0, figure.absolute->low);
  EXPECT_DOUBLE_EQ(1050.0, figure.absolute->high);
}

TEST(ObservedTrainingTest, LeavesNoEnergyBelowZero) {
  const EnergyFigure figure = with_common_error(
      {.energy = Joules(10.0), .interval = {.low = 1.0, .high = 19.0}}, {.low = 0.9, .high = 0.9});
  EXPECT_EQ(0.0, figure.absolute->low);
}

}  // namespace
}  // namespace wattfor::observed_training_test
