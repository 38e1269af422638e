#include "report/pick.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/error.h"
#include "document/text_table.h"
#include "report/sample_cells.h"
#include "report/sample_table.h"
#include "support/golden.h"
#include "support/refusal.h"
#include "support/text.h"

namespace wattfor::pick_test {
namespace {

using test::accuracy_of;
using test::cell_of;
using test::has_text;
using test::sample_table;
using Names = std::vector<std::string>;

const std::vector<Measurement> cells{cell_of("resnet18.a", 8, 1e-3), cell_of("resnet50.a", 8, 4e-3),
                                     cell_of("vit_base.a", 8, 8e-3), cell_of("nameless", 8, 2e-3)};
const std::vector<Accuracy> accuracies{accuracy_of("resnet18.a", 70.0),
                                       accuracy_of("resnet50.a", 80.0),
                                       accuracy_of("vit_base.a", 85.0)};

Names names_of(const PickView& view) {
  Names names;
  for (const PickedModel& each : view.best) names.push_back(each.model);
  return names;
}

PickView picked(const PickQuery& query) { return pick(sample_table(cells, accuracies), query); }

TEST(PickTest, TakesTheLeastEnergyUnderAMinimumAccuracyAndShowsRunnersUp) {
  PickQuery query;
  query.min_accuracy_percent = 75.0;
  const PickView view = picked(query);
  EXPECT_EQ((Names{"resnet50.a", "vit_base.a"}), names_of(view));
  EXPECT_EQ(4U, view.models);
  EXPECT_EQ(2U, view.passed);
  EXPECT_EQ(1U, view.limits[0].beyond);
  EXPECT_EQ(1U, view.limits[0].unknown) << "nameless has no accuracy";
}

TEST(PickTest, EqualEnergiesLeaveItToTheAccuracyAndEqualAccuraciesToTheEnergy) {
  const ModelTable table = sample_table(
      std::vector{cell_of("a", 8, 1e-3), cell_of("b", 8, 1e-3), cell_of("c", 8, 5e-4)},
      std::vector{accuracy_of("a", 80.0), accuracy_of("b", 90.0), accuracy_of("c", 90.0)});
  PickQuery query;
  query.by = Objective::energy;
  query.min_accuracy_percent = 1.0;
  EXPECT_EQ((Names{"c", "b", "a"}), names_of(pick(table, query)));
  query.by = Objective::accuracy;
  EXPECT_EQ((Names{"c", "b", "a"}), names_of(pick(table, query)));
}

TEST(PickTest, WhatNeedsAnAccuracyLeavesOutWhatHasNone) {
  PickQuery query;
  query.max_energy_j = 1.0;
  const PickView view = picked(query);
  EXPECT_EQ(Objective::accuracy, view.by);
  EXPECT_EQ((Names{"vit_base.a", "resnet50.a", "resnet18.a"}), names_of(view));
  EXPECT_EQ("--by accuracy", view.limits[0].option);
  EXPECT_EQ(1U, view.limits[0].unknown);
  query.by = Objective::energy;
  EXPECT_EQ(4U, picked(query).passed);
}

TEST(PickTest, PicksByEnergyWhereNoAccuracyIsKnownAtAll) {
  PickQuery query;
  query.by = Objective::energy;
  EXPECT_EQ("resnet18.a", pick(sample_table(cells), query).best.at(0).model);
  query.by = Objective::accuracy;
  EXPECT_EQ(ErrorCode::not_found,
            test::refusal_of([&] { pick(sample_table(cells), query); }).code());
}

TEST(PickTest, OfOneModelTheBestIsThatOne) {
  const PickView view =
      pick(sample_table(std::vector{cells[0]}, std::vector{accuracies[0]}), PickQuery{});
  EXPECT_EQ(Names{"resnet18.a"}, names_of(view));
  EXPECT_TRUE(view.limits.empty()) << "a limit that nobody asked for and removes nothing";
}

TEST(PickTest, SaysHowFarEachLimitMustBeLoosenedInFewDigits) {
  PickQuery query;
  query.min_accuracy_percent = 84.5;
  query.max_energy_j = 3.21987e-3;
  const PickView view = picked(query);
  ASSERT_EQ(0U, view.passed);
  EXPECT_EQ("--min-accuracy 70", view.limits[0].loosened->option);
  EXPECT_EQ("--max-energy-j 0.008", view.limits[1].loosened->option);
  EXPECT_EQ("vit_base.a@8", view.limits[1].loosened->model);
  EXPECT_FALSE(view.nearest_miss);
}

TEST(PickTest, WhatItSaysToLoosenToLetsTheModelPass) {
  for (const double energy : {1.0 / 3.0, 0.1234567, 0.0752, 0.07520000000000002, 1e-9, 9.999e8}) {
    PickQuery query;
    query.min_accuracy_percent = 50.0;
    query.max_energy_j = energy / 2.0;
    const ModelTable table =
        sample_table(std::vector{cell_of("a", 8, energy)}, std::vector{accuracy_of("a", 66.6667)});
    const PickView view = pick(table, query);
    const std::string& option = view.limits.at(1).loosened->option;
    query.max_energy_j = std::stod(option.substr(option.find(' ')));
    EXPECT_EQ(1U, pick(table, query).passed) << option;
  }
}

TEST(PickTest, NamesTheNearestMissWhereNoSingleLimitHelps) {
  PickQuery query;
  query.min_accuracy_percent = 99.0;
  query.max_energy_j = 1e-6;
  query.family = "ResNet";
  const PickView view = picked(query);
  ASSERT_TRUE(view.nearest_miss);
  EXPECT_EQ("resnet18.a@8", view.nearest_miss->model) << "the least energy of those that miss two";
  EXPECT_EQ((Names{"--min-accuracy 99", "--max-energy-j 1e-06"}), view.nearest_miss->options);
}

TEST(PickTest, AKindIsLeftOutAndNotLoosened) {
  PickQuery query;
  query.model_class = ModelClass::mlp;
  query.by = Objective::energy;
  const PickView view = picked(query);
  EXPECT_EQ("", view.limits[0].loosened->option);
  EXPECT_EQ(1U, view.limits[0].unknown);
  EXPECT_TRUE(has_text(pick_text(view, 80), "without --class MLP"));
}

TEST(PickTest, CountsParametersByTheCounterThatKnowsTheMostModels) {
  ModelTable table = sample_table(cells, accuracies);
  table.counter_columns("one").parameters.set(0, 1.0);
  for (std::size_t row = 0; row < 3; ++row) {
    table.counter_columns("two").parameters.set(row, 1e6 * static_cast<double>(1 + row));
  }
  PickQuery query;
  query.max_parameters = 2e6;
  query.by = Objective::energy;
  const PickView view = pick(table, query);
  EXPECT_EQ("two", view.counter);
  EXPECT_EQ(1U, view.limits[0].unknown);
  EXPECT_EQ(1U, view.limits[0].beyond);
}

TEST(PickTest, RefusesWhatIsNoLimitAndLimitsThatContradictEachOther) {
  const auto refused = [](auto&& change) {
    PickQuery query;
    change(query);
    return test::refusal_of([&] { require_limits(query); }).code();
  };
  const double not_a_number = std::nan("");
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(ErrorCode::usage,
            refused([&](PickQuery& q) { q.min_accuracy_percent = not_a_number; }));
  EXPECT_EQ(ErrorCode::usage, refused([&](PickQuery& q) { q.max_latency_ms = infinite; }));
  EXPECT_EQ(ErrorCode::usage, refused([](PickQuery& q) { q.min_throughput_per_s = -1.0; }));
  EXPECT_EQ(ErrorCode::usage, refused([](PickQuery& q) { q.max_parameters = 0.0; }));
  EXPECT_EQ(ErrorCode::usage, refused([](PickQuery& q) { q.max_input_size = -5; }));
  EXPECT_EQ(ErrorCode::usage, refused([](PickQuery& q) {
              q.year_from = 2021;
              q.year_to = 2020;
            }));
  EXPECT_EQ(ErrorCode::usage, refused([](PickQuery& q) {
              q.input_size = 224;
              q.max_input_size = 200;
            }));
  EXPECT_EQ(ErrorCode::not_found, refused([](PickQuery& q) { q.family = "ResNot"; }));
}

TEST(PickTest, LinesFitTheTerminalAndStrangeNamesStayOnTheirs) {
  const std::string strange =
      "new\nline\x1b[31m_of_a_model_with_a_name_that_is_far_too_long_to_show";
  const ModelTable table = sample_table(std::vector{cell_of(strange, 8, 1e-3), cells[1]},
                                        std::vector{accuracy_of(strange, 70.0), accuracies[1]});
  PickQuery query;
  query.min_accuracy_percent = 60.0;
  for (const int width : {60, 80, 120}) {
    for (const std::string& line : test::lines_of(pick_text(pick(table, query), width))) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
  query.min_accuracy_percent = 99.0;
  for (const auto& limits : {query.min_accuracy_percent, std::optional<double>(60.0)}) {
    query.min_accuracy_percent = limits;
    EXPECT_EQ(std::string::npos, pick_text(pick(table, query), 80).find('\x1b'));
  }
}

}  // namespace
}  // namespace wattfor::pick_test
