#include "analysis/energy_prediction.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor::energy_prediction_test {
namespace {

// Made-up models of four families whose energies are known: E = c · MACs^0.8 · (activations per
// MAC)^0.3, c a family's own, each architecture off by a normal deviate of the logarithm.
class World {
 public:
  explicit World(double spread, int architectures = 30) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> deviate;
    const auto family_of_number = [](int i) { return std::string(4, static_cast<char>('a' + i)); };
    for (int family = 0; family < 4; ++family) {
      for (int i = 0; i < architectures; ++i) {
        const std::string architecture = fmt::format("{}{}", family_of_number(family), i);
        const double macs = 1e9 * std::exp(deviate(random));
        const double share = 3e-3 * std::exp(0.5 * deviate(random));
        const double off = std::exp(spread * deviate(random));
        for (const int size : {224, 288}) {
          const double area = size * size / (224.0 * 224.0);
          const std::string& name = names_.emplace_back(architecture + ".weights");
          const PredictionInput input{name, size, 5e6, macs * area, share * macs * area};
          rows.push_back({input, truth(family, input) * off});
        }
      }
    }
  }

  static Joules truth(int family, const PredictionInput& input) {
    return Joules(0.01 * (1.0 + family) * std::pow(input.macs / 1e9, 0.8) *
                  std::pow(*input.activations / input.macs / 3e-3, 0.3));
  }

  std::vector<MeasuredModel> rows;

 private:
  std::deque<std::string> names_;  // whose addresses stay
};

TEST(EnergyPredictionTest, FindsTheEnergiesThatKnownFamiliesFollow) {
  const World world(0.0);
  const auto predictor = EnergyPredictor::fit(world.rows);
  EXPECT_EQ(240U, predictor->rows());
  EXPECT_EQ(120U, predictor->architectures());
  const PredictionInput input{"cccc99.other", 256, 5e6, 2e9, 5e6};
  const auto prediction = predictor->predict(input);
  EXPECT_NEAR(World::truth(2, input).value(), prediction->energy.energy.value(), 2e-4);
  EXPECT_LT(prediction->energy.low, World::truth(2, input));
  EXPECT_GT(prediction->energy.high, World::truth(2, input));
  EXPECT_EQ("cccc", prediction->family);
  EXPECT_EQ(60U, prediction->family_rows);
}

TEST(EnergyPredictionTest, HoldsNineOfTenEnergiesInItsIntervals) {
  for (const double spread : {0.05, 0.3}) {
    const World world(spread);
    const auto validation = EnergyPredictor::fit(world.rows)->cross_validate();
    EXPECT_NEAR(0.9, validation->coverage, 0.04) << spread;
    // The median of a normal deviate's size is 0.674.
    EXPECT_NEAR(0.674 * spread, validation->median_relative_error, 0.3 * spread) << spread;
    EXPECT_NEAR(std::exp(1.645 * spread), validation->median_interval_factor, 0.3 * spread);
  }
}

TEST(EnergyPredictionTest, IsLessSureOfAnUnknownFamily) {
  const World world(0.05);
  const auto predictor = EnergyPredictor::fit(world.rows);
  const auto width = [&](std::string_view model) {
    const PredictedEnergy energy = predictor->predict({model, 224, 5e6, 1e9, 3e6})->energy;
    return energy.high / energy.low;
  };
  EXPECT_GT(width("strange1"), 2.0 * width("bbbb99"));
  const auto known = predictor->cross_validate();
  const auto unknown = predictor->cross_validate({.held_out = HeldOut::families});
  EXPECT_GT(unknown->median_relative_error, 3.0 * known->median_relative_error);
  EXPECT_GT(unknown->median_interval_factor, known->median_interval_factor);
}

TEST(EnergyPredictionTest, CrossValidatesAsIfTheFoldHadNeverBeenMeasured) {
  const World world(0.1, 5);
  // As many folds as architectures: what is held out is one of them alone.
  const auto all = EnergyPredictor::fit(world.rows)->cross_validate({.folds = 1000});
  for (const std::size_t row : {0U, 17U, 39U}) {
    const PredictionInput& held_out = world.rows[row].input;
    std::vector<MeasuredModel> rest = world.rows;
    std::erase_if(rest,
                  [&](const MeasuredModel& each) { return each.input.model == held_out.model; });
    const auto refitted = EnergyPredictor::fit(rest)->predict(held_out)->energy;
    const PredictedEnergy& told = all->predictions[row];
    EXPECT_NEAR(1.0, told.energy / refitted.energy, 1e-6);
    EXPECT_NEAR(1.0, told.low / refitted.low, 1e-6);
    EXPECT_NEAR(1.0, told.high / refitted.high, 1e-6);
  }
}

TEST(EnergyPredictionTest, DrawsTheFoldsByTheSeedAlone) {
  const World world(0.1, 10);
  const auto predictor = EnergyPredictor::fit(world.rows);
  const auto errors = [&](std::uint64_t seed) {
    return predictor->cross_validate({.seed = seed})->median_relative_error;
  };
  EXPECT_EQ(errors(3), errors(3));
  EXPECT_NE(errors(3), errors(4));
}

