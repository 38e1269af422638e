#include "report/extrapolate.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "document/text_table.h"
#include "support/golden.h"
#include "support/refusal.h"

namespace wattfor::extrapolate_test {
namespace {

using Json = nlohmann::json;

// A run of one share of the data whose epochs took these energies.
Measurement run_of(const std::string& id, double share, std::initializer_list<double> epochs_j) {
  Measurement run;
  run.id = id;
  run.name = "train-" + id;
  run.training = TrainingFacts{.model = "resnet50", .epochs_total = 90, .data_fraction = share};
  run.machine.hostname = "node07";
  run.energy.total = {.scope = "gpu",
                      .basis = Basis::measured,
                      .gross = EnergyFigure{.energy = Joules(100.0),
                                            .absolute = Interval{.low = 95.0, .high = 105.0},
                                            .comparison = Interval{.low = 99.0, .high = 101.0}},
                      .net = {}};
  const auto add = [&](WindowKind kind, double joules) {
    run.windows.push_back(
        {.kind = kind,
         .basis = Basis::measured,
         .gross = EnergyFigure{.energy = Joules(joules), .absolute = {}, .comparison = {}}});
  };
  add(WindowKind::startup, 800.0);
  for (const double joules : epochs_j) add(WindowKind::epoch, joules);
  return run;
}

// 2 kJ to start an epoch and 135 kJ for all the data, the first epoch warming up.
std::vector<Measurement> two_shares() {
  return {run_of("one", 0.01, {4'350.0, 3'360.0, 3'340.0, 3'345.0, 3'355.0}),
          run_of("ten", 0.10, {16'520.0, 15'500.0, 15'520.0, 15'480.0, 15'505.0})};
}

ExtrapolationView view_of(const std::vector<Measurement>& runs, ExtrapolationQuery query = {}) {
  std::vector<const Measurement*> chosen;
  chosen.reserve(runs.size());
  for (const Measurement& run : runs) chosen.push_back(&run);
  return extrapolate(chosen, query);
}

bool has_note(const ExtrapolationView& view, std::string_view words) {
  for (const std::string& note : view.notes) {
    if (note.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST(ExtrapolateTest, TellsTheWholeTrainingFromTwoShares) {
  const auto runs = two_shares();
  const ExtrapolationView view = view_of(runs);
  ASSERT_TRUE(view.energy);
  EXPECT_NEAR(90 * 137e3, view.energy->energy.value(), 0.01 * 90 * 137e3);
  EXPECT_LT(view.energy->absolute->low, view.energy->comparison->low) << "the gain is in it";
  EXPECT_TRUE(has_note(view, "the first epoch is counted once, as a warm-up"));
  EXPECT_TRUE(has_note(view, "18 times the epochs, 10 times the share"));
}

TEST(ExtrapolateTest, SaysAllOfItToAReader) {
  const auto runs = two_shares();
  test::expect_golden("extrapolation.txt", extrapolation_text(view_of(runs), 100));
  for (const std::string& line : test::lines_of(extrapolation_text(view_of(runs), 80))) {
    EXPECT_LE(display_width(line), 80) << line;
  }
}

TEST(ExtrapolateTest, SaysAllOfItToAProgram) {
  const auto runs = two_shares();
  const Json json = to_json(view_of(runs, {.epochs = 10, .data_fraction = 0.5}));
  EXPECT_EQ(10, json.at("epochs"));
  EXPECT_EQ(0.5, json.at("data_fraction"));
  EXPECT_NEAR(10 * 69.5e3, json.at("energy_j").get<double>(), 0.01 * 10 * 69.5e3);
  EXPECT_LT(json.at("energy_low_j"), json.at("comparison_low_j"));
  EXPECT_TRUE(json.at("bracket").is_null());
  EXPECT_GT(json.at("r_squared"), 0.999);
  EXPECT_EQ(1, json.at("warm_up_epochs"));
  ASSERT_EQ(2U, json.at("runs").size());
  EXPECT_EQ("one", json.at("runs")[0].at("id"));
  EXPECT_EQ(5U, json.at("runs")[0].at("residuals_j").size());
  EXPECT_EQ("gpu", json.at("scope"));
}

TEST(ExtrapolateTest, AnswersABracketFromOneShare) {
  const std::vector runs{run_of("one", 0.01, {3'360.0, 3'340.0, 3'345.0, 3'355.0})};
  const ExtrapolationView view = view_of(runs);
  EXPECT_FALSE(view.energy);
  EXPECT_NEAR(90 * 3'350.0, view.startup_alone->energy.value(), 0.01 * 90 * 3'350.0);
  EXPECT_NEAR(90 * 335e3, view.data_alone->energy.value(), 0.01 * 90 * 335e3);
  EXPECT_TRUE(to_json(view).at("bracket").contains("data_alone"));
  EXPECT_NE(std::string::npos, extrapolation_text(view, 100).find("lies between these two"));
}

TEST(ExtrapolateTest, AsksForTheEpochsWhereTheRunsDoNotTellOneNumber) {
  auto runs = two_shares();
  runs[0].training->epochs_total = 30;
  test::expect_refusal(test::refusal_of([&] { view_of(runs); }), ErrorCode::usage,
                       "the runs told 30 and 90");
  for (Measurement& run : runs) run.training->epochs_total.reset();
  test::expect_refusal(test::refusal_of([&] { view_of(runs); }), ErrorCode::usage, "--epochs N");
  EXPECT_TRUE(view_of(runs, {.epochs = 90}).energy);
}

TEST(ExtrapolateTest, SaysWhereRunsMayNotBeOfOneTraining) {
  auto runs = two_shares();
  runs[0].training->model = "resnet18";
  runs[0].machine.hostname = "node08";
  runs[0].energy.total.scope = "cpu + gpu";
  runs[0].training->batch_size = 32;
  runs[1].training->batch_size = 64;
  runs[1].outcome = Outcome::interrupted;
  const ExtrapolationView view = view_of(runs);
  for (const char* words :
       {"differ in model (resnet18; resnet50)", "differ in machine",
        "differ in batch size (32; 64)", "what is in the total", "train-ten was interrupted"}) {
    EXPECT_TRUE(has_note(view, words)) << words;
  }
}

TEST(ExtrapolateTest, SaysWhichRunsAreWarnedOf) {
  auto runs = two_shares();
  EXPECT_FALSE(has_note(view_of(runs), "warned of"));
  runs[1].warnings = {"other programs took 35 % of the CPUs' time"};
  EXPECT_TRUE(has_note(view_of(runs), "train-ten is warned of"));
}

TEST(ExtrapolateTest, SaysThatWhatFollowedAnOnlyEpochIsLeftOut) {
  std::vector runs{run_of("one", 1.0, {137e3})};
  runs[0].windows[1].duration = Seconds(100.0);
  runs[0].energy.duration = Seconds(101.0);
  EXPECT_FALSE(has_note(view_of(runs), "after its only epoch"));
  runs[0].energy.duration = Seconds(120.0);
  EXPECT_TRUE(has_note(view_of(runs), "what train-one did after its only epoch"));
}

TEST(ExtrapolateTest, SaysWhatItAssumesOfASingleEpoch) {
  std::vector runs{run_of("one", 1.0, {137e3})};
  runs[0].training->data_fraction.reset();
  runs[0].windows.erase(runs[0].windows.begin());
  const ExtrapolationView view = view_of(runs);
  ASSERT_TRUE(view.energy);
  for (const char* words : {"10 % is assumed", "taken for all the data",
                            "the first epoch began with the run", "warm-up among them"}) {
    EXPECT_TRUE(has_note(view, words)) << words;
  }
}

}  // namespace
}  // namespace wattfor::extrapolate_test
