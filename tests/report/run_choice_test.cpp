#include "report/run_choice.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace wattfor::run_choice_test {
namespace {

Measurement run(const std::string& id, const std::string& name, double energy_j) {
  Measurement record;
  record.id = id;
  record.name = name;
  record.started_at = "2026-03-01T12:30:45.000Z";
  record.energy.total.gross =
      EnergyFigure{.energy = Joules(energy_j), .absolute = {}, .comparison = {}};
  return record;
}

Measurement cell(const std::string& id) {
  Measurement record = run(id, "resnet50", 1.0);
  record.cell.emplace();
  return record;
}

const std::vector<Measurement> records{run("aaaa-1", "resnet50", 1'200.0),
                                       run("aaaa-2", "vit", 3'400.0), run("bbbb-3", "vit", 5'600.0),
                                       cell("cccc-4")};

std::string refusal(const std::vector<std::string>& words, ErrorCode expected) {
  try {
    required_runs(records, words);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), expected);
    return error.what();
  }
  return "";
}

TEST(RunChoiceTest, TakesAnIdANameAndTheBeginningOfAnId) {
  const std::vector<std::string> words{"bbbb-3", "resnet50", "aaaa-2"};
  const auto runs = required_runs(records, words);
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0], &records[2]);
  EXPECT_EQ(runs[1], &records[0]);  // not the cell of that name
  EXPECT_EQ(runs[2], &records[1]);
  EXPECT_EQ(&required_run(records, "bbbb"), &records[2]);
}

TEST(RunChoiceTest, ListsTheRunsOfASharedNameTheNewestFirst) {
  EXPECT_EQ(refusal({"vit"}, ErrorCode::usage),
            "'vit' is the name of 2 runs; say which by its id:\n"
            "  bbbb-3  2026-03-01T12:30  5.60 kJ  vit\n"
            "  aaaa-2  2026-03-01T12:30  3.40 kJ  vit");
}

TEST(RunChoiceTest, ListsTheRunsOfASharedBeginning) {
  const std::string message = refusal({"aaaa"}, ErrorCode::usage);
  EXPECT_NE(message.find("'aaaa' is the beginning of an id of 2 runs"), std::string::npos);
  EXPECT_NE(message.find("aaaa-1"), std::string::npos);
  EXPECT_NE(message.find("aaaa-2"), std::string::npos);
}

TEST(RunChoiceTest, TakesNoBeginningOfThreeCharacters) {
  EXPECT_NE(refusal({"bbb"}, ErrorCode::not_found), "");
}

TEST(RunChoiceTest, NamesTheNearestRunForATypo) {
  EXPECT_EQ(refusal({"resnet5"}, ErrorCode::not_found),
            "there is no run 'resnet5'; did you mean 'resnet50'?");
}

TEST(RunChoiceTest, SaysThatACellIsNoRun) {
  EXPECT_NE(refusal({"cccc-4"}, ErrorCode::not_found).find("a cell of a sweep"), std::string::npos);
}

TEST(RunChoiceTest, RefusesOneRunTwice) {
  EXPECT_EQ(refusal({"resnet50", "aaaa-1"}, ErrorCode::usage),
            "'resnet50' and 'aaaa-1' are one run: name it once");
}

TEST(RunChoiceTest, SaysHowToMakeARunWhereThereIsNone) {
  const std::vector<Measurement> none;
  try {
    required_run(none, "vit");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("wattfor run -- COMMAND"), std::string::npos);
  }
}

}  // namespace
}  // namespace wattfor::run_choice_test
