// The inference study's analyses, of tables small enough to be worked out by hand.

#include "analysis/inference_findings.h"

#include <gtest/gtest.h>

#include <cmath>

namespace wattfor::inference_findings_test {
namespace {

Setup setup_of(const std::string& id, const std::string& device, const std::string& precision) {
  Setup setup;
  setup.id = id;
  setup.device = device;
  setup.precision = precision;
  return setup;
}

EnergyFigure figure_of(double energy_j) {
  EnergyFigure figure;
  figure.energy = Joules(energy_j);
  return figure;
}

// Measured energies in J, one a row; NaN for none.
SetupColumns& add_setup(ModelTable& table, const Setup& setup,
                        const std::vector<double>& energies) {
  SetupColumns& columns = table.setup_columns(setup);
  for (std::size_t row = 0; row < energies.size(); ++row) {
    if (std::isnan(energies[row])) continue;
    columns.set_energy(row, figure_of(energies[row]), Basis::measured);
    columns.is_imported[row] = true;
  }
  return columns;
}

void set_all(NumberColumn& column, const std::vector<double>& numbers) {
  for (std::size_t row = 0; row < numbers.size(); ++row) column.set(row, numbers[row]);
}

ModelTable four_models() {
  return table_of(
      {{"resnet18.a", 224}, {"resnet50.a", 224}, {"resnet50.a", 448}, {"vgg16.a", 224}});
}

TEST(DistributionTest, TakesQuantilesBetweenNeighboursAndRefusesWhatIsNoFactor) {
  const auto of = distribution_of({8.0, 1.0, 2.0, 4.0});
  ASSERT_TRUE(of);
  EXPECT_DOUBLE_EQ(of->median, 3.0);
  EXPECT_DOUBLE_EQ(of->low, 1.0 + 0.075);
  EXPECT_DOUBLE_EQ(of->geometric_mean, std::sqrt(8.0));
  EXPECT_EQ(of->least, 1.0);
  EXPECT_EQ(of->greatest, 8.0);
  EXPECT_FALSE(distribution_of({1.0}));
  EXPECT_FALSE(distribution_of({1.0, 0.0}));
  EXPECT_FALSE(distribution_of({1.0, std::nan("")}));
}

TEST(SetupPairsTest, CorrelateTheModelsOfBothAndApartThoseOfAll) {
  ModelTable table = four_models();
  add_setup(table, setup_of("a", "D", "fp32"), {1.0, 2.0, 3.0, 9.0});
  add_setup(table, setup_of("b", "D", "fp16"), {2.0, 4.0, 6.0, 3.0});
  add_setup(table, setup_of("c", "E", "fp16"), {1.0, 3.0, 2.0, not_known});
  const SetupList setups{&table.setups[0], &table.setups[1], &table.setups[2]};
  const auto correlations = setup_correlations(setups);
  ASSERT_EQ(correlations.size(), 6U);
  EXPECT_EQ(correlations[0].models, 4U);
  EXPECT_FALSE(correlations[0].is_joint);
  EXPECT_LT(*correlations[0].pearson, 0.5);
  EXPECT_EQ(correlations[3].models, 3U);
  EXPECT_TRUE(correlations[3].is_joint);
  EXPECT_DOUBLE_EQ(*correlations[3].pearson, 1.0);
  EXPECT_DOUBLE_EQ(*correlations[4].spearman, 0.5);
}

TEST(SetupPairsTest, ReduceFromWhereModelsTakeMoreOnOneDevice) {
  ModelTable table = four_models();
  SetupColumns& fast = add_setup(table, setup_of("a fast", "D", "fp16"), {1.0, 1.0, 2.0, 2.0});
  set_all(fast.throughput_per_s, {40.0, 40.0, 20.0, 20.0});
  SetupColumns& slow = add_setup(table, setup_of("slow", "D", "fp32"), {2.0, 8.0, 4.0, 16.0});
  set_all(slow.throughput_per_s, {20.0, 5.0, 10.0, 2.5});
  add_setup(table, setup_of("other", "E", "fp32"), {1.0, 1.0, 1.0, 1.0});
  const SetupList setups{table.setup("a fast"), table.setup("slow"), table.setup("other")};
  const auto reductions = setup_reductions(setups);
  ASSERT_EQ(reductions.size(), 1U);
  EXPECT_EQ(reductions[0].from, "slow");
  EXPECT_EQ(reductions[0].to, "a fast");
  EXPECT_NEAR(reductions[0].factor.geometric_mean, 4.0, 1e-12);
  // The power is the same on both, so the factors are the throughputs' gains.
  EXPECT_NEAR(reductions[0].by_throughput_gain->slope, 1.0, 1e-12);
  EXPECT_NEAR(*reductions[0].throughput_gain_pearson, 1.0, 1e-12);
}

TEST(SetupPairsTest, OfNoReductionAtAllEndWhicheverWayTheMeanRounds) {
  ModelTable table = table_of({{"a", 1}, {"b", 1}});
  add_setup(table, setup_of("s", "D", "fp32"), {7.61, 3.41});
  add_setup(table, setup_of("t", "D", "fp16"), {3.41, 7.61});
  const SetupList setups{&table.setups[0], &table.setups[1]};
  const auto reductions = setup_reductions(setups);
  ASSERT_EQ(reductions.size(), 1U);
  EXPECT_NEAR(reductions[0].factor.geometric_mean, 1.0, 1e-12);
}

TEST(SetupPairsTest, OfUnknownDevicesAreNotOfOneDevice) {
  ModelTable table = table_of({{"a", 1}, {"b", 1}});
  add_setup(table, setup_of("s", "", "fp32"), {1.0, 2.0});
  add_setup(table, setup_of("t", "", "fp32"), {2.0, 4.0});
  const SetupList setups{&table.setups[0], &table.setups[1]};
  EXPECT_TRUE(setup_reductions(setups).empty());
}

TEST(FlawedCountsTest, AreThoseBelowTheirParametersAndThoseThatAnotherProgramContradicts) {
  std::vector<ModelKey> models;
  for (int i = 0; i < 30; ++i) models.push_back({"m" + std::to_string(100 + i), 224});
  ModelTable table = table_of(models);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    // The one counts four times what the other does, by habit.
    table.counter_columns("one").parameters.set(row, 1e6);
    table.counter_columns("one").macs.set(row, 4e9);
    table.counter_columns("other").macs.set(row, 1e9);
  }
  table.counter_columns("one").macs.set(3, 4.9e6);
  table.counter_columns("one").macs.set(7, 0.7e9);
  table.counter_columns("other").macs.set(9, 0.3e9);
  const auto flawed = flawed_counts(table, *table.counter("one"));
  ASSERT_EQ(flawed.size(), 2U);
  EXPECT_EQ(flawed[0].row, 3U);
  EXPECT_EQ(flawed[1].row, 7U);
  EXPECT_DOUBLE_EQ(*flawed[1].expected, 4e9);
  EXPECT_EQ(flawed[1].other_counter, "other");
  EXPECT_TRUE(flawed_counts(table, *table.counter("other")).empty());
}

TEST(DriversTest, FillInWhatIsCountedInAnArchitectureAndStandWithoutFlawedCounts) {
  ModelTable table = table_of({{"net1", 224},
                               {"net1.a", 224},
                               {"net2.a", 224},
                               {"net3.a", 224},
                               {"net4.a", 224},
                               {"net4.a", 448}});
  add_setup(table, setup_of("s", "D", "fp32"), {not_known, 1.0, 2.0, 3.0, 4.0, 16.0});
  CounterColumns& counter = table.counter_columns("timm");
  set_all(counter.parameters, {1e6, not_known, 1e6, 1e6, 1e6});
  set_all(counter.macs, {1e9, not_known, 2e9, 3e9, 1e3});
  const auto counters = checked_counters(table);
  const SetupList setups{&table.setups[0]};
  const auto found = drivers(table, counters, setups);
  ASSERT_EQ(found.size(), 3U);  // parameters, MACs, input area; no activations
  EXPECT_EQ(found[1].quantity, "macs");
  EXPECT_EQ(found[1].models, 4U);
  EXPECT_EQ(found[1].left_out, 1U);
  EXPECT_EQ(found[1].flawed, 1U);
  EXPECT_DOUBLE_EQ(*found[1].sound_pearson, 1.0);
  EXPECT_LT(*found[1].pearson, 0.0);
  EXPECT_FALSE(found[0].pearson);  // they are all the same
  EXPECT_EQ(found[2].quantity, "input_area");
  EXPECT_EQ(found[2].models, 5U);
}

TEST(NaiveEstimateTest, IsTooSmallByWhatTheDeviceFallsShortOfItsPeak) {
  ModelTable table = four_models();
  const auto setup = setup_of("s", "NVIDIA A100 PCIe 40GB", "fp16");
  // At 78 TMAC/s and 250 W, 7.8 GMAC would take 25 mJ; by the tensor cores' 156 TMAC/s 12.5 mJ.
  add_setup(table, setup, {0.050, 0.050, 0.100, 0.100});
  set_all(table.counter_columns("c").macs, {7.8e9, 7.8e9, 7.8e9, 7.8e9});
  const auto counters = checked_counters(table);
  const SetupList setups{&table.setups[0]};
  const auto errors = naive_errors(counters, setups);
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].form, NaiveForm::published);
  EXPECT_NEAR(errors[0].underestimate.geometric_mean, std::sqrt(8.0), 1e-12);
  EXPECT_NEAR(errors[1].underestimate.geometric_mean, 2.0 * std::sqrt(8.0), 1e-12);
  EXPECT_EQ(errors[0].worst_row, 2U);
  EXPECT_EQ(errors[0].ascending.size(), 4U);
}

