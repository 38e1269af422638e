#include "report/switch_model.h"

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

namespace wattfor::switch_model_test {
namespace {

using test::accuracy_of;
using test::cell_of;
using test::has_text;
using test::sample_table;
using Names = std::vector<std::string>;

const std::vector<Measurement> cells{cell_of("costly", 8, 4e-3),  cell_of("cheap", 8, 1e-3),
                                     cell_of("same", 8, 3.99e-3), cell_of("equal", 8, 4e-3),
                                     cell_of("worse", 8, 1e-4),   cell_of("nameless", 8, 1e-5)};
const std::vector<Accuracy> accuracies{accuracy_of("costly", 80.0), accuracy_of("cheap", 85.0),
                                       accuracy_of("same", 80.0), accuracy_of("equal", 80.0),
                                       accuracy_of("worse", 60.0)};

SwitchView switched(const SwitchQuery& query) {
  return switch_from(sample_table(cells, accuracies), query);
}

SwitchQuery from(const std::string& model) {
  SwitchQuery query;
  query.model = model;
  return query;
}

Names names_of(const SwitchView& view) {
  Names names;
  for (const Alternative& each : view.alternatives) names.push_back(each.model);
  return names;
}

TEST(SwitchTest, NamesWhatIsAtLeastAsAccurateForLessTheLeastEnergyFirst) {
  const SwitchView view = switched(from("costly"));
  EXPECT_EQ((Names{"cheap", "same"}), names_of(view)) << "an equal is no reason to switch";
  EXPECT_DOUBLE_EQ(3e-3, view.alternatives[0].saved.energy.value());
  EXPECT_DOUBLE_EQ(0.25, view.alternatives[0].factor.factor);
  EXPECT_DOUBLE_EQ(5.0, view.alternatives[0].accuracy_gained_percent);
  EXPECT_FALSE(view.is_on_front);
}

TEST(SwitchTest, FromTheFrontThereIsNothingToSwitchTo) {
  for (const std::string model : {"cheap", "worse"}) {
    const SwitchView view = switched(from(model));
    EXPECT_TRUE(view.is_on_front) << model;
    EXPECT_TRUE(view.alternatives.empty()) << model;
    EXPECT_TRUE(has_text(switch_text(view, 80), "There is nothing to switch to"));
  }
}

TEST(SwitchTest, TheOnlyModelIsOnTheFront) {
  const SwitchView view =
      switch_from(sample_table(std::vector{cells[0]}, std::vector{accuracies[0]}), from("costly"));
  EXPECT_TRUE(view.is_on_front);
}

TEST(SwitchTest, MoreAccurateForExactlyAsMuchIsAReasonToo) {
  const SwitchView view =
      switch_from(sample_table(std::vector{cell_of("a", 8, 1e-3), cell_of("b", 8, 1e-3)},
                               std::vector{accuracy_of("a", 80.0), accuracy_of("b", 81.0)}),
                  from("a"));
  EXPECT_EQ(Names{"b"}, names_of(view));
  EXPECT_EQ(Joules(0.0), view.alternatives[0].saved.energy);
  EXPECT_TRUE(has_text(switch_text(view, 100), "isn't sure"));
}

TEST(SwitchTest, SaysWhereADifferenceIsNotSure) {
  const SwitchView view = switched(from("costly"));
  EXPECT_FALSE(*is_unsure(view.alternatives[0].factor));
  EXPECT_TRUE(*is_unsure(view.alternatives[1].factor));
  EXPECT_TRUE(has_text(switch_text(view, 100), "same@8 is exactly as accurate"));
  EXPECT_EQ(false, to_json(view)["alternatives"][1]["is_sure"]);
}

TEST(SwitchTest, MarksASlowerModel) {
  std::vector<Measurement> slower{cells[0], cells[1]};
  slower[1].result->throughput_per_s = 1.0;
  slower[1].result->latency_ms = 1e6;
  const SwitchView view = switch_from(sample_table(slower, accuracies), from("costly"));
  EXPECT_TRUE(view.alternatives[0].is_slower);
  EXPECT_TRUE(view.alternatives[0].is_later);
  EXPECT_TRUE(has_text(switch_text(view, 120), "▼ fewer images a second"));
  EXPECT_FALSE(switched(from("costly")).alternatives[0].is_slower);
}

TEST(SwitchTest, AYearIs365DaysOfImages) {
  const Usage usage{.images_per_day = 1e6, .electricity = {.terms = {.kwh_price = 0.5}}};
  EXPECT_DOUBLE_EQ(365e6 * 3.6e-3, yearly(usage, Joules(3.6e-3)).energy.energy.value());
  SwitchQuery query = from("costly");
  query.usage = usage;
  const nlohmann::json best = to_json(switched(query))["alternatives"][0];
  EXPECT_DOUBLE_EQ(365e6 * 3e-3 / 3.6e6, best["saved"]["kwh_per_year"].get<double>());
  EXPECT_DOUBLE_EQ(365e6 * 3e-3 / 3.6e6 * 0.5, best["saved"]["cost_per_year"].get<double>());
  EXPECT_EQ(nullptr, best["saved"]["co2_kg_per_year"]);
  EXPECT_FALSE(best.contains("equivalents"));
  query.equivalents = true;
  EXPECT_FALSE(to_json(switched(query))["alternatives"][0]["equivalents"].empty());
}

TEST(SwitchTest, AYearHasTheDataCentresShareAndTheGridsGrams) {
  SwitchQuery query = from("costly");
  query.usage =
      Usage{.images_per_day = 1e6, .electricity = electricity_of({.region = "DE", .pue = 1.5}, {})};
  const SwitchView view = switched(query);
  const nlohmann::json json = to_json(view);
  const double kwh = 1.5 * 365e6 * 3e-3 / 3.6e6;
  const nlohmann::json& saved = json["alternatives"][0]["saved"];
  EXPECT_DOUBLE_EQ(kwh, saved["kwh_per_year"].get<double>());
  EXPECT_DOUBLE_EQ(kwh * 0.38095, saved["co2_kg_per_year"].get<double>());
  EXPECT_EQ("DEU", json["electricity"]["country_iso_code"]);
  EXPECT_TRUE(has_text(switch_text(view, 500), "at 380.95 g a kWh (Germany 2023, Our World"));
  EXPECT_TRUE(has_text(switch_text(view, 500), "PUE 1.5"));
}

TEST(SwitchTest, ShowsTheTopAndCountsTheRest) {
  SwitchQuery query = from("costly");
  query.top = 1;
  EXPECT_EQ(Names{"cheap"}, names_of(switched(query)));
  EXPECT_EQ(1U, switched(query).beyond_top);
}

TEST(SwitchTest, RefusesAModelWithoutAccuracyOrOneThatIsNotThere) {
  const Error unknown = test::refusal_of([] { switched(from("nameless")); });
  EXPECT_EQ(ErrorCode::not_found, unknown.code());
  EXPECT_TRUE(has_text(unknown.what(), "has no accuracy on digits-test"));
  EXPECT_TRUE(has_text(test::refusal_of([] { switched(from("cheep")); }).what(), "'cheap'"));
}

TEST(SwitchTest, RefusesWhatIsNoNumber) {
  const auto refused = [](auto&& change) {
    SwitchQuery query = from("costly");
    query.usage = Usage{.images_per_day = 1.0, .electricity = {}};
    change(query);
    return test::refusal_of([&] { require_limits(query); }).code() == ErrorCode::usage;
  };
  EXPECT_TRUE(refused([](SwitchQuery& q) { q.top = 0; }));
  EXPECT_TRUE(refused([](SwitchQuery& q) { q.usage->images_per_day = std::nan(""); }));
  EXPECT_TRUE(refused([](SwitchQuery& q) { q.usage->images_per_day = 0.0; }));
}

TEST(SwitchTest, LinesFitTheTerminal) {
  SwitchQuery query = from("costly");
  query.usage = Usage{.images_per_day = 1e9,
                      .electricity = electricity_of({.g_per_kwh = 400.0, .kwh_price = 0.3}, {})};
  query.equivalents = true;
  const SwitchView view = switched(query);
  for (const int width : {64, 80, 120}) {
    for (const std::string& line : test::lines_of(switch_text(view, width))) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
}

}  // namespace
}  // namespace wattfor::switch_model_test
