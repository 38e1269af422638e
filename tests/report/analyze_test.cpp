// The published data through the store, analysed: what the inference study printed, or what its
// data give where that differs (docs/findings.md), to the digit.

#include "report/analyze.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "dataset/study.h"
#include "report/analysis_json.h"
#include "report/analysis_report.h"
#include "report/models.h"
#include "report/sample_cells.h"
#include "report/sample_table.h"
#include "support/published_data.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::analyze_test {
namespace {

using Json = nlohmann::json;

// Null where the published data are not there.
const Analysis* published_analysis() {
  static const auto analysis = []() -> std::unique_ptr<Analysis> {
    const auto folder = test::published_data() / "inference-energy";
    if (!std::filesystem::exists(folder)) return nullptr;
    const test::TempTree tree;
    Store store(tree / "a.db", StoreAccess::write);
    store.add(read_study(folder).tables);
    return std::make_unique<Analysis>(analyze(models_of(store), {}, {}));
  }();
  return analysis.get();
}

class PublishedAnalysis : public testing::Test {
 protected:
  void SetUp() override {
    if (published_analysis() == nullptr) GTEST_SKIP() << "the published data are not here";
    answer = to_json(*published_analysis());
  }

  // The entry of a list of which each of `has` is true.
  const Json& entry(const char* list, const Json& has) const {
    for (const Json& each : answer[list]) {
      bool is_it = true;
      for (const auto& [key, value] : has.items()) is_it = is_it && each[key] == value;
      if (is_it) return each;
    }
    throw std::runtime_error(has.dump());
  }

