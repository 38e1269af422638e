#include "dataset/accuracy_table.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::accuracy_table_test {
namespace {

using test::has_text;

std::vector<Accuracy> accuracies_in(const std::string& text) {
  const test::TempTree tree;
  tree.write("a.csv", text);
  return read_accuracy_table((tree / "a.csv").string()).tables.at(0).accuracies;
}

std::string refused_accuracies(const std::string& text) {
  const Error refusal = test::refusal_of([&] { accuracies_in(text); });
  EXPECT_EQ(ErrorCode::invalid_input, refusal.code());
  return refusal.what();
}

constexpr char header[] = "model,input_size,test_set,top1_percent,top5_percent\n";

TEST(AccuracyTableTest, ReadsTheColumnsInAnyOrder) {
  const std::vector<Accuracy> expected{{.model = "a",
                                        .input_size = 224,
                                        .test_set = "t",
                                        .top1_percent = 76.5,
                                        .top5_percent = 93.0}};
  EXPECT_EQ(expected, accuracies_in(std::string(header) + "a,224,t,76.5,93\n"));
  EXPECT_EQ(expected, accuracies_in("url,test_set,top5_percent,top1_percent,input_size,model\n"
                                    "u,t,93,76.5,224,a\n"));
}

TEST(AccuracyTableTest, TakesAnEmptyAccuracyForUnknownAndNotForZero) {
  const auto accuracies = accuracies_in(std::string(header) + "a,,t,,\nb,8,t,0,\n");
  EXPECT_FALSE(accuracies[0].top1_percent);
  EXPECT_EQ(0, accuracies[0].input_size);
  EXPECT_EQ(0.0, accuracies[1].top1_percent);
  EXPECT_FALSE(accuracies[1].top5_percent);
}

TEST(AccuracyTableTest, ReadsWhatSpreadsheetsWrite) {
  const auto accuracies = accuracies_in(
      "\xEF\xBB\xBFmodel,input_size,test_set,top1_percent,top5_percent\r\n"
      "\"a, \"\"b\"\"\nc\", 8 ,t, 50.0 ,100\r\n");
  ASSERT_EQ(1U, accuracies.size());
  EXPECT_EQ("a, \"b\"\nc", accuracies[0].model);
  EXPECT_EQ(8, accuracies[0].input_size);
  EXPECT_EQ(50.0, accuracies[0].top1_percent);
}

TEST(AccuracyTableTest, RefusesWhatIsNoPercentage) {
  for (const std::string value : {"-0.1", "100.1", "nan", "inf", "0.9x", "76%", "1e3", "0x10"}) {
    const std::string message = refused_accuracies(std::string(header) + "a,8,t," + value + ",\n");
    EXPECT_TRUE(has_text(message, "a.csv:2: top1_percent is '" + value + "'"));
  }
}

TEST(AccuracyTableTest, RefusesASizeThatIsNoWholeNumber) {
  for (const std::string value : {"-8", "8.5", "224x224", "99999999999"}) {
    EXPECT_TRUE(has_text(refused_accuracies(std::string(header) + "a," + value + ",t,1,\n"),
                         "a.csv:2: input_size is '" + value + "'"));
  }
}

TEST(AccuracyTableTest, RefusesANameThatIsNotUtf8OrTooLong) {
  EXPECT_TRUE(has_text(refused_accuracies(std::string(header) + "gr\xF6\xDF"
                                                                "e,8,t,1,\n"),
                       "expected a name in UTF-8"));
  EXPECT_TRUE(
      has_text(refused_accuracies(std::string(header) + "a,8,\xff,1,\n"), "a.csv:2: test_set is"));
  const std::string message =
      refused_accuracies(std::string(header) + std::string(100'000, 'x') + ",8,t,1,\n");
  EXPECT_TRUE(has_text(message, "expected a name of at most 4096 bytes"));
  EXPECT_LT(message.size(), 300U);
}

TEST(AccuracyTableTest, NamesEveryBadLineUpToALimit) {
  const std::string few = refused_accuracies(
      std::string(header) + "a,8,t,1,1\nb,8,t,101,\nc,8,t,1\n,8,t,1,1\na,8,t,2,2\n");
  EXPECT_FALSE(has_text(few, "a.csv:2:"));
  EXPECT_TRUE(has_text(few, "a.csv:3: top1_percent"));
  EXPECT_TRUE(has_text(few, "a.csv:4: 4 cells instead of 5"));
  EXPECT_TRUE(has_text(few, "a.csv:5: model is ''"));
  EXPECT_TRUE(has_text(few, "a.csv:6: 'a' at input size 8 on 't' stands in line 2 already"));

  std::string many = header;
  for (int i = 0; i < 25; ++i) many += "m" + std::to_string(i) + ",8,t,x,\n";
  EXPECT_TRUE(has_text(refused_accuracies(many), "a.csv:11:"));
  EXPECT_FALSE(has_text(refused_accuracies(many), "a.csv:12:"));
  EXPECT_TRUE(has_text(refused_accuracies(many), "and 15 more"));
}

TEST(AccuracyTableTest, NamesAMissingOrDoubledColumn) {
  EXPECT_TRUE(has_text(refused_accuracies("model,input_size,top1_percent,top5_percent\na,8,1,1\n"),
                       "a.csv: expected one column 'test_set' and found none"));
  EXPECT_TRUE(
      has_text(refused_accuracies("model,model,input_size,test_set,top1_percent,top5_percent\n"),
               "expected one column 'model' and found 2"));
  EXPECT_TRUE(has_text(refused_accuracies(""), "a.csv: the file is empty"));
}

TEST(AccuracyTableTest, AcceptsATableWithoutRows) { EXPECT_TRUE(accuracies_in(header).empty()); }

}  // namespace
}  // namespace wattfor::accuracy_table_test
