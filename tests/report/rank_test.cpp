#include "report/rank.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"
#include "report/sample_cells.h"
#include "report/sample_table.h"
#include "support/refusal.h"

namespace wattfor::rank_test {
namespace {

using test::accuracy_of;
using test::cell_of;
using test::failed_cell_of;
using test::has_text;
using test::sample_table;
using Measurements = std::vector<Measurement>;
using Accuracies = std::vector<Accuracy>;
using Names = std::vector<std::string>;

Names names_of(const RankView& view) {
  Names names;
  for (const RankRow& row : view.rows) names.push_back(row.model);
  return names;
}

Error refused_rank(const Measurements& cells, const Accuracies& accuracies,
                   const RankQuery& query = {}) {
  return test::refusal_of([&] { rank(sample_table(cells, accuracies), query); });
}

// Three models; "large" is the most accurate and takes the greatest energy, 4 mJ.
const Measurements cells{cell_of("small", 1, 2e-3), cell_of("small", 8, 1e-3),
                         cell_of("small", 16, 1.5e-3), cell_of("middle", 8, 2e-3),
                         cell_of("large", 8, 4e-3)};
const Accuracies accuracies{accuracy_of("small", 80.0), accuracy_of("middle", 70.0),
                            accuracy_of("large", 95.0)};

TEST(RankTest, TakesEachModelAtTheBatchSizeWithTheLeastEnergy) {
  const RankView view = rank(sample_table(cells, accuracies), {});
  ASSERT_EQ(3U, view.rows.size());
  EXPECT_EQ("small", view.rows[0].model);
  EXPECT_EQ(8, view.rows[0].batch_size);
  EXPECT_EQ(Joules(1e-3), view.rows[0].energy.energy);
  EXPECT_EQ(8, view.rows[0].input_size);
  EXPECT_EQ(80.0, view.rows[0].accuracy_percent);
  EXPECT_EQ(Basis::measured, view.rows[0].basis);
}

TEST(RankTest, ScoresByTheWeightedManhattanDistanceUnlessAskedOtherwise) {
  const RankView view = rank(sample_table(cells, accuracies), {});
  // 100 − [0.5·(1/4)·100 + 0.5·20], 100 − [0.5·(2/4)·100 + 0.5·30], 100 − [0.5·100 + 0.5·5]
  EXPECT_EQ((Names{"small", "middle", "large"}), names_of(view));
  EXPECT_DOUBLE_EQ(77.5, view.rows[0].score);
  EXPECT_DOUBLE_EQ(60.0, view.rows[1].score);
  EXPECT_DOUBLE_EQ(47.5, view.rows[2].score);
  EXPECT_EQ(Joules(4e-3), view.greatest_energy);
}

TEST(RankTest, RanksByEfficiencyOrByAccuracyAloneWhereAsked) {
  RankQuery query;
  query.score = Score::efficiency;
  EXPECT_DOUBLE_EQ(80.0 / 1e-3, rank(sample_table(cells, accuracies), query).rows[0].score);
  query.score = Score::manhattan;
  query.weight = 0.0;
  EXPECT_EQ((Names{"large", "small", "middle"}),
            names_of(rank(sample_table(cells, accuracies), query)));
}

TEST(RankTest, TakesTheGreatestEnergyBeforeAnyThreshold) {
  RankQuery query;
  query.max_energy_j = 2.5e-3;
  query.min_accuracy_percent = 75.0;
  const RankView view = rank(sample_table(cells, accuracies), query);
  EXPECT_EQ(Names{"small"}, names_of(view));
  EXPECT_DOUBLE_EQ(77.5, view.rows[0].score);
  EXPECT_EQ(2, view.filtered_out);
}

TEST(RankTest, CountsAModelWithoutAccuracyForTheGreatestEnergyToo) {
  const RankView view = rank(sample_table(cells, Accuracies{accuracies[0], accuracies[1]}), {});
  EXPECT_EQ(Joules(4e-3), view.greatest_energy);
  ASSERT_EQ(1U, view.without_accuracy.size());
  EXPECT_EQ("large", view.without_accuracy[0].model);
}

TEST(RankTest, MarksTheFrontOfTheWholeSetup) {
  RankQuery query;
  query.max_energy_j = 2.5e-3;
  const RankView view = rank(sample_table(cells, accuracies), query);
  ASSERT_EQ((Names{"small", "middle"}), names_of(view));
  EXPECT_TRUE(view.rows[0].on_pareto_front);
  EXPECT_FALSE(view.rows[1].on_pareto_front);
}

TEST(RankTest, ShowsTheTopAndSaysHowManyMoreThereAre) {
  RankQuery query;
  query.top = 1;
  const RankView view = rank(sample_table(cells, accuracies), query);
  EXPECT_EQ(Names{"small"}, names_of(view));
  EXPECT_EQ(2, view.beyond_top);
}

TEST(RankTest, LetsEqualScoresShareARank) {
  const RankView view =
      rank(sample_table(
               Measurements{cell_of("b", 1, 1e-3), cell_of("a", 1, 1e-3), cell_of("c", 1, 2e-3)},
               Accuracies{accuracy_of("a", 50.0), accuracy_of("b", 50.0), accuracy_of("c", 50.0)}),
           {});
  EXPECT_EQ((Names{"a", "b", "c"}), names_of(view));
  EXPECT_EQ(1, view.rows[0].rank);
  EXPECT_EQ(1, view.rows[1].rank);
  EXPECT_EQ(3, view.rows[2].rank);
}

TEST(RankTest, TakesTheLastOfSeveralRecordsOfOneCellWhateverTheClockSaid) {
  Measurement first = cell_of("small", 8, 3e-3);
  first.started_at = "2099-02-01T00:00:00.000Z";
  const RankView view = rank(sample_table(Measurements{first, cell_of("small", 8, 1e-3)},
                                          Accuracies{accuracy_of("small", 80.0)}),
                             {});
  EXPECT_EQ(Joules(1e-3), view.rows.at(0).energy.energy);
}

TEST(RankTest, PrefersWhatWasMeasuredHereToWhatWasImported) {
  Measurement theirs = cell_of("small", 16, 1e-4);  // another batch size, so another cell
  theirs.cell->model.sha256 = "another";
  const Measurement other = cell_of("large", 8, 4e-3);
  const RankView view = rank(sample_table(Measurements{cell_of("small", 8, 1e-3), theirs, other},
                                          accuracies, {theirs.id, other.id}),
                             {});
  ASSERT_EQ((Names{"small", "large"}), names_of(view));
  EXPECT_EQ(Joules(1e-3), view.rows[0].energy.energy);
  EXPECT_FALSE(view.rows[0].is_imported);
  EXPECT_TRUE(view.rows[1].is_imported);
}

TEST(RankTest, TakesAnImportedFigureWhereTheOwnCellFailed) {
  const Measurement theirs = cell_of("small", 8, 1e-3);
  const RankView view =
      rank(sample_table(Measurements{failed_cell_of("small", 8, "crashed"), theirs},
                        Accuracies{accuracy_of("small", 80.0)}, {theirs.id}),
           {});
  EXPECT_TRUE(view.rows.at(0).is_imported);
}

TEST(RankTest, KeepsAFinishedCellWhoseRepetitionFailed) {
  Measurement failed = failed_cell_of("small", 8, "crashed");
  failed.started_at = "2026-02-01T00:00:00.000Z";
  const RankView view = rank(sample_table(Measurements{cell_of("small", 8, 1e-3), failed},
                                          Accuracies{accuracy_of("small", 80.0)}),
                             {});
  EXPECT_EQ(Joules(1e-3), view.rows.at(0).energy.energy);
}

TEST(RankTest, ForgetsTheCellsOfAnOlderModelFile) {
  Measurement retrained = cell_of("small", 1, 3e-3);
  retrained.cell->model.sha256 = "another";
  retrained.started_at = "2026-02-01T00:00:00.000Z";
  const RankView view = rank(sample_table(Measurements{cell_of("small", 8, 1e-3), retrained},
                                          Accuracies{accuracy_of("small", 80.0)}),
                             {});
  EXPECT_EQ(Joules(3e-3), view.rows.at(0).energy.energy);
}

TEST(RankTest, NamesModelsWithoutEnergyAndWhy) {
  Measurement unseen = cell_of("unseen", 1, 1e-3);
  unseen.energy.total.basis = Basis::missing;
  Measurement free = cell_of("free", 1, 0.0);
  const RankView view =
      rank(sample_table(Measurements{cell_of("small", 8, 1e-3),
                                     failed_cell_of("huge", 1, "out of memory"), unseen, free},
                        Accuracies{accuracy_of("small", 80.0)}),
           {});
  ASSERT_EQ(3U, view.without_energy.size());
  EXPECT_EQ("free", view.without_energy[0].model);
  EXPECT_EQ("huge", view.without_energy[1].model);
  EXPECT_EQ("failed: out of memory", view.without_energy[1].reason);
  EXPECT_EQ("unseen", view.without_energy[2].model);
}

TEST(RankTest, LeavesSimulatedRecordsOut) {
  Measurement simulated = cell_of("dream", 1, 1e-9);
  simulated.energy.total.basis = Basis::simulated;
  EXPECT_EQ(Names{"small"},
            names_of(rank(
                sample_table(Measurements{simulated, cell_of("small", 8, 1e-3)},
                             Accuracies{accuracy_of("small", 80.0), accuracy_of("dream", 99.0)}),
                {})));
  EXPECT_EQ(ErrorCode::not_found, refused_rank({simulated}, {}).code());
}

TEST(RankTest, MeansOverTheTestSetsOfModelsThatHaveAll) {
  RankQuery query;
  query.where.test_sets = {"one", "two"};
  const RankView view = rank(
      sample_table(
          cells, Accuracies{accuracy_of("small", 80.0, "one"), accuracy_of("small", 60.0, "two"),
                            accuracy_of("large", 95.0, "one"), accuracy_of("large", 1.0, "three")}),
      query);
  ASSERT_EQ(Names{"small"}, names_of(view));
  EXPECT_DOUBLE_EQ(70.0, view.rows[0].accuracy_percent);
  EXPECT_EQ(2U, view.without_accuracy.size());
}

TEST(RankTest, TakesAnUnknownAccuracyForUnknown) {
  Accuracy unknown = accuracy_of("large", 0.0);
  unknown.top1_percent.reset();
  const RankView view = rank(sample_table(cells, Accuracies{accuracies[0], unknown}), {});
  EXPECT_EQ(Names{"small"}, names_of(view));
}

TEST(RankTest, JoinsByNameAndInputSize) {
  Accuracy other_size = accuracy_of("large", 95.0);
  other_size.input_size = 16;
  EXPECT_EQ(Names{"small"},
            names_of(rank(sample_table(cells, Accuracies{accuracies[0], other_size}), {})));
}

TEST(RankTest, NamesTheSizeAtWhichAnAccuracyIsKnown) {
  Accuracy other_size = accuracy_of("large", 95.0);
  other_size.input_size = 224;
  const RankView view = rank(sample_table(cells, Accuracies{accuracies[0], other_size}), {});
  ASSERT_EQ(2U, view.without_accuracy.size());
  EXPECT_EQ("unknown on digits-test; known at input size 224, measured at 8",
            view.without_accuracy[0].reason);
  EXPECT_EQ("unknown on digits-test", view.without_accuracy[1].reason);

  const Error refusal = refused_rank(cells, {other_size});
  EXPECT_TRUE(has_text(refusal.what(), "'large' was measured at input size 8 and has one at 224"));
}

TEST(RankTest, PrefersImagenetOriginalAmongTestSets) {
  const RankView view =
      rank(sample_table(cells, Accuracies{accuracy_of("small", 80.0, "imagenet-original"),
                                          accuracy_of("small", 90.0, "imagenet-real")}),
           {});
  EXPECT_EQ(Names{"imagenet-original"}, view.test_sets);
}

TEST(RankTest, TakesNoNoticeOfTestSetsOfOtherModels) {
  const RankView view =
      rank(sample_table(
               cells, Accuracies{accuracies[0], accuracy_of("another", 90.0, "imagenet-original")}),
           {});
  EXPECT_EQ(Names{"digits-test"}, view.test_sets);
}

TEST(RankTest, AsksWhichTestSetWhereThereAreSeveral) {
  const Error refusal =
      refused_rank(cells, {accuracy_of("small", 80.0, "one"), accuracy_of("small", 60.0, "two")});
  EXPECT_EQ(ErrorCode::usage, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "one  (1 model)"));
  EXPECT_TRUE(has_text(refusal.what(), "two  (1 model)"));
}

TEST(RankTest, NamesTheNearestTestSet) {
  RankQuery query;
  query.where.test_sets = {"digit-test"};
  const Error refusal = refused_rank(cells, accuracies, query);
  EXPECT_EQ(ErrorCode::not_found, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "did you mean 'digits-test'"));
}