TEST(PowerDrawTest, CountsTheModelsAboveTheLimitAndLeavesEstimatesOut) {
  ModelTable table = four_models();
  SetupColumns& columns =
      add_setup(table, setup_of("s", "NVIDIA A100 PCIe 40GB", "fp16"), {1.0, 1.0, 1.0, not_known});
  columns.set_energy(3, figure_of(1.0), Basis::modelled);
  set_all(columns.throughput_per_s, {200.0, 240.0, 260.0, 9e9});
  const SetupList setups{&columns};
  const auto draws = power_draws(setups);
  ASSERT_EQ(draws.size(), 1U);
  EXPECT_EQ(draws[0].watts.count, 3U);
  EXPECT_EQ(draws[0].limit_w, 250.0);
  EXPECT_EQ(draws[0].above_limit, 1U);
  EXPECT_EQ(draws[0].greatest_row, 2U);
}

TEST(InputAreaTest, SetsEachWeightSetAgainstItsSmallestSize) {
  ModelTable table =
      table_of({{"a", 100}, {"a", 200}, {"b", 100}, {"b", 200}, {"b", 300}, {"c", 100}});
  add_setup(table, setup_of("s", "D", "fp32"), {1.0, 4.0, 1.0, 4.0, 9.0, 5.0});
  const std::vector<double> accuracy{80.0, 82.0, 70.0, 70.7, not_known, 60.0};
  const SetupList setups{&table.setups[0]};
  const auto effects = input_area_effects(table, accuracy, setups);
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(effects[0].weights, 2U);
  EXPECT_NEAR(effects[0].exponent_median, 1.0, 1e-12);
  ASSERT_EQ(effects[0].steps.size(), 3U);
  EXPECT_NEAR(effects[0].steps[0].area_percent, 300.0, 1e-9);
  EXPECT_NEAR(effects[0].steps[0].accuracy_percent, 2.5, 1e-9);
  EXPECT_NEAR(effects[0].energy_percent->slope, 1.0, 1e-12);
  EXPECT_FALSE(effects[0].accuracy_percent);  // two steps make no line
}