  Json answer;
};

// To so many decimals, as printed.
void expect_printed(double printed, const Json& number, double half_a_digit) {
  EXPECT_NEAR(printed, number.get<double>(), half_a_digit);
}

TEST_F(PublishedAnalysis, CorrelatesTheSetupsAsItsTable2) {
  struct Printed {
    const char* a;
    const char* b;
    bool is_joint;
    double pearson;
    double spearman;
  };
  for (const Printed& each : {Printed{"A100_PT", "A100_TRT", false, 0.8553, 0.9345},
                              Printed{"A100_TRT", "H100_TRT", false, 0.9840, 0.9943},
                              Printed{"A100_PT", "H100_PT", true, 0.9939, 0.9904},
                              Printed{"H100_PT", "H100_TRT", false, 0.8299, 0.9201}}) {
    const Json& found =
        entry("correlations", {{"a", each.a}, {"b", each.b}, {"joint", each.is_joint}});
    expect_printed(each.pearson, found["pearson"], 5e-5);
    expect_printed(each.spearman, found["spearman"], 5e-5);
    EXPECT_EQ(found["models"], 1405);
  }
}

TEST_F(PublishedAnalysis, GivesTheReductionFactorsOfTheData) {
  const Json& a100 = entry("reductions", {{"from", "A100_PT"}, {"to", "A100_TRT"}});
  expect_printed(3.937, a100["geometric_mean"], 5e-4);
  expect_printed(1.576, a100["geometric_sd"], 5e-4);
  const Json& h100 = entry("reductions", {{"from", "H100_PT"}, {"to", "H100_TRT"}});
  expect_printed(4.034, h100["geometric_mean"], 5e-4);
  expect_printed(1.610, h100["geometric_sd"], 5e-4);
}

TEST_F(PublishedAnalysis, CorrelatesWhatDrivesEnergy) {
  const auto driver = [&](const char* quantity, const char* source) {
    return entry("drivers",
                 {{"setup", "A100_TRT"}, {"quantity", quantity}, {"source", source}})["pearson"];
  };
  expect_printed(0.698, driver("parameters", "torchinfo"), 5e-4);
  expect_printed(0.827, driver("macs", "ptflops"), 5e-4);
  expect_printed(0.843, driver("activations", "study"), 5e-4);
}

TEST_F(PublishedAnalysis, FindsTheMacsThatMissLayers) {
  int flawed = 0;
  for (const Json& each : answer["flawed_counts"]) {
    if (each["source"] != "ptflops") continue;
    ++flawed;
    const std::string model = each["model"];
    const auto names = [&](const char* word) { return model.find(word) != std::string::npos; };
    EXPECT_TRUE(names("nf") || names("_bit") || names("_cc_")) << model;
  }
  EXPECT_EQ(flawed, 38);
}

TEST_F(PublishedAnalysis, EstimatesFromMacsAreThreeTimesTooSmall) {
  for (const char* setup : {"A100_PT", "A100_TRT"}) {
    const Json& error =
        entry("naive_estimate", {{"setup", setup}, {"source", "ptflops"}, {"form", "published"}});
    EXPECT_NEAR(3.15, error["geometric_mean"].get<double>(), 0.02) << setup;
    EXPECT_EQ(error["left_out"], 38);
  }
}

TEST_F(PublishedAnalysis, SaysThatTheEnergyAt100PercentIsNotInTheData) {
  const auto at_100 = [&](int dropped, const char* loss) {
    const Json& curve = entry("diminishing_returns",
                              {{"setup", "H100_TRT"}, {"lowest_dropped", dropped}, {"loss", loss}});
    return std::pow(10.0, curve["log10_energy_j_at_100_percent"].get<double>());
  };
  EXPECT_NEAR(81.4, at_100(0, "squared"), 0.1);
  EXPECT_NEAR(9990.0, at_100(0, "cauchy"), 10.0);
  constexpr double joules_a_mwh = 3.6e9;
  EXPECT_NEAR(218.0, at_100(3, "cauchy") / joules_a_mwh, 1.0);
  EXPECT_NEAR(1776.0, at_100(3, "squared") / joules_a_mwh, 1.0);
}

TEST_F(PublishedAnalysis, EnergyIsInProportionToTheImagesArea) {
  const Json& effect = entry("input_size", {{"setup", "A100_TRT"}});
  EXPECT_EQ(effect["models"], 266);
  EXPECT_NEAR(1.0, effect["exponent_median"].get<double>(), 0.005);
}

TEST_F(PublishedAnalysis, KeepsEachSetupsFrontInOrder) {
  EXPECT_EQ(answer["pareto"].size(), 4U);
  for (const auto& [setup, front] : answer["pareto"].items()) {
    for (std::size_t i = 1; i < front.size(); ++i) {
      EXPECT_GT(front[i]["energy_j"], front[i - 1]["energy_j"]) << setup;
      EXPECT_GT(front[i]["accuracy_percent"], front[i - 1]["accuracy_percent"]) << setup;
    }
  }
}

TEST_F(PublishedAnalysis, IsAReportWhoseFiguresAndTablesHaveNamesOfTheirOwn) {
  const Report report = report_of(*published_analysis());
  std::set<std::string> ids;
  for (const ReportSection& section : report.sections) {
    for (const Figure& figure : section.figures) EXPECT_TRUE(ids.insert(figure.id).second);
    for (const ResultTable& table : section.tables) {
      EXPECT_TRUE(ids.insert(table.id).second) << table.id;
      for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
    }
  }
  EXPECT_GT(ids.size(), 40U);
}

// The study's own: one model of 60.7 J is the measure of all energies (docs/findings.md).
TEST_F(PublishedAnalysis, PutsAModelOfHalfAJouleFirstByTheManhattanScore) {
  const Json& scores = entry("scores", {{"setup", "A100_PT"}});
  EXPECT_EQ(scores["models"], 1435);
  expect_printed(60.7, scores["greatest_energy_j"], 0.05);
  const Json& manhattan = scores["rankings"][0];
  EXPECT_EQ(manhattan["score"], "manhattan");
  EXPECT_EQ(manhattan["first"].size(), 10U);
  expect_printed(0.495, manhattan["first"][0]["energy_j"], 5e-4);
  const Json& log_manhattan = scores["rankings"][1];
  expect_printed(0.0185, log_manhattan["first"][0]["energy_j"], 5e-5);
  const std::string convformer = manhattan["first"][0]["model"];
  EXPECT_TRUE(convformer.starts_with("convformer_b36")) << convformer;
  const std::string levit = log_manhattan["first"][0]["model"];
  EXPECT_TRUE(levit.starts_with("levit_conv_128s")) << levit;
}

TEST(AnalyzeTest, LeavesEstimatesOutUnlessTheirSetupIsNamed) {
  PublishedFigure figure;
  figure.setup.id = "estimated";
  figure.model = "a";
  figure.input_size = 224;
  figure.energy_per_image.energy = Joules(1.0);
  figure.basis = Basis::modelled;
  PublishedFigure measured = figure;
  measured.setup.id = "measured";
  measured.basis = Basis::measured;
  const std::vector<PublishedFigure> published{figure, measured};
  const auto setups_of = [&](const AnalysisQuery& query) {
    std::vector<std::string> ids;
    const Analysis found = analyze(test::sample_table({}, {}, {}, published), {}, query);
    ids.reserve(found.inference.setups.size());
    for (const SetupFindings& setup : found.inference.setups) {
      ids.push_back(setup.columns->setup.id);
    }
    return ids;
  };
  EXPECT_EQ(setups_of({}), std::vector<std::string>{"measured"});
  EXPECT_EQ(setups_of({.setups = {"estimated"}, .test_sets = {}}),
            std::vector<std::string>{"estimated"});
}

Analysis analysis_of_cells(const std::vector<Measurement>& cells, const RecordIds& imported = {}) {
  return analyze(test::sample_table(cells, {}, imported), {}, {}, batch_curves_of(cells, imported));
}

TEST(AnalyzeTest, DrawsTheEnergyOverTheBatchSizesThatWereMeasuredHere) {
  std::vector<Measurement> cells{test::cell_of("a", 1, 4.0), test::cell_of("a", 8, 1.0),
                                 test::cell_of("one-size", 1, 1.0),
                                 test::failed_cell_of("one-size", 8, "out of memory")};
  const Json answer = to_json(analysis_of_cells(cells));
  ASSERT_EQ(answer["batch_curves"].size(), 1U);
  const Json& curve = answer["batch_curves"][0];
  EXPECT_EQ(curve["model"], "a");
  EXPECT_EQ(curve["best_batch_size"], 8);
  EXPECT_EQ(curve["smallest_batch_factor"], 4.0);
  EXPECT_EQ(curve["points"][0]["mean_power_w"], 50.0);
  EXPECT_TRUE(curve["points"][0]["limit_energy_j"].is_null());
  const Report report = report_of(analysis_of_cells(cells));
  const auto section = std::ranges::find(report.sections, "Batch sizes", &ReportSection::heading);
  ASSERT_NE(section, report.sections.end());
  ASSERT_EQ(section->figures.size(), 1U);
  EXPECT_EQ(section->figures[0].points.size(), 1U);
  EXPECT_EQ(section->tables.size(), 2U);
}

// 250 W over 50 / E images a second: five times the energy.
TEST(AnalyzeTest, DrawsTheLimitOfAKnownDeviceDottedBesideTheEnergy) {
  std::vector<Measurement> cells{test::cell_of("a", 1, 4.0), test::cell_of("a", 8, 1.0)};
  for (Measurement& cell : cells) cell.cell->setup.device = "NVIDIA A100 PCIe 40GB";
  const Analysis found = analysis_of_cells(cells);
  EXPECT_DOUBLE_EQ(to_json(found)["batch_curves"][0]["points"][0]["limit_energy_j"].get<double>(),
                   20.0);
  const Report report = report_of(found);
  const auto section = std::ranges::find(report.sections, "Batch sizes", &ReportSection::heading);
  ASSERT_NE(section, report.sections.end());
  const std::vector<FigureLine>& lines = section->figures.at(0).lines;
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1].dash, LineDash::dotted);
  EXPECT_DOUBLE_EQ(lines[1].places[1].y, 5.0);
}

