#include "report/footprint_view.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document/text_table.h"
#include "report/phase_shares_view.h"
#include "report/sample_runs.h"
#include "support/golden.h"
#include "support/refusal.h"

namespace wattfor::footprint_view_test {
namespace {

using test::has_text;

const Electricity german =
    electricity_of({.region = "DE", .pue = 1.2, .kwh_price = 0.3, .currency = "EUR"}, {});

FootprintView view_of(const std::vector<Measurement>& records, FootprintQuery query = {}) {
  if (query.runs.empty()) query.runs = {"finetune"};
  return footprint_view(records, query);
}

// 100/10 + 3 kWh, ±14 %; times 1.2; 380.95 g and 0.30 EUR each.
TEST(FootprintViewTest, IsOfTheRunAndWhatItWasBuiltOn) {
  const auto records = test::sample_lineage();
  const FootprintView view = view_of(records, {.electricity = german});
  ASSERT_EQ(view.making.size(), 2U);
  EXPECT_EQ(view.making[0].run, &records[0]);
  EXPECT_DOUBLE_EQ(view.making[0].share, 0.1);
  EXPECT_FALSE(view.making[0].is_asked_for);
  EXPECT_TRUE(view.making[1].is_asked_for);
  ASSERT_EQ(view.tests.size(), 1U);
  EXPECT_EQ(view.tests[0].run, &records[2]);

  ASSERT_TRUE(view.total && view.counted);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view.counted->energy), 13.0);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view.total->energy.energy), 15.6);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(Joules(view.total->energy.absolute->low)), 13.416);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(Joules(view.total->energy.absolute->high)), 17.784);
  EXPECT_NEAR(view.total->carbon_g->value, 5942.82, 1e-6);
  EXPECT_NEAR(view.total->carbon_g->interval->low, 5110.8252, 1e-6);
  EXPECT_NEAR(view.total->carbon_g->interval->high, 6774.8148, 1e-6);
  EXPECT_NEAR(view.total->cost->value, 4.68, 1e-9);
  EXPECT_EQ(view.basis, Basis::modelled);
  // 3 kWh in 4 h are 750 W.
  EXPECT_DOUBLE_EQ(view.making[1].facility_power->value(), 900.0);
  EXPECT_TRUE(view.warnings.empty());
}

TEST(FootprintViewTest, SharesAndPictureHaveTheTestsToo) {
  const auto records = test::sample_lineage();
  const FootprintView view = view_of(records);
  ASSERT_EQ(view.shares.size(), 1U);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view.shares[0].total), 13.02);
  EXPECT_NEAR(view.shares[0].pretrain_percent.value(), 100.0 * 10.0 / 13.02, 1e-9);
  EXPECT_NEAR(view.shares[0].finetune_percent.value(), 100.0 * 3.0 / 13.02, 1e-9);
  EXPECT_NEAR(view.shares[0].test_percent.value(), 100.0 * 0.02 / 13.02, 1e-9);
  EXPECT_FALSE(view.shares[0].train_percent);
  const Figure figure = phase_shares_figure(view.models, view.shares);
  ASSERT_EQ(figure.bars.bars.size(), 1U);
  EXPECT_EQ(figure.bars.bars[0].name, "finetune, ImageNet");
  EXPECT_EQ(figure.bars.parts.size(), figure.bars.bars[0].values.size());
}

TEST(FootprintViewTest, TakesWhatSomebodySaysOfTheBuilding) {
  auto records = test::sample_lineage();
  records[1].training->builds_on.clear();
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view_of(records).counted->energy), 3.0);
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(
                       view_of(records, {.built_on = {"pretrain"}, .uses = 100.0}).counted->energy),
                   4.0);
  EXPECT_TRUE(has_text(test::refusal_of([&] { view_of(records, {.uses = 3.0}); }).what(),
                       "--uses has nothing to share"));
}

TEST(FootprintViewTest, CountsARunOfTwoOnce) {
  const auto records = test::sample_lineage();
  const FootprintView view = view_of(records, {.runs = {"finetune", "pretrain"}});
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view.counted->energy), 103.0);
  EXPECT_EQ(view.shares.size(), 2U);
}

TEST(FootprintViewTest, LeavesCarbonOutAndSaysHowToGetIt) {
  const auto records = test::sample_lineage();
  const FootprintView view = view_of(records);
  EXPECT_FALSE(view.total->carbon_g);
  const std::string text = footprint_text(view, 500);
  EXPECT_TRUE(has_text(text, "carbon is left out, as no country is guessed: say --region CODE"));
  EXPECT_FALSE(has_text(text, "CO2e"));
  EXPECT_EQ(to_json(view)["total"]["carbon_g"], nullptr);
}

