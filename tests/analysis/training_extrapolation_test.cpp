#include "analysis/training_extrapolation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "simulation/random.h"

namespace wattfor::training_extrapolation_test {
namespace {

using Runs = std::vector<ObservedTraining>;

ObservedTraining run_of(double data_fraction, const std::vector<double>& epochs_j,
                        std::optional<double> before_j = std::nullopt) {
  ObservedTraining run{.data_fraction = data_fraction, .before_first_epoch = {}, .epochs = {}};
  if (before_j) run.before_first_epoch = Joules(*before_j);
  for (const double joules : epochs_j) run.epochs.emplace_back(joules);
  return run;
}

void expect_near_interval(double low, double high, const Interval& interval, double error) {
  EXPECT_NEAR(low, interval.low, error);
  EXPECT_NEAR(high, interval.high, error);
}

TEST(TrainingExtrapolationTest, RecoversATrainingWithoutNoise) {
  // E₀ = 500 J, s = 20 J, v = 3000 J.
  const Runs runs{run_of(0.01, {50.0, 50.0, 50.0}, 500.0),
                  run_of(0.1, {320.0, 320.0, 320.0, 320.0}, 500.0)};
  const auto result = extrapolate_training(runs, {.epochs = 90, .data_fraction = 1.0});
  ASSERT_TRUE(result.predicted);
  EXPECT_FALSE(result.bracket);
  const double whole = 500.0 + 90.0 * 3020.0;
  EXPECT_NEAR(whole, result.predicted->energy.value(), 1e-9 * whole);
  expect_near_interval(whole, whole, result.predicted->interval, 1e-9 * whole);
  EXPECT_NEAR(20.0, result.parts->startup.value, 1e-9);
  EXPECT_NEAR(3000.0, result.parts->data.value, 1e-8);
  EXPECT_NEAR(0.0, *result.parts->startup.standard_error, 1e-9);
  EXPECT_EQ(HeldAtZero::neither, result.parts->held_at_zero);
  EXPECT_FALSE(result.parts->contradicts_model);
  EXPECT_EQ(500.0, result.before_first_epoch->value);
  EXPECT_EQ(0.0, *result.before_first_epoch->standard_error);
  EXPECT_DOUBLE_EQ(1.0, *result.r_squared);
  EXPECT_EQ(0U, result.warm_up_epochs);
  EXPECT_FALSE(result.scatters);
  ASSERT_EQ(2U, result.runs.size());
  EXPECT_NEAR(50.0, result.runs[0].steady_epoch.value(), 1e-9);
  ASSERT_EQ(4U, result.runs[1].residuals_j.size());
  EXPECT_NEAR(0.0, result.runs[1].residuals_j[3], 1e-9);
  EXPECT_FALSE(result.runs[1].trend);
  EXPECT_DOUBLE_EQ(22.5, result.beyond_epochs);
  EXPECT_DOUBLE_EQ(10.0, result.beyond_data_fraction);
}

TEST(TrainingExtrapolationTest, HasTheIntervalThatIsWorkedOutByHand) {
  // One epoch more of a run whose two are 99 and 101 J. Two always lie on either side of their
  // mean, which says nothing of ρ: one pair beside the 25 of the expectation, 0.2.
  const double rho = 25.0 * 0.2 / 26.0;
  // Σ(y−ȳ)² = 2 J², whose expectation is σ²·(2 − (1 + ρ)); the mean's variance is σ²·(1 + ρ)/2.
  const double variance = 2.0 / (1.0 - rho);
  const double reach = 12.706204736 * std::sqrt(variance * ((1.0 + rho) / 2.0 + 1.0));
  const auto result =
      extrapolate_training(Runs{run_of(0.5, {99.0, 101.0})}, {.epochs = 1, .data_fraction = 0.5});
  EXPECT_DOUBLE_EQ(rho, result.autocorrelation);
  EXPECT_DOUBLE_EQ(100.0, result.predicted->energy.value());
  expect_near_interval(100.0 - reach, 100.0 + reach, result.predicted->interval, 1e-6);
}

TEST(TrainingExtrapolationTest, OfOneShareGivesTheBracketOfItsTwoEnds) {
  const auto result = extrapolate_training(Runs{run_of(0.1, {99.0, 101.0, 100.0}, 40.0)},
                                           {.epochs = 10, .data_fraction = 1.0});
  EXPECT_FALSE(result.predicted);
  ASSERT_TRUE(result.bracket);
  EXPECT_NEAR(40.0 + 10.0 * 100.0, result.bracket->startup_alone.energy.value(), 1e-9);
  EXPECT_NEAR(40.0 + 10.0 * 1000.0, result.bracket->data_alone.energy.value(), 1e-9);
  EXPECT_LT(result.bracket->startup_alone.interval.low, 1040.0);
  EXPECT_GT(result.bracket->data_alone.interval.high, 10040.0);
  EXPECT_FALSE(result.parts);
  EXPECT_FALSE(result.r_squared);
  EXPECT_TRUE(result.start_spread_is_assumed);
  EXPECT_FALSE(result.before_first_epoch->standard_error);
}

TEST(TrainingExtrapolationTest, OfTheMeasuredShareNeedsNoBracket) {
  // 12,811 of 128,116 images are a tenth as good as a tenth is.
  const auto result =
      extrapolate_training(Runs{run_of(0.1, {99.0, 101.0, 100.0}), run_of(0.09999, {100.0})},
                           {.epochs = 10, .data_fraction = 0.100005});
  EXPECT_FALSE(result.bracket);
  EXPECT_NEAR(1000.0, result.predicted->energy.value(), 1e-9);
  EXPECT_FALSE(result.before_first_epoch);
  EXPECT_NEAR(1.0, result.beyond_data_fraction, 1e-3);
}

TEST(TrainingExtrapolationTest, AnswersASingleEpochUnderTheAssumedSpread) {
  const auto result =
      extrapolate_training(Runs{run_of(1.0, {100.0})}, {.epochs = 1, .data_fraction = 1.0});
  EXPECT_TRUE(result.spread_is_assumed);
  EXPECT_TRUE(result.warm_up_is_hidden);
  EXPECT_DOUBLE_EQ(assumed_spread, result.relative_spread);
  EXPECT_EQ(100.0, result.predicted->energy.value());
  const double reach = 1.959963985 * 10.0 * std::sqrt(2.0);
  expect_near_interval(100.0 - reach, 100.0 + reach, result.predicted->interval, 1e-6);
  EXPECT_FALSE(result.runs[0].trend);
  const auto of_two =
      extrapolate_training(Runs{run_of(1.0, {100.0, 101.0})}, {.epochs = 1, .data_fraction = 1.0});
  EXPECT_FALSE(of_two.spread_is_assumed);
}

TEST(TrainingExtrapolationTest, CountsTheWarmUpOnce) {
  // Warm-up: 30 J + 400 J of all the data more than the 20 J + 3000 J of an epoch.
  const Runs runs{run_of(0.01, {84.0, 50.0, 50.001, 49.999}),
                  run_of(0.1, {390.0, 320.0, 319.998, 320.002})};
  const auto result = extrapolate_training(runs, {.epochs = 100, .data_fraction = 1.0});
  EXPECT_EQ(1U, result.warm_up_epochs);
  EXPECT_FALSE(result.warm_up_is_hidden);
  EXPECT_NEAR(100.0 * 3020.0 + 430.0, result.predicted->energy.value(), 1.0);
  EXPECT_NEAR(34.0, result.runs[0].residuals_j[0], 1e-6);
  EXPECT_NEAR(1.0, *result.r_squared, 1e-9);
  const auto first = extrapolate_training(runs, {.epochs = 1, .data_fraction = 1.0});
  EXPECT_NEAR(3450.0, first.predicted->energy.value(), 1e-6);
}

TEST(TrainingExtrapolationTest, HoldsAPartAtZeroThatLeastSquaresHaveBelow) {
  // As much at both shares, but for chance: v = 0, and the interval doesn't fall below that.
  const Runs runs{run_of(0.01, {100.0, 103.0, 101.0}), run_of(0.1, {99.0, 102.0, 101.0})};
  const auto result = extrapolate_training(runs, {.epochs = 50, .data_fraction = 1.0});
  EXPECT_EQ(HeldAtZero::data, result.parts->held_at_zero);
  EXPECT_EQ(0.0, result.parts->data.value);
  EXPECT_FALSE(result.parts->contradicts_model);
  EXPECT_NEAR(50.0 * 101.0, result.predicted->energy.value(), 5.0);
  EXPECT_GT(result.predicted->interval.low, 0.8 * 50.0 * 101.0);
  // More at the lesser share is no training of this kind.
  const Runs strange{run_of(0.01, {200.0, 203.0, 201.0}), run_of(0.1, {99.0, 102.0, 101.0})};
  EXPECT_TRUE(
      extrapolate_training(strange, {.epochs = 50, .data_fraction = 1.0}).parts->contradicts_model);
  // Twelve times as much at ten times the share leaves nothing for the start.
  const Runs steep{run_of(0.01, {10.0, 10.1, 9.9}), run_of(0.1, {120.0, 121.0, 119.0})};
  const auto of_steep = extrapolate_training(steep, {.epochs = 50, .data_fraction = 1.0});
  EXPECT_EQ(HeldAtZero::startup, of_steep.parts->held_at_zero);
  EXPECT_TRUE(of_steep.parts->contradicts_model);
}

TEST(TrainingExtrapolationTest, SaysThatTheEnergyIsNotLinearAndIsLessSure) {
  const auto extrapolated = [](double at_half_the_data) {
    const double half = at_half_the_data;
    const Runs runs{run_of(0.1, {100.0, 101.0, 99.5}), run_of(0.5, {half, half + 1.0, half - 1.5}),
                    run_of(1.0, {1000.0, 1008.0, 996.0})};
    return extrapolate_training(runs, {.epochs = 10, .data_fraction = 1.0});
  };
  const auto linear = extrapolated(500.0);
  const auto curved = extrapolated(650.0);
  EXPECT_FALSE(linear.scatters);
  EXPECT_TRUE(curved.scatters);
  const auto width = [](const TrainingExtrapolation& result) {
    return result.predicted->interval.high - result.predicted->interval.low;
  };
  EXPECT_GT(width(curved), 5.0 * width(linear));
}

TEST(TrainingExtrapolationTest, SurvivesEnergiesFromEndToEnd) {
  const Runs runs{run_of(1e-9, {1e-9, 1e20, 1e-9, 1e20, 1e-9}, 0.0),
                  run_of(1.0, {1e20, 1e-9, 1e-9}, 1e20)};
  const auto result = extrapolate_training(runs, {.epochs = 1'000'000'000, .data_fraction = 1.0});
  EXPECT_TRUE(std::isfinite(result.predicted->energy.value()));
  EXPECT_TRUE(std::isfinite(result.predicted->interval.low));
  EXPECT_TRUE(std::isfinite(result.predicted->interval.high));
}

std::string refusal(const Runs& runs, const TrainingTarget& target) {
  try {
    extrapolate_training(runs, target);
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCode::invalid_input, error.code());
    return error.what();
  }
  return "not refused";
}

TEST(TrainingExtrapolationTest, RefusesWhatNoTrainingIs) {
  const Runs good{run_of(0.1, {100.0, 101.0})};
  const TrainingTarget whole{.epochs = 10, .data_fraction = 1.0};
  EXPECT_EQ("no run to extrapolate from, expected at least one", refusal({}, whole));
  EXPECT_EQ("the target has 0 epochs, expected 1 to 1000000000",
            refusal(good, {.epochs = 0, .data_fraction = 1.0}));
  EXPECT_EQ("the target has -3 epochs, expected 1 to 1000000000",
            refusal(good, {.epochs = -3, .data_fraction = 1.0}));
  EXPECT_EQ(
      "the share of the data of the target is 100, expected above 0 and up to 1, as 0.01 for "
      "1 %",
      refusal(good, {.epochs = 10, .data_fraction = 100.0}));
  EXPECT_EQ("the share of the data of run 2 is 0, expected above 0 and up to 1, as 0.01 for 1 %",
            refusal({good[0], run_of(0.0, {1.0})}, whole));
  EXPECT_EQ("run 1 has no epochs, expected at least one", refusal({run_of(0.1, {})}, whole));
  EXPECT_EQ("the energy of epoch 2 of run 1 is -5 J, expected 1e-09 to 1e+20 J",
            refusal({run_of(0.1, {100.0, -5.0})}, whole));
  EXPECT_EQ("the energy of epoch 1 of run 1 is 0 J, expected 1e-09 to 1e+20 J",
            refusal({run_of(0.1, {0.0})}, whole));
  EXPECT_EQ("the energy of epoch 1 of run 1 is nan J, expected 1e-09 to 1e+20 J",
            refusal({run_of(0.1, {std::numeric_limits<double>::quiet_NaN()})}, whole));
  EXPECT_EQ("the energy of epoch 1 of run 1 is inf J, expected 1e-09 to 1e+20 J",
            refusal({run_of(0.1, {std::numeric_limits<double>::infinity()})}, whole));
  EXPECT_EQ("the energy of run 1 before its first epoch is -1 J, expected 0 to 1e+20 J",
            refusal({run_of(0.1, {100.0}, -1.0)}, whole));
}

// A training of which everything is known.
struct TrueTraining {
  double start = 0.0;    // joules, before the first epoch
  double startup = 0.0;  // of an epoch
  double data = 0.0;     // of an epoch of all the data
  bool warms_up = false;
  double startup_of_warm_up = 1.0;  // times as much in the first epoch
  double data_of_warm_up = 1.0;
  double spread = 0.0;  // relative, of epochs
  double start_spread = 0.0;
  double rho = 0.0;

  static double between(double low, double high, Random& random) {
    return std::exp(random.uniform(std::log(low), std::log(high)));
  }
  static TrueTraining drawn(Random& random) {
    TrueTraining drawn;
    const double scale = between(1.0, 1e7, random);
    const double startup_to_data = between(1e-3, 1e3, random);
    drawn.startup = scale * startup_to_data / (1.0 + startup_to_data);
    drawn.data = scale / (1.0 + startup_to_data);
    drawn.start = scale * between(0.01, 3.0, random);
    drawn.warms_up = random.uniform() < 0.5;
    drawn.startup_of_warm_up = 1.0 + between(0.05, 2.0, random);
    drawn.data_of_warm_up = 1.0 + between(0.05, 2.0, random);
    drawn.spread = between(0.003, 0.1, random);
    drawn.start_spread = between(0.003, 0.1, random);
    drawn.rho = random.uniform() < 0.5 ? 0.0 : random.uniform(0.0, 0.3);
    return drawn;
  }

  double steady_epoch(double fraction) const { return startup + fraction * data; }
  double first_epoch(double fraction) const {
    if (!warms_up) return steady_epoch(fraction);
    return startup * startup_of_warm_up + fraction * data * data_of_warm_up;
  }

  ObservedTraining run(int epochs, double fraction, Random& random) const {
    ObservedTraining run{.data_fraction = fraction, .before_first_epoch = {}, .epochs = {}};
    run.before_first_epoch = Joules(start * (1.0 + start_spread * random.normal()));
    double error = random.normal();
    for (int k = 0; k < epochs; ++k) {
      const double mean = k == 0 ? first_epoch(fraction) : steady_epoch(fraction);
      run.epochs.emplace_back(mean * (1.0 + spread * error));
      error = rho * error + std::sqrt(1.0 - rho * rho) * random.normal();
    }
    return run;
  }

  // What a prediction from these epochs at 1 % and at 10 % is off by, as a standard deviation, for
  // who knows all of this but the means.
  double deviation(int at_1_percent, int at_10_percent, int epochs) const {
    const double warm = warms_up ? 1.0 : 0.0;
    const auto part = [&](double factor, double count, double fraction) {
      const double steady = factor * steady_epoch(fraction) * (epochs - warm);
      const double first = factor * first_epoch(fraction) * warm;
      return steady * steady * variance_inflation(count - warm, rho) / (count - warm) +
             first * first;
    };
    // The line through 0.01 and 0.1 is −10 and 11 times these at 1; the whole's own epochs.
    const double own = steady_epoch(1.0) * steady_epoch(1.0) * (epochs - warm) *
                           variance_inflation(epochs - warm, rho) +
                       first_epoch(1.0) * first_epoch(1.0) * warm;
    const double of_epochs = part(-10.0, at_1_percent, 0.01) + part(11.0, at_10_percent, 0.1) + own;
    return std::sqrt(spread * spread * of_epochs + 1.5 * std::pow(start * start_spread, 2));
  }
};

double total(const ObservedTraining& run) {
  double sum = run.before_first_epoch->value();
  for (const Joules epoch : run.epochs) sum += epoch.value();
  return sum;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

int drawn_between(int least, int greatest, Random& random) {
  return least + static_cast<int>(random.uniform() * (greatest - least + 1));
}

TEST(TrainingExtrapolationTest, HoldsTheWholeRunIn95Of100RandomTrainings) {
  Random random(20240607);
  int held = 0;
  int with_trend = 0;
  int warm = 0;
  int warm_found = 0;
  int warm_by_chance = 0;
  std::vector<double> half_widths;
  std::vector<double> to_ideal;  // to that of who knows the true noise
  for (int i = 0; i < 1000; ++i) {
    const TrueTraining truth = TrueTraining::drawn(random);
    const int at_1_percent = drawn_between(3, 6, random);
    const int at_10_percent = drawn_between(3, 6, random);
    const int epochs = drawn_between(10, 200, random);
    const Runs runs{truth.run(at_1_percent, 0.01, random), truth.run(at_10_percent, 0.1, random)};
    const double whole = total(truth.run(epochs, 1.0, random));
    const auto result = extrapolate_training(runs, {.epochs = epochs, .data_fraction = 1.0});
    const Interval interval = result.predicted->interval;
    held += interval.low <= whole && whole <= interval.high ? 1 : 0;
    with_trend +=
        std::ranges::any_of(result.runs, [](const auto& run) { return run.trend.has_value(); }) ? 1
                                                                                                : 0;
    warm += truth.warms_up ? 1 : 0;
    (truth.warms_up ? warm_found : warm_by_chance) += result.warm_up_epochs > 0 ? 1 : 0;
    const double half_width = (interval.high - interval.low) / 2.0;
    half_widths.push_back(half_width / whole);
    to_ideal.push_back(half_width / (1.96 * truth.deviation(at_1_percent, at_10_percent, epochs)));
  }
  RecordProperty("held", held);
  RecordProperty("median_half_width", std::to_string(median(half_widths)));
  RecordProperty("median_to_ideal", std::to_string(median(to_ideal)));
  RecordProperty("trend_by_chance", with_trend);
  RecordProperty("warm_up_found", std::to_string(warm_found) + " of " + std::to_string(warm));
  RecordProperty("warm_up_by_chance", warm_by_chance);
  EXPECT_GE(held, 930);
  EXPECT_LE(held, 970);
  EXPECT_LT(median(half_widths), 0.15);
  EXPECT_LT(median(to_ideal), 1.3);
  EXPECT_LE(with_trend, 50);
  EXPECT_GE(warm_found, 0.8 * warm);
  EXPECT_LE(warm_by_chance, 0.05 * (1000 - warm));
}

TEST(TrainingExtrapolationTest, TellsOfAClearTrendAndOfFewWithoutOne) {
  Random random(7);
  int told = 0;
  int by_chance = 0;
  for (int i = 0; i < 1000; ++i) {
    const TrueTraining truth = TrueTraining::drawn(random);
    const int epochs = drawn_between(10, 40, random);
    Runs runs{truth.run(epochs, 0.01, random), truth.run(epochs, 0.1, random)};
    const TrainingTarget target{.epochs = 100, .data_fraction = 1.0};
    const auto without = extrapolate_training(runs, target);
    by_chance += without.runs[0].trend || without.runs[1].trend ? 1 : 0;
    // The run at 10 % rises by ten of its epochs' deviations, from its first to its last.
    for (int k = 0; k < epochs; ++k) {
      Joules& epoch = runs[1].epochs[static_cast<std::size_t>(k)];
      epoch = epoch * (1.0 + 10.0 * truth.spread * k / (epochs - 1));
    }
    told += extrapolate_training(runs, target).runs[1].trend ? 1 : 0;
  }
  RecordProperty("told", told);
  RecordProperty("by_chance", by_chance);
  EXPECT_GE(told, 900);
  EXPECT_LE(by_chance, 50);
}

}  // namespace
}  // namespace wattfor::training_extrapolation_test
