#include "report/sam_view.h"

#include <gtest/gtest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::sam_view_test {
namespace {

using test::has_text;

TrainingRow row_of(const std::string& model, double accuracy_percent, double kwh) {
  TrainingRow row{.line = 2, .run = {.model = model}};
  row.run.batch_size = 8;
  row.run.device = "A100";
  row.run.train = kilowatt_hours(kwh);
  row.run.accuracy_percent = accuracy_percent;
  return row;
}

SamView view_of(std::vector<TrainingRow> rows, const SamQuery& query = {}) {
  return rank_by_sam({.rows = std::move(rows), .left_out = {}}, "t.csv", query);
}

TEST(SamViewTest, RanksTheBestFirstAndEqualOnesAsTheyStandInTheTable) {
  const SamView view = view_of({row_of("a", 70, 100), row_of("b", 80, 100), row_of("c", 70, 100)});
  ASSERT_EQ(view.rows.size(), 3U);
  EXPECT_EQ(view.rows[0].run.model, "b");
  EXPECT_EQ(view.rows[1].run.model, "a");
  EXPECT_EQ(view.rows[2].run.model, "c");
  EXPECT_TRUE(view.warnings.empty());
}

TEST(SamViewTest, TellsTheElectricityInEverydayThingsWhereAsked) {
  const SamQuery query{.equivalents = true};
  const SamScore score = sam_score(80.0, 45.0, query);
  EXPECT_TRUE(has_text(sam_text(score, 80), "45.0 kWh is as much as:"));
  EXPECT_TRUE(
      has_text(sam_text(score, 80), "- 10.0 cycles of a tumble dryer (2023, 4.5 kWh each)"));
  EXPECT_EQ(to_json(score)["equivalents"].size(), 7U);
  EXPECT_FALSE(to_json(sam_score(80.0, 45.0, {})).contains("equivalents"));
}

// 9 kWh are two cycles, 450 kWh a hundred; of a household's month the lesser would be a fraction.
TEST(SamViewTest, TellsATablesRowsInOneThing) {
  const SamView view =
      view_of({row_of("a", 70, 450), row_of("b", 80, 9)}, SamQuery{.equivalents = true});
  const std::string text = sam_table(view, 120);
  EXPECT_TRUE(has_text(text, "everyday: cycles of a tumble dryer (2023, 4.5 kWh each)"));
  EXPECT_TRUE(has_text(text, "2.00\n")) << text;
  EXPECT_TRUE(has_text(text, "100\n")) << text;
  EXPECT_FALSE(has_text(sam_table(view_of({row_of("a", 70, 450)}), 120), "everyday"));
  const nlohmann::json rows = to_json(view)["rows"];
  EXPECT_NEAR(rows[0]["equivalents"][1]["amount"].get<double>(), 2.25, 1e-12);
}

TEST(SamViewTest, LeavesOutWhatStatesTooLittleAndWhatSamIsNotDefinedFor) {
  TrainingRow without = row_of("without", 70, 100);
  without.line = 5;
  without.run.train.reset();
  const SamView view = view_of({without, row_of("small", 70, 0.5), row_of("a", 70, 100)});
  EXPECT_EQ(view.rows.size(), 1U);
  ASSERT_EQ(view.left_out.size(), 2U);
  EXPECT_EQ(view.left_out[0].what, "small") << "in the order of the lines";
  EXPECT_TRUE(has_text(view.left_out[0].reason, "1 kWh"));
  EXPECT_EQ(view.left_out[1], (LeftOut{"t.csv", 5, "without", "it states no train_kwh"}));
  EXPECT_EQ(view_of({row_of("small", 70, 0.5)}, {.form = SamForm::log1p}).rows.size(), 1U);
}

TEST(SamViewTest, WarnsOfWhatTheRowsMixAlsoWhereSomeDoNotStateIt) {
  TrainingRow other = row_of("b", 80, 100);
  other.run.batch_size = 32;
  other.run.device_count = 4;
  TrainingRow unstated = row_of("c", 80, 100);
  unstated.run.batch_size.reset();
  const SamView view = view_of({row_of("a", 70, 100), other, unstated});
  ASSERT_EQ(view.warnings.size(), 2U);
  EXPECT_TRUE(has_text(view.warnings[0], "batch sizes (32, 8, and some state none)"));
  EXPECT_TRUE(has_text(view.warnings[1], "hardware (4 × A100, A100)"));
  const SamView none = view_of({unstated, unstated});
  EXPECT_TRUE(none.warnings.empty()) << "nothing is known to be mixed";
}

TEST(SamViewTest, MarksScoresThatTheLogarithmHandsOut) {
  const SamView view = view_of({row_of("a", 70, 5)});
  EXPECT_TRUE(has_text(view.warnings.at(0), "1 of the rows: below 10 kWh"));
  EXPECT_TRUE(has_text(sam_table(view, 100), "!"));
  EXPECT_TRUE(to_json(view)["rows"][0]["inflated"]);
  EXPECT_EQ(sam_score(70, 5, {}).warnings.size(), 1U);
}

TEST(SamViewTest, TheTableFitsTheTerminalAndNamesTheForm) {
  const SamView view = view_of({row_of("a", 70, 100)}, {.form = SamForm::log1p});
  EXPECT_TRUE(has_text(sam_table(view, 100), "log10(1 + kWh)"));
  EXPECT_TRUE(has_text(sam_table(view, 100), "A100"));
  EXPECT_FALSE(has_text(sam_table(view, 60), "A100")) << "the hardware gives way first";
}

TEST(SamViewTest, RefusesWithTheNumbersAndTheReason) {
  const auto refusal = test::refusal_of([] { sam_score(80, 1, {}); });
  EXPECT_EQ(refusal.code(), ErrorCode::invalid_input);
  EXPECT_TRUE(has_text(refusal.what(), "no SAM of 80 % at 1 kWh"));
}

// A finished run of so many kWh, ±10 %.
Measurement tracked(const std::string& id, double kwh, std::optional<double> accuracy_percent) {
  Measurement run;
  run.id = id;
  run.name = "train-" + id;
  run.machine.cpu = "EPYC";
  run.energy.total.basis = Basis::measured;
  const double joules = kilowatt_hours(kwh).value();
  run.energy.total.gross =
      EnergyFigure{.energy = Joules(joules),
                   .absolute = Interval{.low = 0.9 * joules, .high = 1.1 * joules},
                   .comparison = {}};
  run.training = TrainingFacts{.model = "model " + id, .accuracy_percent = accuracy_percent};
  return run;
}

SamView view_of(const std::vector<Measurement>& records, const std::vector<std::string>& words) {
  return rank_by_sam(records, words, {});
}

TEST(SamViewTest, ScoresTrackedRunsWithAllThatMadeThem) {
  std::vector records{tracked("pre", 40, std::nullopt), tracked("fine", 60, 80.0),
                      tracked("alone", 100, 80.0)};
  records[0].training->phase = Phase::pretraining;
  records[1].training->builds_on = {{.run = "pre", .uses = 1.0}};
  const SamView view = view_of(records, {"fine", "alone"});
  ASSERT_EQ(2U, view.rows.size());
  // 5 · 0.8⁵ / log₁₀ 100
  for (const SamRow& row : view.rows) EXPECT_NEAR(0.8192, row.score.value, 1e-9);
  ASSERT_TRUE(view.rows[0].interval);
  EXPECT_NEAR(5 * 0.32768 / std::log10(110.0), view.rows[0].interval->low, 1e-9);
  EXPECT_NEAR(5 * 0.32768 / std::log10(90.0), view.rows[0].interval->high, 1e-9);
  const SamView shared = [&] {
    records[1].training->builds_on[0].uses = 4.0;
    return view_of(records, {"fine"});
  }();
  EXPECT_NEAR(5 * 0.32768 / std::log10(70.0), shared.rows[0].score.value, 1e-9);
}

TEST(SamViewTest, SaysWhyATrackedRunHasNoScore) {
  std::vector records{tracked("mute", 40, std::nullopt), tracked("small", 0.5, 80.0),
                      tracked("unseen", 40, 80.0), tracked("test", 40, 80.0)};
  records[2].energy.total.gross.reset();
  records[3].training->phase = Phase::testing;
  const SamView view = view_of(records, {"mute", "small", "unseen", "test"});
  EXPECT_TRUE(view.rows.empty());
  ASSERT_EQ(4U, view.left_out.size());
  EXPECT_TRUE(has_text(view.left_out[0].reason, "told no accuracy"));
  EXPECT_TRUE(has_text(view.left_out[1].reason, "1 kWh"));
  EXPECT_TRUE(has_text(view.left_out[2].reason, "not known"));
  EXPECT_TRUE(has_text(view.left_out[3].reason, "a test"));
  EXPECT_TRUE(has_text(sam_table(view, 100), "- train-mute: its program told no accuracy"));
}

TEST(SamViewTest, WarnsOfARunThatTheStoreLacks) {
  std::vector records{tracked("fine", 60, 80.0)};
  records[0].training->builds_on = {{.run = "gone", .uses = 1.0}};
  const SamView view = view_of(records, {"fine"});
  ASSERT_FALSE(view.warnings.empty());
  EXPECT_TRUE(has_text(view.warnings.back(), "builds on run gone, which this store lacks"));
}

TEST(SamViewTest, SaysWhatAScoreOfATrackedRunDoesNotShow) {
  std::vector records{tracked("part", 100, 80.0), tracked("cut", 100, 80.0),
                      tracked("small", 0.5, 80.0)};
  records[0].training->data_fraction = 0.1;
  records[0].energy.total.basis = Basis::simulated;
  records[1].outcome = Outcome::interrupted;
  records[2].training->builds_on = {{.run = "gone", .uses = 1.0}};
  const SamView view = view_of(records, {"part", "cut", "small"});
  const std::string text = sam_table(view, 200);
  for (const char* words :
       {"train-part trained on 10 % of its data", "train-part is of a simulated device",
        "train-cut is interrupted", "train-small builds on run gone", "measured", "simulated"}) {
    EXPECT_TRUE(has_text(text, words)) << words;
  }
  EXPECT_EQ("measured", to_json(view)["rows"][1]["basis"]);
}

TEST(SamViewTest, FindsWhatARunBuildsOnByTheBeginningOfItsId) {
  std::vector records{tracked("abcdefgh", 40, std::nullopt), tracked("fine", 60, 80.0)};
  records[1].training->builds_on = {{.run = "abcd", .uses = 1.0}};
  EXPECT_NEAR(0.8192, view_of(records, {"fine"}).rows.at(0).score.value, 1e-9);
  records.push_back(tracked("abcdxyz", 1, std::nullopt));
  EXPECT_THROW(view_of(records, {"fine"}), Error) << "two begin so";
}

TEST(SamViewTest, WritesATableForAPaper) {
  const SamView view = view_of({tracked("a_1", 100, 80.0)}, {"a_1"});
  EXPECT_TRUE(has_text(table_latex(sam_result_table(view)), "model a\\_1"));
  EXPECT_TRUE(has_text(table_csv(sam_result_table(view)),
                       "rank,model,dataset,accuracy_percent,train_kwh,sam,sam_low,sam_high"));
}

}  // namespace
}  // namespace wattfor::sam_view_test