TEST(FootprintViewTest, SaysWhatIsMissing) {
  auto records = test::sample_lineage();
  records.erase(records.begin());
  const FootprintView lacking = view_of(records);
  ASSERT_EQ(lacking.warnings.size(), 1U);
  EXPECT_EQ(lacking.warnings[0],
            "'finetune' builds on the run aaaa-1, which is not in this store: the total is short "
            "of it");

  auto silent = test::sample_lineage();
  silent[0].energy.total = {};
  EXPECT_EQ(view_of(silent).warnings.at(0),
            "of 'pretrain' no energy is known: it counts for nothing here");
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view_of(silent).counted->energy), 3.0);
}

TEST(FootprintViewTest, SaysOfInterruptedAndSimulatedRunsAndOfOtherScopes) {
  auto records = test::sample_lineage();
  records[0].outcome = Outcome::interrupted;
  records[0].energy.total.basis = Basis::simulated;
  records[0].energy.total.scope = "gpu only";
  const auto warnings = view_of(records).warnings;
  ASSERT_EQ(warnings.size(), 3U);
  EXPECT_TRUE(has_text(warnings[0], "'pretrain' was interrupted"));
  EXPECT_TRUE(has_text(warnings[1], "no electricity flowed"));
  EXPECT_TRUE(has_text(warnings[2], "cpu + gpu: 'finetune', 'test'; gpu only: 'pretrain'"));
}

TEST(FootprintViewTest, MultipliesAnEnergyThatHoldsThePueNotAgain) {
  auto records = test::sample_lineage();
  records[0].settings = {{"pue", "1.3"}, {"codecarbon_version", "2.3.5"}};
  const FootprintView view = view_of(records, {.electricity = german});
  EXPECT_DOUBLE_EQ(in_kilowatt_hours(view.total->energy.energy), 10.0 + 1.2 * 3.0);
  EXPECT_TRUE(has_text(view.warnings.at(0), "holds a PUE of 1.3 already"));
}

TEST(FootprintViewTest, AnswersWithEveryFigureAsJson) {
  const auto records = test::sample_lineage();
  const auto json = to_json(view_of(records, {.electricity = german}));
  EXPECT_EQ(json["runs"][0]["id"], "aaaa-1");
  EXPECT_EQ(json["runs"][0]["phase"], "pre-training");
  EXPECT_DOUBLE_EQ(json["runs"][0]["energy_j"].get<double>(), 36e6);
  EXPECT_DOUBLE_EQ(json["runs"][0]["facility_energy_j"].get<double>(), 43.2e6);
  EXPECT_DOUBLE_EQ(json["runs"][0]["facility_energy_low_j"].get<double>(), 0.86 * 43.2e6);
  EXPECT_NEAR(json["total"]["carbon_g"].get<double>(), 5942.82, 1e-6);
  EXPECT_EQ(json["tests"][0]["id"], "cccc-3");
  EXPECT_EQ(json["electricity"]["intensity_year"], 2023);
  EXPECT_EQ(json["electricity"]["currency"], "EUR");
}

TEST(FootprintViewTest, TablesLeaveOutColumnsForPeopleAndNoneForPrograms) {
  const auto records = test::sample_lineage();
  const FootprintView plain = view_of(records);
  EXPECT_EQ(footprint_table(plain, FootprintColumns::known).columns.size(), 7U);
  const ResultTable all = footprint_table(plain, FootprintColumns::all);
  EXPECT_EQ(all.columns.size(), 15U);
  ASSERT_EQ(all.rows.size(), 4U);  // two runs, the total, a test
  for (const auto& row : all.rows) EXPECT_EQ(row.size(), all.columns.size());
  const std::string csv = table_csv(all);
  EXPECT_TRUE(has_text(csv, "total,,,modelled,13,11.18,14.82,,,,,,,,\r\n")) << csv;
  EXPECT_FALSE(table_latex(footprint_table(view_of(records, {.electricity = german}),
                                           FootprintColumns::known))
                   .empty());
}

TEST(FootprintViewTest, FitsTheTerminal) {
  const auto records = test::sample_lineage();
  const FootprintView view = view_of(records, {.electricity = german, .equivalents = true});
  for (const int width : {60, 80, 120}) {
    for (const std::string& line : test::lines_of(footprint_text(view, width))) {
      EXPECT_LE(display_width(line), width) << line;
    }
  }
  test::expect_golden("footprint.txt", footprint_text(view, 100));
}

TEST(FootprintViewTest, IsOfATestAlone) {
  auto records = test::sample_lineage();
  records[2].training->builds_on.clear();
  const FootprintView view = view_of(records, {.runs = {"test"}});
  EXPECT_TRUE(view.making.empty());
  EXPECT_FALSE(view.total);
  EXPECT_TRUE(has_text(footprint_text(view, 100), "Tests, in no total:"));
  EXPECT_EQ(to_json(view)["total"]["energy_j"], nullptr);
}

}  // namespace
}  // namespace wattfor::footprint_view_test
