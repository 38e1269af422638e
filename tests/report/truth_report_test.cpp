#include "report/truth_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "document/numbers.h"
#include "support/text.h"

namespace wattfor::truth_report_test {
namespace {

using test::has_text;

CheckedWindow window(double naive, double energy, Interval interval) {
  return {.replayed = {.mark = {},
                       .samples = 0,
                       .naive = Joules(naive),
                       .estimate = EstimatedEnergy{.figure = {.energy = Joules(energy),
                                                              .absolute = interval,
                                                              .comparison = interval},
                                                   .budget = {}}},
          .truth = Joules(1000.0)};
}

std::vector<CheckedWindow> two_windows() {
  return {window(950.0, 1001.0, {900.0, 1102.0}), window(1050.0, 1200.0, {1100.0, 1300.0})};
}

TEST(TruthReportTest, TheTableHasALineAWindowAndTheSumOfAll) {
  Replay replay;
  replay.notes = {"something to know"};
  const std::string text = truth_table(replay, two_windows(), 100);
  EXPECT_TRUE(has_text(text, "1  1.00 kJ    950 J  −5.0 %    1.00 kJ  +0.10 %"));
  EXPECT_TRUE(has_text(text, "±10 %"));
  EXPECT_TRUE(has_text(text, "no\n"));
  EXPECT_TRUE(has_text(text,
                       "root mean square error: naive 5.0 %, corrected 14 %; 1 of 2 intervals hold "
                       "the truth"));
  EXPECT_TRUE(has_text(text, "something to know"));
}

TEST(TruthReportTest, AWindowWithoutAFigureHasDashes) {
  const std::vector<CheckedWindow> windows{{.replayed = {}, .truth = Joules(5.0)}};
  const std::string text = truth_table({}, windows, 100);
  EXPECT_TRUE(has_text(text, "1  5.00 J      –      –          –      –     –  –"));
  EXPECT_TRUE(has_text(text, "0 of 0 intervals"));
  const nlohmann::json json = truth_json({}, windows);
  for (const char* key :
       {"naive_error_percent", "energy_error_percent", "holds_truth", "energy_j"}) {
    EXPECT_TRUE(json["windows"][0].at(key).is_null()) << key;
  }
  EXPECT_TRUE(json["summary"]["naive"].is_null());
}

TEST(TruthReportTest, TheJsonSaysTheSame) {
  const nlohmann::json json = truth_json({}, two_windows());
  EXPECT_EQ(1000.0, json["windows"][0]["true_j"]);
  EXPECT_NEAR(-5.0, json["windows"][0]["naive_error_percent"].get<double>(), 1e-9);
  EXPECT_NEAR(20.0, json["windows"][1]["energy_error_percent"].get<double>(), 1e-9);
  EXPECT_EQ(false, json["windows"][1]["holds_truth"]);
  EXPECT_EQ(1, json["summary"]["holding"]);
  EXPECT_NEAR(5.0, json["summary"]["naive"]["rmse_percent"].get<double>(), 1e-9);
}

TEST(TruthReportTest, PeriodsHaveALineEach) {
  const std::vector<PeriodErrors> periods{
      {.period = Seconds(0.1), .errors = summary_of(two_windows())}};
  const std::string text = period_errors_table(periods, 100);
  EXPECT_TRUE(has_text(text, "100 ms       5.0 %  −4.5 % … +4.5 %"));
  EXPECT_TRUE(has_text(text, "1 of 2"));
  EXPECT_EQ(0.1, period_errors_json(periods)[0]["period_s"]);
}

TEST(TruthReportTest, AGaugeIsToldInAFewWords) {
  SensorProfile profile;
  EXPECT_EQ("the power of a moment", gauge_text(profile));
  profile.kind = ResponseKind::boxcar;
  profile.window = Uncertain<Seconds>{.value = Seconds(0.025)};
  profile.update_period = Uncertain<Seconds>{.value = Seconds(1.0)};
  EXPECT_EQ("the mean of 25 ms, each 1 s", gauge_text(profile));
}

TEST(SharesTest, HaveTwoDigitsAndASign) {
  EXPECT_EQ("+1.2 %", signed_share(0.0123));
  EXPECT_EQ("−60 %", signed_share(-0.601));
  EXPECT_EQ("0 %", signed_share(-1e-9));
  EXPECT_EQ("–", signed_share(std::nullopt));
  EXPECT_EQ("0.12 %", plain_share(0.00123));
}

}  // namespace
}  // namespace wattfor::truth_report_test
