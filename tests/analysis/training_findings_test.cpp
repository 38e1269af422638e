// The training study's analyses, of runs made up for them.

#include "analysis/training_findings.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wattfor::training_findings_test {
namespace {

TrainingRun run_of(const std::string& model, double kwh, double accuracy_percent) {
  TrainingRun run;
  run.model = model;
  run.task = "classification";
  run.dataset = "ImageNet";
  run.train = kilowatt_hours(kwh);
  run.accuracy_percent = accuracy_percent;
  return run;
}

TEST(ComparableRunsTest, AreRankedBySamWithinLikeHardwareAndBatchSizeAlone) {
  std::vector<TrainingRun> runs{run_of("dear", 1000.0, 80.0), run_of("cheap", 10.0, 80.0),
                                run_of("other batch", 10.0, 90.0), run_of("too little", 0.5, 90.0),
                                run_of("unknown", 10.0, 90.0)};
  runs[2].batch_size = 64;
  runs[4].accuracy_percent.reset();
  const auto groups = comparable_runs(runs);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].runs, (std::vector<std::size_t>{1, 0}));
  EXPECT_NEAR(groups[0].sam[0], 5.0 * std::pow(0.8, 5.0), 1e-12);
  EXPECT_NEAR(groups[0].sam[1], 5.0 * std::pow(0.8, 5.0) / 3.0, 1e-12);
  EXPECT_EQ(groups[0].without_sam, (std::vector<std::size_t>{3, 4}));
  EXPECT_EQ(groups[1].batch_size, 64);
}

TEST(ComparableRunsTest, TellAtWhichAlphaTheOrderTurns) {
  // Cheap and bad, middling, dear and good: the more α, the more accuracy counts.
  const std::vector<TrainingRun> runs{run_of("cheap", 2.0, 50.0), run_of("middling", 100.0, 75.0),
                                      run_of("good", 10000.0, 95.0)};
  const auto groups = comparable_runs(runs);
  ASSERT_EQ(groups.size(), 1U);
  const auto& alphas = groups[0].alphas;
  EXPECT_EQ(alphas.front().alpha, 1.0);
  EXPECT_EQ(alphas.front().best, 0U);
  EXPECT_EQ(alphas.back().best, 2U);
  EXPECT_LT(*alphas.front().kendall, *alphas.back().kendall);
  for (const auto& each : alphas) {
    if (each.alpha == 5.0) {
      EXPECT_EQ(each.kendall, 1.0);
    }
  }
}

TEST(ConditionComparisonTest, TellsWhetherTheOrderHoldsOnAnotherDevice) {
  std::vector<TrainingRun> runs;
  for (const char* device : {"A100", "T4"}) {
    const double factor = device[0] == 'T' ? 10.0 : 1.0;
    for (const double kwh : {1.0, 2.0, 4.0}) {
      runs.push_back(run_of(std::to_string(kwh), factor * kwh, 70.0));
      runs.back().device = device;
    }
  }
  auto found = condition_comparisons(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].a, "A100");
  EXPECT_EQ(found[0].models, 3U);
  EXPECT_EQ(found[0].kendall, 1.0);
  EXPECT_NEAR(found[0].mean_log10_ratio, 1.0, 1e-12);
  EXPECT_NEAR(found[0].deviation_log10_ratio, 0.0, 1e-12);
  for (TrainingRun& run : runs) {
    if (run.device == "T4") run.epochs = 3.0;
  }
  EXPECT_TRUE(condition_comparisons(runs).empty());  // they differ in more than the device
}

TEST(TrainingLineTest, FitsRunsThatDifferInEpochsAloneOrInTheirShareAlone) {
  std::vector<TrainingRun> runs;
  for (const double epochs : {1.0, 2.0, 3.0, 4.0}) {
    runs.push_back(run_of("m", 0.5 + 2.0 * epochs, 70.0));
    runs.back().epochs = epochs;
    runs.back().data_fraction = 0.01;
  }
  for (const double share : {0.1, 1.0}) {
    runs.push_back(run_of("m", 100.0 * share, 70.0));
    runs.back().epochs = 1.0;
    runs.back().data_fraction = share;
  }
  const auto lines = training_lines(runs);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].over, TrainedOver::epochs);
  EXPECT_EQ(lines[0].runs, 4U);
  EXPECT_NEAR(lines[0].kwh.slope, 2.0, 1e-12);
  EXPECT_NEAR(lines[0].kwh.intercept, 0.5, 1e-12);
  EXPECT_EQ(lines[1].over, TrainedOver::data_fraction);
  EXPECT_EQ(lines[1].runs, 3U);
}