TEST(InputAreaTest, AStepFromAnAccuracyOfZeroIsUnknownAndCostsTheOthersNothing) {
  ModelTable table = table_of({{"a", 1}, {"a", 2}, {"b", 1}, {"b", 2}, {"b", 3}, {"b", 4}});
  add_setup(table, setup_of("s", "D", "fp32"), {1.0, 4.0, 1.0, 4.0, 9.0, 16.0});
  const std::vector<double> accuracy{0.0, 82.0, 50.0, 51.0, 52.0, 53.0};
  const SetupList setups{&table.setups[0]};
  EXPECT_TRUE(input_area_effects(table, accuracy, setups)[0].accuracy_percent);
}

TEST(ClassCentresTest, AreMeansOfLogarithmsAndLeaveUnknownFamiliesOut) {
  ModelTable table = table_of(
      {{"deit_small.a", 224}, {"nobody_knows", 224}, {"resnet18.a", 224}, {"resnet50.a", 224}});
  add_setup(table, setup_of("s", "D", "fp32"), {3.0, 100.0, 1.0, 4.0});
  const std::vector<double> accuracy{80.0, 10.0, 70.0, 76.0};
  const auto models = judged_models(table.setups[0], accuracy);
  const auto centres = class_centres(models, families_of(table));
  ASSERT_EQ(centres.size(), 2U);
  EXPECT_EQ(centres[0].model_class, ModelClass::cnn);
  EXPECT_DOUBLE_EQ(centres[0].energy_j, 2.0);
  EXPECT_DOUBLE_EQ(centres[0].accuracy_percent, 73.0);
  EXPECT_EQ(centres[1].models, 1U);
}

