#include "report/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "document/text_table.h"
#include "report/sample_cells.h"
#include "report/sample_table.h"
#include "support/golden.h"
#include "support/refusal.h"

namespace wattfor::compare_test {
namespace {

using test::accuracy_of;
using test::cell_of;
using test::has_text;
using test::sample_table;

const std::vector<Measurement> cells{cell_of("cheap", 8, 1e-3), cell_of("costly", 8, 4e-3),
                                     cell_of("accurate", 8, 8e-3),
                                     test::failed_cell_of("huge", 1, "out of memory")};
const std::vector<Accuracy> accuracies{accuracy_of("cheap", 80.0), accuracy_of("costly", 80.0),
                                       accuracy_of("accurate", 90.0),
                                       accuracy_of("cheap", 70.0, "another-test")};

CompareView compared(const std::vector<std::string>& models,
                     const std::vector<std::string>& setups = {}) {
  return compare(sample_table(cells, accuracies),
                 {.models = models, .setups = setups, .test_sets = {}});
}

TEST(CompareTest, StandsTheModelsInTheOrderAskedForBesideTheFirst) {
  const CompareView view = compared({"costly", "cheap"});
  ASSERT_EQ(1U, view.setups.size());
  const auto& models = view.setups[0].models;
  EXPECT_EQ("costly", models[0].model);
  EXPECT_EQ(1.0, models[0].ratio->factor);
  EXPECT_DOUBLE_EQ(0.25, models[1].ratio->factor);
  EXPECT_LT(models[1].ratio->interval->high, 0.26);
}

TEST(CompareTest, EqualEnergiesHaveARatioWhoseIntervalHoldsOne) {
  const ModelTable table = sample_table(std::vector{cell_of("a", 8, 1e-3), cell_of("b", 8, 1e-3)});
  const CompareView view = compare(table, {.models = {"a", "b"}, .setups = {}, .test_sets = {}});
  EXPECT_EQ(1.0, view.setups[0].models[1].ratio->factor);
  EXPECT_TRUE(*is_unsure(*view.setups[0].models[1].ratio));
}

TEST(CompareTest, NamesWhatBeatsAModelOnlyWhereAFrontIsKnown) {
  ModelTable table = sample_table(cells, std::vector(accuracies.begin(), accuracies.end() - 1));
  const CompareQuery query{.models = {"costly", "accurate"}, .setups = {}, .test_sets = {}};
  const CompareView view = compare(table, query);
  EXPECT_EQ("cheap", view.setups[0].models[0].dominated_by->model);
  EXPECT_TRUE(view.setups[0].models[1].on_pareto_front);
  EXPECT_FALSE(view.setups[0].models[1].dominated_by);

  const CompareView unchosen = compared({"costly", "accurate"});
  EXPECT_TRUE(unchosen.setups[0].test_sets.empty()) << "of two test sets none is the usual one";
  EXPECT_EQ(nullptr, to_json(unchosen)["setups"][0]["models"][0]["on_pareto_front"]);
}

TEST(CompareTest, ShowsAModelWithoutEnergyOnASetupThatWasAskedForAndWhy) {
  const CompareView view = compared({"cheap", "huge"}, {"cpu_onnxruntime_fp32"});
  const ComparedFigures& huge = view.setups[0].models[1];
  EXPECT_TRUE(std::isnan(huge.energy.energy.value()));
  EXPECT_FALSE(huge.ratio);
  EXPECT_TRUE(has_text(compare_text(view, 80), "huge@8 has no energy: failed: out of memory"));
  EXPECT_EQ(nullptr, to_json(view)["setups"][0]["models"][1]["ratio"]);
}

TEST(CompareTest, SaysWhichSetupsHaveWhichModelWhereNoneHasAll) {
  const Error error = test::refusal_of([] { compared({"cheap", "huge"}); });
  EXPECT_EQ(ErrorCode::not_found, error.code());
  EXPECT_TRUE(has_text(error.what(), "cheap@8  cpu_onnxruntime_fp32"));
  EXPECT_TRUE(has_text(error.what(), "huge@8  (no energy)"));
}

TEST(CompareTest, PublishedFiguresHaveNoIntervalAndThatIsSaid) {
  std::vector<PublishedFigure> figures(2);
  for (std::size_t i = 0; i < 2; ++i) {
    figures[i].setup.id = "A100_PT";
    figures[i].model = i == 0 ? "a" : "b";
    figures[i].energy_per_image.energy = Joules(1.0 + static_cast<double>(i));
  }
  const CompareView view = compare(sample_table({}, {}, {}, figures),
                                   {.models = {"a", "b"}, .setups = {}, .test_sets = {}});
  EXPECT_EQ(2.0, view.setups[0].models[1].ratio->factor);
  EXPECT_FALSE(view.setups[0].models[1].ratio->interval);
  EXPECT_TRUE(has_text(compare_text(view, 80), "none is known of any of them"));
}

TEST(CompareTest, KeepsCountersApart) {
  ModelTable table = sample_table(cells, accuracies);
  table.counter_columns("one").macs.set(*table.find("cheap", 8), 1e9);
  table.counter_columns("two").macs.set(*table.find("costly", 8), 2e9);
  const CompareView view =
      compare(table, {.models = {"cheap", "costly"}, .setups = {}, .test_sets = {}});
  ASSERT_EQ(1U, view.models[0].counts.size());
  EXPECT_EQ("one", view.models[0].counts[0].counter);
  EXPECT_EQ("two", view.models[1].counts.at(0).counter);
  const std::string text = compare_text(view, 80);
  EXPECT_TRUE(has_text(text, "MACs (one)"));
  EXPECT_TRUE(has_text(text, "MACs (two)"));
}

TEST(CompareTest, RefusesTooFewTooManyAndTheSameTwice) {
  EXPECT_EQ(ErrorCode::usage, test::refusal_of([] { compared({"cheap"}); }).code());
  const std::vector<std::string> nine(9, "cheap");
  EXPECT_EQ(ErrorCode::usage, test::refusal_of([&] { compared(nine); }).code());
  EXPECT_EQ(ErrorCode::usage, test::refusal_of([] { compared({"cheap", "cheap@8"}); }).code());
}

TEST(CompareTest, LinesFitTheTerminalByShowingFewerBesideEachOther) {
  std::vector<Measurement> many;
  std::vector<std::string> names;
  for (int i = 0; i < 8; ++i) {
    names.push_back("a_model_with_a_long_name\x1b[31m_" + std::to_string(i));
    many.push_back(cell_of(names.back(), 8, 1e-3 * (i + 1)));
  }
  const CompareView view =
      compare(sample_table(many), {.models = names, .setups = {}, .test_sets = {}});
  for (const int width : {60, 80, 120}) {
    const std::string text = compare_text(view, width);
    EXPECT_EQ(std::string::npos, text.find('\x1b'));
    for (const std::string& line : test::lines_of(text)) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

}  // namespace
}  // namespace wattfor::compare_test