TEST(RankTest, SaysHowToBringAccuraciesIn) {
  const Error refusal = refused_rank(cells, {});
  EXPECT_EQ(ErrorCode::not_found, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "wattfor import accuracy"));
}

TEST(RankTest, SaysHowToMeasureSomething) {
  EXPECT_TRUE(has_text(refused_rank({}, accuracies).what(), "wattfor sweep"));
}

TEST(RankTest, SaysWhyNothingWasMeasured) {
  const Error refusal = refused_rank({failed_cell_of("a", 1, "no runtime")}, accuracies);
  EXPECT_TRUE(has_text(refusal.what(), "1 model was tried, the last: failed: no runtime"));
}

TEST(RankTest, TakesNoNoticeOfASetupOnWhichAllFailed) {
  Measurement failed = failed_cell_of("small", 8, "no such device");
  failed.cell->setup.id = "gpu_onnxruntime_fp16";
  Measurements both = cells;
  both.push_back(failed);
  EXPECT_EQ("cpu_onnxruntime_fp32", rank(sample_table(both, accuracies), {}).setup.id);
}

TEST(RankTest, AsksWhichSetupWhereThereAreSeveral) {
  Measurement other = cell_of("small", 8, 1e-3);
  other.cell->setup.id = "gpu_onnxruntime_fp16";
  Measurements both = cells;
  both.push_back(other);
  const Error refusal = refused_rank(both, accuracies);
  EXPECT_EQ(ErrorCode::usage, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "cpu_onnxruntime_fp32  (3 models)"));
  EXPECT_TRUE(has_text(refusal.what(), "gpu_onnxruntime_fp16  (1 model)"));

  RankQuery query;
  query.where.setup = "gpu_onnxruntime_fp16";
  EXPECT_EQ(Names{"small"}, names_of(rank(sample_table(both, accuracies), query)));
  query.where.setup = "gpu_onxruntime_fp16";
  const Error unknown = refused_rank(both, accuracies, query);
  EXPECT_EQ(ErrorCode::not_found, unknown.code());
  EXPECT_TRUE(has_text(unknown.what(), "did you mean 'gpu_onnxruntime_fp16'"));
}

