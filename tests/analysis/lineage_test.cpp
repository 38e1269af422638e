#include "analysis/lineage.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "base/error.h"

namespace wattfor::lineage_test {
namespace {

// A run of that many joules, ±10 %.
Measurement run(const std::string& id, Phase phase, double energy_j,
                std::vector<BuiltOn> builds_on = {}) {
  Measurement record;
  record.id = id;
  record.name = "name of " + id;
  record.energy.total.basis = Basis::measured;
  record.energy.total.gross =
      EnergyFigure{.energy = Joules(energy_j),
                   .absolute = Interval{.low = 0.9 * energy_j, .high = 1.1 * energy_j},
                   .comparison = std::nullopt};
  record.training = TrainingFacts{.phase = phase, .builds_on = std::move(builds_on)};
  return record;
}

std::map<std::string, double> shares(const std::vector<Measurement>& records,
                                     const Lineage& lineage) {
  std::map<std::string, double> shares;
  for (const LineagePart& part : lineage.making) shares[records[part.run].id] = part.share;
  return shares;
}

std::string refusal(const std::vector<Measurement>& records, const LineageQuery& query) {
  try {
    lineage_of(records, query);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_input);
    return error.what();
  }
  return "";
}

// The training study's section 5.4: pre-training is most of it, the tests are next to nothing.
TEST(LineageTest, AddsWhatARunWasBuiltOnWholeOrShared) {
  const std::vector<Measurement> records{run("pre", Phase::pretraining, 1000.0),
                                         run("mid", Phase::pretraining, 100.0, {{"pre", 5.0}}),
                                         run("fine", Phase::finetuning, 10.0, {{"mid", 2.0}})};
  const Lineage lineage = lineage_of(records, {.runs = {2}});
  ASSERT_EQ(lineage.making.size(), 3U);
  EXPECT_EQ(lineage.making[0].run, 0U);  // what is built on comes first
  EXPECT_EQ(lineage.making[2].run, 2U);
  EXPECT_EQ(shares(records, lineage),
            (std::map<std::string, double>{{"pre", 0.1}, {"mid", 0.5}, {"fine", 1.0}}));

  const MakingEnergy making = making_energy(records, lineage);
  ASSERT_TRUE(making.energy);
  // 1000/10 + 100/2 + 10; the gains are common: ±10 % of each add up.
  EXPECT_DOUBLE_EQ(making.energy->energy.value(), 160.0);
  EXPECT_DOUBLE_EQ(making.energy->absolute->low, 144.0);
  EXPECT_DOUBLE_EQ(making.energy->absolute->high, 176.0);
  EXPECT_FALSE(making.energy->comparison);
  EXPECT_TRUE(making.unknown.empty());
}

TEST(LineageTest, CountsARunOnceWhereTwoBuildOnIt) {
  const std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                         run("a", Phase::finetuning, 1.0, {{"pre", 1.0}}),
                                         run("b", Phase::finetuning, 2.0, {{"pre", 1.0}}),
                                         run("c", Phase::training, 4.0, {{"a", 1.0}, {"b", 1.0}})};
  EXPECT_DOUBLE_EQ(
      making_energy(records, lineage_of(records, {.runs = {3}})).energy->energy.value(), 107.0);
  // Asked for both: their pre-training once.
  EXPECT_DOUBLE_EQ(
      making_energy(records, lineage_of(records, {.runs = {1, 2}})).energy->energy.value(), 103.0);
}

TEST(LineageTest, AddsTheSharesOfTwoThatBuildOnARun) {
  const std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                         run("a", Phase::finetuning, 1.0, {{"pre", 10.0}}),
                                         run("b", Phase::finetuning, 2.0, {{"pre", 4.0}})};
  const Lineage lineage = lineage_of(records, {.runs = {1, 2}});
  EXPECT_DOUBLE_EQ(shares(records, lineage).at("pre"), 0.35);
}

