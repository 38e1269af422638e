#include "report/sam_view.h"

#include <gtest/gtest.h>

#include <string>

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

}  // namespace
}  // namespace wattfor::sam_view_test