TEST(RankTest, RefusesWhatIsNoWeightOrThreshold) {
  const auto refused = [](auto&& change) {
    RankQuery query;
    change(query);
    return refused_rank(cells, accuracies, query).code() == ErrorCode::usage;
  };
  EXPECT_TRUE(refused([](RankQuery& query) { query.weight = 1.5; }));
  EXPECT_TRUE(refused([](RankQuery& query) { query.min_accuracy_percent = 101.0; }));
  EXPECT_TRUE(refused([](RankQuery& query) { query.max_energy_j = 0.0; }));
  EXPECT_TRUE(refused(
      [](RankQuery& query) { query.max_energy_j = std::numeric_limits<double>::infinity(); }));
  EXPECT_TRUE(refused([](RankQuery& query) { query.weight = std::nan(""); }));
  EXPECT_TRUE(refused([](RankQuery& query) { query.top = 0; }));
}

TEST(RankTest, JsonHasTheStableKeys) {
  const nlohmann::json json = to_json(rank(sample_table(cells, accuracies), {}));
  EXPECT_EQ("cpu_onnxruntime_fp32", json["setup"]);
  EXPECT_EQ("manhattan", json["score"]);
  const nlohmann::json& row = json["rows"][0];
  EXPECT_EQ(16U, row.size());
  for (const char* key :
       {"rank", "model", "input_size", "accuracy_percent", "energy_j", "energy_low_j",
        "energy_high_j", "comparison_low_j", "comparison_high_j", "basis", "batch_size",
        "throughput_per_s", "latency_ms", "score", "on_pareto_front", "imported"}) {
    EXPECT_TRUE(row.contains(key)) << key;
  }
}

