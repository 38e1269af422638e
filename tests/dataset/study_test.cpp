#include "dataset/study.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "support/published_data.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::study_test {
namespace {

using test::has_text;
using test::TempTree;

constexpr const char* figures_header =
    "Type,Family,Model Name,Input Size,Accuracy,Max BS,Optimal BS,Throughput,Latency,Energy,DONE\n";
constexpr const char* accuracy_header =
    "Model Name,Input Size,imagenet-original,imagenet-real,imagenetv2-matched-frequency,sketch,"
    "imagenet-a,imagenet-a-clean,imagenet-r,imagenet-r-clean,url\n";
constexpr const char* stats_header =
    "model_name,input_size_csv,input_size_cfg,crop_pct_csv,crop_pct_cfg,params_csv,params_tinfo,"
    "macs_tinfo,params_ptflops,macs_ptflops,activations\n";

// A data set of one model, in which a test changes a file.
struct SmallStudy {
  SmallStudy() {
    for (const char* setup : {"A100_PT", "A100_TRT", "H100_PT", "H100_TRT"}) {
      tree.write(std::string(setup) + ".csv",
                 std::string(figures_header) + "TBD,TBD,m.w,224,70,64,32,2000,16,125,True\n");
    }
    tree.write("model_accuracy.csv",
               std::string(accuracy_header) + "m.w,224,70,80,60,,10,90,30,95,x\n");
    tree.write("model_stats.csv",
               std::string(stats_header) + "m.w,224,224,1,1,1.5,1500000,2e9,1500001,2.1e9,3e6\n");
  }
  ImportedTables read() const { return read_study(tree.root()); }

  TempTree tree;
};

TEST(StudyTest, ReadsFiguresAccuraciesAndStatisticsWithTheirUnitsAndSources) {
  const SmallStudy study;
  const ImportedTables data = study.read();
  ASSERT_EQ(data.tables.size(), 6U);
  EXPECT_TRUE(data.left_out.empty());
  const PublishedTable& pytorch = data.tables[0];
  EXPECT_EQ(pytorch.source.file, (study.tree / "A100_PT.csv").string());
  EXPECT_EQ(pytorch.source.sha256.size(), 64U);
  EXPECT_EQ(pytorch.source.licence, "MIT");
  ASSERT_EQ(pytorch.figures.size(), 1U);
  const PublishedFigure& figure = pytorch.figures.front();
  EXPECT_EQ(figure.setup.id, "A100_PT");
  EXPECT_EQ(figure.setup.precision, "fp32");
  EXPECT_EQ(data.tables[1].figures.front().setup.precision, "fp16");
  EXPECT_EQ(figure.model, "m.w");
  EXPECT_EQ(figure.input_size, 224);
  EXPECT_EQ(figure.batch_size, 32);
  EXPECT_DOUBLE_EQ(figure.energy_per_image.energy.value(), 0.125) << "mJ in the file";
  EXPECT_EQ(figure.throughput_per_s, 2000.0);
  EXPECT_EQ(figure.latency_ms, 16.0);
  EXPECT_EQ(data.tables[4].accuracies.size(), 7U) << "an empty one is unknown";
  const auto& statistics = data.tables[5].statistics;
  ASSERT_EQ(statistics.size(), 4U);
  EXPECT_EQ(statistics[0].counter, "timm");
  EXPECT_EQ(statistics[0].parameters, 1.5e6) << "millions in the file";
  EXPECT_EQ(statistics[2].counter, "ptflops");
  EXPECT_EQ(statistics[2].macs, 2.1e9);
  EXPECT_EQ(statistics[3].activations, 3e6);
}

TEST(StudyTest, ARowWithoutAnEnergyIsEmptyAndNoFigure) {
  const SmallStudy study;
  study.tree.write("A100_TRT.csv", std::string(figures_header) + "TBD,TBD,m.w,224,70,,,,,,True\n");
  const ImportedTables data = study.read();
  EXPECT_TRUE(data.tables[1].figures.empty());
  EXPECT_EQ(data.read[1].rows, 1);
  EXPECT_EQ(data.read[1].used, 0);
  EXPECT_EQ(data.read[1].empty, 1);
  EXPECT_TRUE(data.left_out.empty());
}

TEST(StudyTest, WhatCantBeUsedIsNamedAndTheRestIsKept) {
  const SmallStudy study;
  study.tree.write("H100_PT.csv", std::string(figures_header) +
                                      "TBD,TBD,a,224,70,64,32,2000,16,-5,True\n"
                                      "TBD,TBD,b,224,70,64,32,2000,16,125,True\n"
                                      "TBD,TBD,b,224,70,64,32,2000,16,126,True\n"
                                      "TBD,TBD,c,22");
  const ImportedTables data = study.read();
  ASSERT_EQ(data.tables[2].figures.size(), 1U);
  EXPECT_EQ(data.tables[2].figures.front().model, "b");
  EXPECT_EQ(data.read[2].rows, 4);
  ASSERT_EQ(data.left_out.size(), 3U);
  EXPECT_EQ(data.left_out[0].line, 2);
  EXPECT_TRUE(has_text(data.left_out[0].reason, "millijoules above 0"));
  EXPECT_EQ(data.left_out[1].line, 4);
  EXPECT_TRUE(has_text(data.left_out[1].reason, "line 3 already"));
  EXPECT_EQ(data.left_out[2].line, 5);
}

TEST(StudyTest, ACellOfTheStatisticsThatCantBeReadCostsThatNumberAlone) {
  const SmallStudy study;
  study.tree.write("model_stats.csv",
                   std::string(stats_header) + "m.w,224,224,1,1,1   012.5,15,2e9,15,2.1e9,3e6\n");
  const ImportedTables data = study.read();
  ASSERT_EQ(data.tables[5].statistics.size(), 3U);
  EXPECT_EQ(data.tables[5].statistics[0].counter, "torchinfo");
  ASSERT_EQ(data.left_out.size(), 1U);
  EXPECT_TRUE(has_text(data.left_out[0].reason, "params_csv is '1   012.5'"));
}

TEST(StudyTest, AMissingFileOrFolderIsNamed) {
  const SmallStudy study;
  std::filesystem::remove(study.tree / "model_stats.csv");
  EXPECT_TRUE(has_text(test::refusal_of([&] { study.read(); }).what(), "model_stats.csv"));
  EXPECT_TRUE(has_text(test::refusal_of([] { read_study("/nowhere"); }).what(), "/nowhere"));
}

TEST(StudyTest, ThePublishedDataSetIsReadWholeButForFourCells) {
  const auto folder = test::published_data() / "inference-energy";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const ImportedTables data = read_study(folder);
  ASSERT_EQ(data.tables.size(), 6U);
  EXPECT_EQ(data.tables[0].figures.size(), 1435U);
  EXPECT_EQ(data.tables[1].figures.size(), 1405U);
  EXPECT_EQ(data.tables[2].figures.size(), 1435U);
  EXPECT_EQ(data.tables[3].figures.size(), 1405U);
  EXPECT_EQ(data.read[1].empty, 30);
  EXPECT_EQ(data.tables[4].accuracies.size(), 8U * 1435U);
  EXPECT_EQ(data.left_out.size(), 4U);
  EXPECT_TRUE(std::ranges::all_of(data.left_out, [](const LeftOut& each) {
    return has_text(each.reason, "params_csv") && each.what.starts_with("eva_giant");
  }));
}

}  // namespace
}  // namespace wattfor::study_test