TEST(LineageTest, TakesUsesAndBasesInPlaceOfTheRecords) {
  const std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                         run("other", Phase::pretraining, 30.0),
                                         run("a", Phase::finetuning, 1.0, {{"pre", 1.0}})};
  const Lineage lineage = lineage_of(records, {.runs = {2}, .also_built_on = {1}, .uses = 10.0});
  EXPECT_EQ(shares(records, lineage),
            (std::map<std::string, double>{{"pre", 0.1}, {"other", 0.1}, {"a", 1.0}}));
}

TEST(LineageTest, KeepsTestsApart) {
  const std::vector<Measurement> records{run("train", Phase::training, 100.0),
                                         run("test", Phase::testing, 7.0, {{"train", 1.0}}),
                                         run("test of another", Phase::testing, 9.0)};
  const Lineage of_model = lineage_of(records, {.runs = {0}});
  EXPECT_EQ(of_model.tests, std::vector<std::size_t>{1});
  EXPECT_DOUBLE_EQ(making_energy(records, of_model).energy->energy.value(), 100.0);

  const Lineage of_test = lineage_of(records, {.runs = {1}});
  EXPECT_EQ(of_test.tests, std::vector<std::size_t>{1});
  EXPECT_DOUBLE_EQ(making_energy(records, of_test).energy->energy.value(), 100.0);
}

TEST(LineageTest, NamesWhatTheRecordsLack) {
  const std::vector<Measurement> records{
      run("fine", Phase::finetuning, 10.0, {{"elsewhere", 2.0}})};
  const Lineage lineage = lineage_of(records, {.runs = {0}});
  ASSERT_EQ(lineage.missing.size(), 1U);
  EXPECT_EQ(lineage.missing[0].id, "elsewhere");
  EXPECT_EQ(lineage.missing[0].needed_by, 0U);
}

TEST(LineageTest, SaysOfWhichRunNoEnergyIsKnown) {
  std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                   run("fine", Phase::finetuning, 10.0, {{"pre", 1.0}})};
  records[0].energy.total = {};
  const MakingEnergy making = making_energy(records, lineage_of(records, {.runs = {1}}));
  EXPECT_EQ(making.unknown, std::vector<std::size_t>{0});
  EXPECT_DOUBLE_EQ(making.energy->energy.value(), 10.0);
}

TEST(LineageTest, HasTheWeakestBasis) {
  std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                   run("fine", Phase::finetuning, 10.0, {{"pre", 1.0}})};
  records[0].energy.total.basis = Basis::modelled;
  EXPECT_EQ(making_energy(records, lineage_of(records, {.runs = {1}})).basis, Basis::modelled);
}

TEST(LineageTest, RefusesACircleAndNamesIt) {
  const std::vector<Measurement> records{run("a", Phase::training, 1.0, {{"b", 1.0}}),
                                         run("b", Phase::training, 1.0, {{"c", 1.0}}),
                                         run("c", Phase::training, 1.0, {{"b", 1.0}})};
  EXPECT_NE(refusal(records, {.runs = {0}}).find("b → c → b"), std::string::npos);
}

TEST(LineageTest, RefusesLessThanOneUse) {
  const std::vector<Measurement> records{run("pre", Phase::pretraining, 100.0),
                                         run("fine", Phase::finetuning, 10.0, {{"pre", 0.5}})};
  EXPECT_NE(refusal(records, {.runs = {1}}).find("expected 1 or more"), std::string::npos);
}

TEST(LineageTest, TakesARunWhoseProgramToldNothingForATraining) {
  Measurement plain = run("plain", Phase::training, 3.0);
  plain.training.reset();
  EXPECT_EQ(phase_of(plain), Phase::training);
  const std::vector<Measurement> records{plain};
  EXPECT_EQ(lineage_of(records, {.runs = {0}}).making.size(), 1U);
}

}  // namespace
}  // namespace wattfor::lineage_test