TEST(PhaseSharesTest, AreOfWhatIsStatedAndOfRunsThatStateTwoPhases) {
  std::vector<TrainingRun> runs{run_of("a", 8.0, 70.0), run_of("b", 8.0, 70.0)};
  runs[0].pretrain = kilowatt_hours(90.0);
  runs[0].test = kilowatt_hours(2.0);
  const auto shares = phase_shares(runs);
  ASSERT_EQ(shares.size(), 1U);
  EXPECT_EQ(shares[0].run, 0U);
  EXPECT_NEAR(*shares[0].pretrain_percent, 90.0, 1e-12);
  EXPECT_NEAR(*shares[0].test_percent, 2.0, 1e-12);
  EXPECT_FALSE(shares[0].finetune_percent);
}

TEST(PretrainingGainTest, SetsARunAgainstTheSameModelWithoutIt) {
  std::vector<TrainingRun> runs{run_of("a", 10.0, 78.0), run_of("a", 100.0, 84.0),
                                run_of("b", 50.0, 90.0)};
  runs[1].pretrain_dataset = "JFT";
  runs[2].pretrain_dataset = "JFT";
  const auto gains = pretraining_gains(runs);
  ASSERT_EQ(gains.size(), 1U);
  EXPECT_NEAR(gains[0].accuracy_points, 6.0, 1e-12);
  EXPECT_NEAR(gains[0].electricity_factor, 10.0, 1e-12);
}

TEST(PretrainingGainTest, CountsWhatIsStatedApartAndComparesLikeConditionsAlone) {
  std::vector<TrainingRun> runs{run_of("a", 100.0, 78.0), run_of("a", 50.0, 84.0)};
  runs[1].pretrain_dataset = "JFT";
  runs[1].pretrain = kilowatt_hours(950.0);
  EXPECT_NEAR(pretraining_gains(runs)[0].electricity_factor, 10.0, 1e-12);
  runs[1].epochs = 10.0;
  EXPECT_TRUE(pretraining_gains(runs).empty());
}

TEST(ConditionComparisonTest, AModelThatWasTrainedTwiceUnderOneConditionStandsForNeither) {
  std::vector<TrainingRun> runs;
  for (const char* device : {"A100", "T4"}) {
    for (const double kwh : {1.0, 2.0, 4.0, 8.0}) {
      runs.push_back(run_of(std::to_string(kwh), kwh, 70.0));
      runs.back().device = device;
    }
  }
  runs.push_back(runs.front());
  runs.back().train = kilowatt_hours(1000.0);
  const auto found = condition_comparisons(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].models, 3U);
  EXPECT_NEAR(found[0].mean_log10_ratio, 0.0, 1e-12);
}

TEST(TrainingYearsTest, ElectricityThatDoublesEachYearIsAnExponential) {
  std::vector<TrainingRun> runs;
  for (int year = 2014; year <= 2022; ++year) {
    const double noise = year % 2 == 0 ? 1.02 : 0.98;
    runs.push_back(run_of("m" + std::to_string(year), noise * std::exp2(year - 2012.0),
                          70.0 + 2.0 * (year - 2014) + noise));
    runs.back().year = year;
  }
  const auto years = training_years(runs);
  ASSERT_EQ(years.size(), 1U);
  EXPECT_EQ(years[0].runs.size(), 9U);
  EXPECT_NEAR(years[0].kwh_exponential->rate, std::log(2.0), 0.03);
  EXPECT_LT(*years[0].kwh_exponential->aicc, *years[0].kwh_line->aicc);
  EXPECT_LT(*years[0].accuracy_line->aicc, *years[0].accuracy_exponential->aicc);
}

TEST(TrainingFindingsTest, OfNoRunsAreNone) {
  const TrainingFindings found = training_findings({});
  EXPECT_TRUE(found.comparable.empty() && found.conditions.empty() && found.lines.empty() &&
              found.phases.empty() && found.pretraining.empty() && found.years.empty());
}

}  // namespace
}  // namespace wattfor::training_findings_test