TEST(AnalyzeTest, HasNoBatchCurveOfOneSizeNorOfWhatOthersMeasured) {
  const std::vector<Measurement> cells{test::cell_of("a", 1, 4.0), test::cell_of("a", 8, 1.0)};
  const RecordIds imported{cells[0].id, cells[1].id};
  for (const Json& answer : {to_json(analysis_of_cells({cells[0]})),
                             to_json(analyze(test::sample_table(cells, {}, imported), {},
                                             {.setups = {"cpu_onnxruntime_fp32"}, .test_sets = {}},
                                             batch_curves_of(cells, imported)))}) {
    EXPECT_FALSE(answer.contains("batch_curves"));
  }
}

TEST(AnalyzeTest, DrawsTheTwelveModelsWhoseEnergiesDifferMostOverTheBatchSizes) {
  std::vector<Measurement> cells;
  for (int i = 0; i < 15; ++i) {
    const std::string model = "m" + std::to_string(10 + i);
    cells.push_back(test::cell_of(model, 1, 2.0 + i));
    cells.push_back(test::cell_of(model, 8, 1.0));
  }
  const Report report = report_of(analysis_of_cells(cells));
  const auto section = std::ranges::find(report.sections, "Batch sizes", &ReportSection::heading);
  ASSERT_NE(section, report.sections.end());
  const Figure& figure = section->figures.at(0);
  ASSERT_EQ(figure.points.size(), 12U);
  EXPECT_EQ(figure.points[0].name, "m13@8");
  EXPECT_NE(figure.caption.find("Of 15 models the 12"), std::string::npos) << figure.caption;
  EXPECT_EQ(section->tables.at(0).rows.size(), 15U);
}

TEST(AnalyzeTest, TellsTrainingRunsInEverydayThingsWhereAsked) {
  TrainingRun run{.model = "m"};
  run.train = kilowatt_hours(8.0);
  run.test = kilowatt_hours(1.0);
  const TrainingRun silent{.model = "states nothing"};
  const auto answer = [&](bool equivalents) {
    return to_json(
        analyze({}, {run, silent}, {.setups = {}, .test_sets = {}, .equivalents = equivalents}));
  };
  EXPECT_FALSE(answer(false).contains("training_equivalents"));
  const Json told = answer(true)["training_equivalents"];
  ASSERT_EQ(told.size(), 1U);
  EXPECT_DOUBLE_EQ(told[0]["total_kwh"].get<double>(), 9.0);
  EXPECT_EQ(told[0]["equivalents"][2]["thing"], "cycles of a tumble dryer");
  EXPECT_NEAR(told[0]["equivalents"][2]["amount"].get<double>(), 2.0, 1e-12);
}