TEST(EnergyPredictionTest, NamesTheNearestRelativesOneOfAnArchitecture) {
  const World world(0.0, 5);
  const auto predictor = EnergyPredictor::fit(world.rows);
  // Row 10 is the first of the second family; its other size is row 11.
  PredictionInput input = world.rows[10].input;
  input.model = "bbbb0.of_other_weights";
  const auto relatives = predictor->predict(input)->relatives;
  ASSERT_EQ(5U, relatives.size());
  EXPECT_EQ(10U, relatives.front().row);
  EXPECT_NEAR(1.0, relatives.front().usual_factor, 1e-6);
  std::set<std::string_view> architectures;
  for (const Relative& each : relatives) {
    EXPECT_TRUE(architectures.insert(world.rows[each.row].input.model).second);
  }
  EXPECT_TRUE(std::ranges::is_sorted(relatives, {}, &Relative::usual_factor));
}

TEST(EnergyPredictionTest, SaysWhereItExtrapolates) {
  const World world(0.0);
  const auto predictor = EnergyPredictor::fit(world.rows);
  const auto beyond = [&](const PredictionInput& input) {
    return predictor->predict(input)->extrapolates;
  };
  using enum PredictionFeature;
  EXPECT_TRUE(beyond({"aaaa99", 256, 5e6, 1e9, 3e6}).empty());
  EXPECT_EQ(std::vector{macs}, beyond({"aaaa99", 256, 5e6 * 1e3, 1e9 * 1e3, 3e6 * 1e3}));
  EXPECT_EQ(std::vector{activations_per_mac}, beyond({"aaaa99", 256, 5e6, 1e9, 3e8}));
  EXPECT_EQ(std::vector{parameters_per_mac}, beyond({"aaaa99", 256, 5e9, 1e9, 3e6}));
  EXPECT_EQ(std::vector{input_size}, beyond({"aaaa99", 223, 5e6, 1e9, 3e6}));
}

TEST(EnergyPredictionTest, DoesWithoutActivationsWhereNoneAreKnown) {
  World world(0.05);
  for (MeasuredModel& each : world.rows) each.input.activations = std::nullopt;
  const auto predictor = EnergyPredictor::fit(world.rows);
  EXPECT_FALSE(predictor->uses_activations());
  const auto without = predictor->predict({"aaaa99", 224, 5e6, 1e9, std::nullopt});
  const auto with = predictor->predict({"aaaa99", 224, 5e6, 1e9, 4e6});
  EXPECT_EQ(without->energy.energy, with->energy.energy);
  // What activations would have told is part of the error now.
  EXPECT_GT(predictor->cross_validate()->median_relative_error,
            EnergyPredictor::fit(World(0.05).rows)->cross_validate()->median_relative_error);
}

TEST(EnergyPredictionTest, RefusesToMixModelsWithActivationsAndWithout) {
  World world(0.0);
  world.rows.front().input.activations = std::nullopt;
  EXPECT_FALSE(EnergyPredictor::fit(world.rows));
  EXPECT_FALSE(EnergyPredictor::fit(World(0.0).rows)->predict({"aaaa9", 224, 5e6, 1e9, {}}));
}

TEST(EnergyPredictionTest, NeedsTenArchitectures) {
  World world(0.0, 3);
  EXPECT_TRUE(EnergyPredictor::fit(world.rows));
  world.rows.resize(19);  // nine and a half, at two sizes each
  EXPECT_TRUE(EnergyPredictor::fit(world.rows));
  world.rows.resize(18);
  EXPECT_FALSE(EnergyPredictor::fit(world.rows));
  EXPECT_FALSE(EnergyPredictor::fit({}));
}

TEST(EnergyPredictionTest, IsUndefinedForWhatIsNoModelOrNoEnergy) {
  const World world(0.0, 5);
  const auto predictor = EnergyPredictor::fit(world.rows);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(predictor->predict({"aaaa99", 224, 5e6, 1e9, 3e6}));
  EXPECT_FALSE(predictor->predict({"", 224, 5e6, 1e9, 3e6}));
  EXPECT_FALSE(predictor->predict({".weights", 224, 5e6, 1e9, 3e6}));
  EXPECT_FALSE(predictor->predict({"aaaa99", 0, 5e6, 1e9, 3e6}));
  EXPECT_FALSE(predictor->predict({"aaaa99", 224, 0.0, 1e9, 3e6}));
  EXPECT_FALSE(predictor->predict({"aaaa99", 224, 5e6, -1.0, 3e6}));
  EXPECT_FALSE(predictor->predict({"aaaa99", 224, 5e6, 1e9, nan}));
  for (const double energy : {0.0, -1.0, nan, std::numeric_limits<double>::infinity()}) {
    std::vector<MeasuredModel> rows = world.rows;
    rows.front().energy = Joules(energy);
    EXPECT_FALSE(EnergyPredictor::fit(rows)) << energy;
  }
}

}  // namespace
}  // namespace wattfor::energy_prediction_test
