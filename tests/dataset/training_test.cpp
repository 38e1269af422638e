#include "dataset/training.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"
#include "support/refusal.h"

namespace wattfor::training_test {
namespace {

using test::has_text;

TEST(TrainingTest, ReadsARunARowWithItsUnits) {
  const ImportedTables data = read_training(
      "train_kwh,model,task,dataset,year,gflops_per_forward,parameters,device,device_count,"
      "batch_size,epochs,data_fraction,pretrain_dataset,pretrain_kwh,finetune_kwh,test_kwh,metric,"
      "accuracy_percent,note\n"
      "\"1,243.5\",m,seg,City,2017,256,65.6e6,V100,4,8,1.5,0.1,IN21K,10,3,0.5,mIoU,80.2,x\n",
      "t.csv");
  ASSERT_EQ(data.tables.at(0).training_runs.size(), 1U);
  const TrainingRun expected{.model = "m",
                             .task = "seg",
                             .dataset = "City",
                             .year = 2017,
                             .gflops_per_forward = 256.0,
                             .parameters = 65.6e6,
                             .device = "V100",
                             .device_count = 4,
                             .batch_size = 8,
                             .epochs = 1.5,
                             .data_fraction = 0.1,
                             .pretrain_dataset = "IN21K",
                             .pretrain = Joules(36e6),
                             .train = Joules(4476.6e6),
                             .finetune = Joules(10.8e6),
                             .test = Joules(1.8e6),
                             .metric = "mIoU",
                             .accuracy_percent = 80.2};
  EXPECT_EQ(data.tables[0].training_runs[0], expected);
  EXPECT_TRUE(data.left_out.empty());
}

TEST(TrainingTest, NeedsTheColumnOfTheModelAloneAndTakesWhatIsAbsentForUnknown) {
  const ImportedTables data = read_training("model,train_kwh\na,2\nb,\n", "t.csv");
  ASSERT_EQ(data.tables.at(0).training_runs.size(), 1U);
  const TrainingRun& run = data.tables[0].training_runs[0];
  EXPECT_EQ(run.train, kilowatt_hours(2.0));
  EXPECT_EQ(run.batch_size, std::nullopt);
  EXPECT_EQ(run.accuracy_percent, std::nullopt);
  EXPECT_EQ(run.device, "");
  EXPECT_EQ(data.read.at(0).empty, 1) << "b states nothing";
  const auto refusal = [](const std::string& text) {
    return std::string(test::refusal_of([&] { read_training(text, "t.csv"); }).what());
  };
  EXPECT_TRUE(has_text(refusal("train_kwh\n2\n"), "'model' and found none"));
  EXPECT_TRUE(has_text(refusal("model,train_kwh,train_kwh\na,2,3\n"), "'train_kwh' and found 2"));
  EXPECT_TRUE(has_text(refusal(std::string("\xFF\xFEm\0", 4)), "UTF-16"));
}

TEST(TrainingTest, NamesEachRowThatCantBeUsedWithItsLineAndKeepsTheRest) {
  const ImportedTables data = read_training(
      "model,train_kwh,accuracy_percent,data_fraction,year\n"
      "a,-1,80,1,2017\n"
      "b,nan,80,1,2017\n"
      "c,2,101,1,2017\n"
      "d,2,80,1.5,2017\n"
      "e,2,80,1,17\n"
      ",2,80,1,2017\n"
      "g,2,80,1,2017\n"
      "g,3,80,1,2017\n"
      "h\xE9,2,80,1,2017\n"
      "i,2,8",
      "t.csv");
  ASSERT_EQ(data.tables.at(0).training_runs.size(), 1U);
  EXPECT_EQ(data.tables[0].training_runs[0].model, "g");
  ASSERT_EQ(data.left_out.size(), 9U);
  EXPECT_EQ(data.left_out[0].line, 2);
  EXPECT_TRUE(has_text(data.left_out[0].reason, "train_kwh is '-1'"));
  EXPECT_TRUE(has_text(data.left_out[2].reason, "accuracy_percent is '101'"));
  EXPECT_TRUE(has_text(data.left_out[3].reason, "share above 0"));
  EXPECT_TRUE(has_text(data.left_out[4].reason, "year"));
  EXPECT_EQ(data.left_out[6].reason, "it stands in line 8 already") << "the same run twice";
  EXPECT_EQ(data.left_out[8].line, 11);
  EXPECT_TRUE(has_text(data.left_out[8].reason, "3 cells instead of 5"));
  EXPECT_EQ(data.read.at(0).rows, 10);
  EXPECT_EQ(data.read.at(0).used, 1);
}

TEST(TrainingTest, TheTrainingStudysTablesAreReadWhole) {
  const ImportedTables data = read_training(std::string(WATTFOR_DOCS) + "/data/training-study.csv");
  EXPECT_TRUE(data.left_out.empty());
  EXPECT_EQ(data.tables.at(0).training_runs.size(), 21U);
  for (const TrainingRun& run : data.tables[0].training_runs) {
    EXPECT_TRUE(run.train && run.test && run.accuracy_percent) << run.model;
    EXPECT_EQ(run.batch_size, 8) << run.model;
  }
}

}  // namespace
}  // namespace wattfor::training_test