TEST(AnalyzeTest, SaysThatThereIsNoRunToTellInEverydayThings) {
  const std::vector<Measurement> cells{test::cell_of("own", 1, 2.0)};
  const std::string text =
      report_text(report_of(analyze(test::sample_table(cells), {},
                                    {.setups = {}, .test_sets = {}, .equivalents = true})),
                  200);
  EXPECT_NE(text.find("no training run that states its electricity"), std::string::npos) << text;
}

TEST(AnalyzeTest, DoesNotSetOwnSetupsAgainstPublishedOnes) {
  PublishedFigure figure;
  figure.setup.id = "published";
  figure.model = "own";
  figure.input_size = 8;
  figure.energy_per_image.energy = Joules(1.0);
  const std::vector<PublishedFigure> published{figure};
  const std::vector<Measurement> cells{test::cell_of("own", 1, 2.0)};
  const Analysis found = analyze(test::sample_table(cells, {}, {}, published), {}, {});
  EXPECT_EQ(found.inference.setups.size(), 2U);
  EXPECT_TRUE(found.inference.correlations.empty());
}

TEST(AnalyzeTest, SaysThatEstimatesAloneAreNothingMeasured) {
  PublishedFigure figure;
  figure.setup.id = "estimated";
  figure.model = "a";
  figure.energy_per_image.energy = Joules(1.0);
  figure.basis = Basis::modelled;
  const std::vector<PublishedFigure> published{figure};
  const auto table = [&] { return test::sample_table({}, {}, {}, published); };
  test::expect_refusal(test::refusal_of([&] { analyze(table(), {}, {}); }), ErrorCode::not_found,
                       "--setup:\n  estimated");
}

TEST(AnalyzeTest, OfTrainingRunsAloneRefusesASetup) {
  const std::vector<TrainingRun> runs{{.model = "m"}};
  test::expect_refusal(
      test::refusal_of([&] { analyze({}, runs, {.setups = {"a"}, .test_sets = {}}); }),
      ErrorCode::not_found, "there is no setup 'a', nor any other");
}

TEST(AnalyzeTest, GivesEachFigureAndTableAnIdOfItsOwnWhateverTheSetupsAreCalled) {
  std::vector<PublishedFigure> published;
  for (const std::string& id : {std::string("a.b"), std::string("A b"), std::string(150, 'x') + "1",
                                std::string(150, 'x') + "2"}) {
    PublishedFigure figure;
    figure.setup.id = id;
    figure.model = "resnet18";
    figure.input_size = 8;
    figure.energy_per_image.energy = Joules(1.0);
    published.push_back(figure);
  }
  Accuracy accuracy = test::accuracy_of("resnet18", 70.0);
  const std::vector<Accuracy> accuracies{accuracy};
  TrainingRun run{.model = "m"};
  run.train = kilowatt_hours(10.0);
  run.test = kilowatt_hours(1.0);
  run.accuracy_percent = 70.0;
  const Report report =
      report_of(analyze(test::sample_table({}, accuracies, {}, published), {run}, {}));
  std::set<std::string> ids;
  std::size_t count = 0;
  for (const ReportSection& section : report.sections) {
    for (const Figure& figure : section.figures) {
      EXPECT_TRUE(is_result_id(figure.id)) << figure.id;
      ids.insert(figure.id);
      ++count;
    }
    for (const ResultTable& table : section.tables) {
      EXPECT_TRUE(is_result_id(table.id)) << table.id;
      ids.insert(table.id);
      ++count;
    }
  }
  EXPECT_EQ(ids.size(), count);
  EXPECT_GT(count, 10U);
}

TEST(AnalyzeTest, NamesWhatThereIsWhereAskedForWhatThereIsNot) {
  const std::vector<Measurement> cells{test::cell_of("own", 1, 2.0)};
  const std::vector<Accuracy> accuracies{test::accuracy_of("own", 70.0)};
  const auto asked = [&](AnalysisQuery query) {
    return test::refusal_of([&] { analyze(test::sample_table(cells, accuracies), {}, query); });
  };
  test::expect_refusal(asked({.setups = {"cpu_onnxruntime_fp23"}, .test_sets = {}}),
                       ErrorCode::not_found, "did you mean 'cpu_onnxruntime_fp32'?");
  test::expect_refusal(asked({.setups = {}, .test_sets = {"digit-test"}}), ErrorCode::not_found,
                       "'digits-test'");
  test::expect_refusal(test::refusal_of([] { analyze({}, {}, {}); }), ErrorCode::not_found,
                       "wattfor import study");
}

}  // namespace
}  // namespace wattfor::analyze_test