TEST(YearlyHullsTest, RiseByWhatTheYearsModelsAddAndMoveToTheLeft) {
  // VGG of 2014, ResNet of 2015: the same accuracies for a tenth of the energy, and a better one.
  ModelTable table = table_of({{"resnet18.a", 224},
                               {"resnet34.a", 224},
                               {"resnet50.a", 224},
                               {"vgg11.a", 224},
                               {"vgg16.a", 224}});
  add_setup(table, setup_of("s", "D", "fp32"), {0.1, 1.0, 10.0, 1.0, 10.0});
  const std::vector<double> accuracy{60.0, 70.0, 80.0, 60.0, 70.0};
  const auto models = judged_models(table.setups[0], accuracy);
  const auto hulls = yearly_hulls(models, families_of(table));
  ASSERT_EQ(hulls.size(), 2U);
  EXPECT_EQ(hulls[0].year, 2014);
  EXPECT_EQ(hulls[0].corners.rows, (std::vector<std::size_t>{3, 4}));
  EXPECT_FALSE(hulls[0].energy_factor);
  EXPECT_EQ(hulls[1].models, 5U);
  EXPECT_EQ(hulls[1].new_models, 3U);
  EXPECT_NEAR(*hulls[1].energy_factor, 0.1, 1e-12);
  EXPECT_FALSE(hulls[1].rise_percent[0]);  // there was no hull at so little energy
  EXPECT_NEAR(*hulls[1].rise_percent[2], 10.0, 1e-9);
}

TEST(UsualTestSetsTest, AreTheOriginalOneOrThatOfMostModels) {
  ModelTable table = four_models();
  add_setup(table, setup_of("s", "D", "fp32"), {1.0, 2.0, not_known, 3.0});
  set_all(table.test_set_column("a").top1_percent, {1.0, not_known, 3.0});
  set_all(table.test_set_column("b").top1_percent, {1.0, 2.0});
  EXPECT_EQ(usual_test_sets(table, table.setups[0]), std::vector<std::string>{"b"});
  set_all(table.test_set_column("imagenet-original").top1_percent, {70.0});
  EXPECT_EQ(usual_test_sets(table, table.setups[0]), std::vector<std::string>{"imagenet-original"});
}

}  // namespace
}  // namespace wattfor::inference_findings_test
