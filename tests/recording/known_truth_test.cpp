#include "recording/known_truth.h"

#include <gtest/gtest.h>

#include <vector>

namespace wattfor::known_truth_test {
namespace {

constexpr std::int64_t begin_us = 1'767'225'600'000'000;

CheckedWindow window(double naive, double energy, Interval interval, double truth) {
  return {.replayed = {.mark = {},
                       .samples = 0,
                       .naive = Joules(naive),
                       .estimate = EstimatedEnergy{.figure = {.energy = Joules(energy),
                                                              .absolute = interval,
                                                              .comparison = std::nullopt},
                                                   .budget = {}}},
          .truth = Joules(truth)};
}

TEST(KnownTruthTest, AWindowsErrorsAreRelativeToTheTruth) {
  const CheckedWindow checked = window(90.0, 104.0, {100.0, 108.0}, 100.0);
  EXPECT_NEAR(-0.10, checked.naive_error().value(), 1e-12);
  EXPECT_NEAR(0.04, checked.corrected_error().value(), 1e-12);
  EXPECT_TRUE(checked.holds_truth().value());
  EXPECT_FALSE(window(90.0, 104.0, {100.1, 108.0}, 100.0).holds_truth().value());
}

TEST(KnownTruthTest, WithoutAFigureOrWithoutEnergyThereIsNoError) {
  const CheckedWindow none{.replayed = {}, .truth = Joules(100.0)};
  EXPECT_FALSE(none.naive_error());
  EXPECT_FALSE(none.corrected_error());
  EXPECT_FALSE(none.holds_truth());
  EXPECT_FALSE(window(1.0, 1.0, {0.0, 2.0}, 0.0).naive_error());
}

TEST(KnownTruthTest, ASummaryHasTheRootMeanSquareAndTheQuantiles) {
  std::vector<CheckedWindow> windows;
  // Naive errors of −10 … +10 %; every second interval misses.
  for (int i = -10; i <= 10; ++i) {
    const double low = i % 2 == 0 ? 99.0 : 101.0;
    windows.push_back(window(100.0 + i, 103.0, {low, 110.0}, 100.0));
  }
  windows.push_back({.replayed = {}, .truth = Joules(100.0)});
  const ErrorSummary summary = summary_of(windows);
  EXPECT_EQ(22u, summary.windows);
  EXPECT_EQ(21u, summary.figures);
  EXPECT_EQ(11u, summary.holding);
  // √(2·385/21) %
  EXPECT_NEAR(0.0605530, summary.naive->rmse, 1e-6);
  EXPECT_NEAR(-0.09, summary.naive->low, 1e-12);
  EXPECT_NEAR(0.09, summary.naive->high, 1e-12);
  EXPECT_NEAR(0.03, summary.corrected->rmse, 1e-12);
}

TEST(KnownTruthTest, OfNoFiguresThereIsNoSpread) {
  const std::vector<CheckedWindow> windows{{.replayed = {}, .truth = Joules(1.0)}};
  EXPECT_FALSE(summary_of(windows).naive);
  EXPECT_FALSE(summary_of(windows).corrected);
}

TEST(KnownTruthTest, TheTruthIsAlsoATableOfMarks) {
  const std::vector<Mark> marks{{begin_us, begin_us + 5}, {begin_us + 9, begin_us + 10}};
  const std::vector<Joules> truths{Joules(1250.0), Joules(0.25)};
  const std::string text = truth_text(marks, truths);
  EXPECT_EQ(
      "start_us,end_us,energy_j\n"
      "1767225600000000,1767225600000005,1250.000000\n"
      "1767225600000009,1767225600000010,0.250000\n",
      text);
  EXPECT_EQ(2u, read_marks(text, "truth.csv").size());
}

}  // namespace
}  // namespace wattfor::known_truth_test