PublishedFigure published(const std::string& setup, const std::string& model, double joules) {
  PublishedFigure figure;
  figure.setup.id = setup;
  figure.setup.label = setup + " as published";
  figure.model = model;
  figure.input_size = 8;
  figure.energy_per_image.energy = Joules(joules);
  return figure;
}

TEST(RankTest, RanksWhatOthersPublishedOfASetup) {
  const std::vector<PublishedFigure> figures{published("A100_PT", "large", 4e-3),
                                             published("A100_PT", "small", 1e-3),
                                             published("A100_TRT", "small", 5e-4)};
  RankQuery query;
  query.where.setup = "A100_PT";
  const RankView view = rank(sample_table(Measurements{}, accuracies, {}, figures), query);
  EXPECT_EQ((Names{"small", "large"}), names_of(view));
  EXPECT_EQ(view.setup.label, "A100_PT as published");
  EXPECT_EQ(view.rows[0].batch_size, std::nullopt);
  EXPECT_TRUE(view.rows[0].is_imported);
  EXPECT_EQ(to_json(view)["rows"][0]["throughput_per_s"], nullptr);
  const Error choice =
      test::refusal_of([&] { rank(sample_table(cells, accuracies, {}, figures), {}); });
  EXPECT_TRUE(has_text(choice.what(), "A100_TRT  (1 model)"));
}

