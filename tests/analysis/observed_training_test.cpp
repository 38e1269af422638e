#include "analysis/observed_training.h"

#include <gtest/gtest.h>

#include <cmath>
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

TEST(ObservedTrainingTest, SharesOutWhatFollowsOnlySomeEpochs) {
  const ObservedRun observed =
      observed_run(run_of({window(epoch, 150.0), window(epoch, 150.0), window(epoch, 150.0),
                           window(between, 600.0), window(epoch, 150.0), window(epoch, 150.0)}));
  EXPECT_EQ(std::vector(5, Joules(300.0)), observed.training.epochs)
      << "600 J after one of four that another epoch followed";
}

TEST(ObservedTrainingTest, LeavesOutAnEpochOfNoEnergy) {
  const ObservedRun observed =
      observed_run(run_of({window(epoch, 100.0), window(epoch, 0.0), window(epoch, 90.0)}));
  EXPECT_EQ((std::vector{Joules(100.0), Joules(90.0)}), observed.training.epochs);
  EXPECT_EQ(1U, observed.left_out);
}

TEST(ObservedTrainingTest, TakesAStartUpThatNobodySawForUnknownAndNotForNothing) {
  MarkedWindow first = window(epoch, 100.0);
  first.start = Seconds(3.0);
  const ObservedRun unseen = observed_run(run_of({window(startup, std::nullopt), first}));
  EXPECT_FALSE(unseen.training.before_first_epoch);
  const ObservedRun brief = observed_run(run_of({first}));
  EXPECT_EQ(Joules(0.0), brief.training.before_first_epoch) << "less than is listed";
  EXPECT_FALSE(brief.startup_is_in_first_epoch);
  EXPECT_TRUE(observed_run(run_of({window(epoch, 100.0)})).startup_is_in_first_epoch);
}

TEST(ObservedTrainingTest, HasTheRunsOwnErrorsInBothIntervals) {
  Measurement run = run_of({window(epoch, 100.0)});
  EXPECT_FALSE(observed_run(run).absolute) << "without a total nothing tells";
  run.energy.total.gross = EnergyFigure{.energy = Joules(100.0),
                                        .absolute = Interval{.low = 96.0, .high = 112.0},
                                        .comparison = Interval{.low = 96.0, .high = 104.0}};
  const ObservedRun observed = observed_run(run);
  const EnergyFigure figure =
      with_sensor_error({.energy = Joules(1000.0), .interval = {.low = 970.0, .high = 1050.0}},
                        observed.absolute, observed.comparison);
  EXPECT_DOUBLE_EQ(950.0, figure.absolute->low);    // 30 and 40 J at a right angle
  EXPECT_DOUBLE_EQ(1130.0, figure.absolute->high);  // 50 and 120 J
  EXPECT_DOUBLE_EQ(950.0, figure.comparison->low);
  EXPECT_DOUBLE_EQ(1000.0 + std::hypot(50.0, 40.0), figure.comparison->high);
}

TEST(ObservedTrainingTest, LeavesNoEnergyBelowZero) {
  const EnergyFigure figure =
      with_sensor_error({.energy = Joules(10.0), .interval = {.low = 1.0, .high = 19.0}},
                        RelativeError{.below = 0.9, .above = 0.9}, std::nullopt);
  EXPECT_EQ(0.0, figure.absolute->low);
  EXPECT_FALSE(figure.comparison);
}

}  // namespace
}  // namespace wattfor::observed_training_test