TEST(RankTest, WhatWasMeasuredIsNotMixedWithWhatOthersPublishedOfTheSameSetup) {
  const std::string setup = cells.front().cell->setup.id;
  const std::vector<PublishedFigure> figures{published(setup, "other", 1e-6)};
  EXPECT_EQ(3U, rank(sample_table(cells, accuracies, {}, figures), {}).rows.size());
}

TEST(RankTest, OneCostlyModelRulesTheManhattanScoreAndNotItsLogarithm) {
  const std::vector<PublishedFigure> figures{
      published("s", "small", 0.01), published("s", "middle", 0.5), published("s", "large", 60.0)};
  const Accuracies known{accuracy_of("small", 70.0), accuracy_of("middle", 88.0),
                         accuracy_of("large", 89.0)};
  RankQuery query;
  EXPECT_EQ("middle", rank(sample_table(Measurements{}, known, {}, figures), query).rows[0].model);
  query.score = Score::log_manhattan;
  const RankView view = rank(sample_table(Measurements{}, known, {}, figures), query);
  EXPECT_EQ("small", view.rows[0].model);
  EXPECT_DOUBLE_EQ(85.0, view.rows[0].score) << "100 − 0.5·30";
  EXPECT_DOUBLE_EQ(44.5, view.rows[2].score) << "100 − 0.5·100 − 0.5·11";
  EXPECT_EQ(Joules(0.01), view.least_energy);
}

TrainingRun trained(const std::string& model, double kwh) {
  TrainingRun run{.model = model};
  run.train = kilowatt_hours(kwh);
  return run;
}

TEST(RankTest, BySamTakesTheElectricityThatTrainingTookByTheModelsNames) {
  RankQuery query;
  query.score = Score::sam;
  // Of two runs of "small" the whole one counts.
  const std::vector runs{trained("small", 20.0), trained("small", 100.0), trained("large", 1e8),
                         trained("elsewhere", 1.0)};
  const RankView view = rank(sample_table(cells, accuracies), query, runs);
  EXPECT_EQ((Names{"small", "large"}), names_of(view));
  EXPECT_DOUBLE_EQ(5.0 * std::pow(0.8, 5.0) / 2.0, view.rows[0].score);
  EXPECT_EQ(kilowatt_hours(100.0), view.rows[0].training);
  ASSERT_EQ(1U, view.without_training.size());
  EXPECT_EQ("middle", view.without_training[0].model);
  EXPECT_TRUE(view.warnings.empty());
  EXPECT_EQ(nullptr, to_json(view)["weight"]);
}

TEST(RankTest, BySamSaysWhereItIsUndefinedOrHandedOut) {
  RankQuery query;
  query.score = Score::sam;
  const std::vector runs{trained("small", 0.5), trained("large", 2.0)};
  const RankView view = rank(sample_table(cells, accuracies), query, runs);
  EXPECT_EQ(Names{"large"}, names_of(view));
  ASSERT_EQ(1U, view.warnings.size());
  EXPECT_TRUE(has_text(view.warnings[0], "below 10 kWh"));
  EXPECT_TRUE(has_text(view.without_training[1].reason, "1 kWh"));
}

TEST(RankTest, BySamSaysHowToBringTrainingInWhereNoneIsKnown) {
  RankQuery query;
  query.score = Score::sam;
  const std::vector runs{trained("elsewhere", 100.0)};
  const Error error = test::refusal_of([&] { rank(sample_table(cells, accuracies), query, runs); });
  EXPECT_EQ(ErrorCode::not_found, error.code());
  EXPECT_TRUE(has_text(error.what(), "wattfor import training FILE.csv"));
}

}  // namespace
}  // namespace wattfor::rank_test
