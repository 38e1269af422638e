#include "dataset/timm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "dataset/study.h"
#include "support/published_data.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::timm_test {
namespace {

using test::has_text;
using test::TempTree;

constexpr const char* results_header =
    "model,img_size,top1,top1_err,top5,top5_err,param_count,crop_pct,interpolation\n";
constexpr const char* benchmark_header =
    "model,infer_img_size,infer_samples_per_sec,infer_step_time,infer_batch_size,param_count,"
    "infer_gmacs,infer_macts\n";
constexpr const char* on_4090 = "benchmark-infer-amp-nchw-pt240-cu124-rtx4090-dynamo.csv";

const PublishedTable& table_of(const ImportedTables& data, const std::string& name) {
  const auto found = std::ranges::find_if(data.tables, [&](const PublishedTable& table) {
    return table.source.file.ends_with("/" + name);
  });
  EXPECT_NE(found, data.tables.end()) << name;
  return *found;
}

TEST(TimmTest, AccuraciesAreNamedAsTheInferenceStudyNamesTheTestSets) {
  const TempTree tree;
  const std::string row = "net.a1_in1k,224,80.5,19.5,95.1,4.9,\"1,013.01\",0.95,bicubic\n";
  for (const char* name : {"imagenet", "imagenet-a-clean", "imagenetv2-matched-frequency"}) {
    tree.write(std::string("results-") + name + ".csv", results_header + row);
  }
  const ImportedTables data = read_timm(tree.root());
  std::vector<std::string> test_sets;
  for (const PublishedTable& table : data.tables) {
    ASSERT_EQ(table.accuracies.size(), 1U);
    test_sets.push_back(table.accuracies[0].test_set);
  }
  EXPECT_EQ(test_sets, (std::vector<std::string>{"imagenet-a-clean", "imagenet-original",
                                                 "imagenetv2-matched-frequency"}));
  const Accuracy expected{.model = "net.a1_in1k",
                          .input_size = 224,
                          .test_set = "imagenet-original",
                          .top1_percent = 80.5,
                          .top5_percent = 95.1};
  EXPECT_EQ(data.tables[1].accuracies[0], expected);
  EXPECT_EQ(data.tables[1].source.licence, "Apache-2.0");
}

TEST(TimmTest, ASetupIsWhatTheFilesNameSays) {
  const TempTree tree;
  const std::string rows = std::string(benchmark_header) + "net,224,1000,512,512,25.5,4.1,11.1\n";
  tree.write(on_4090, rows);
  tree.write("benchmark-infer-fp32-nhwc-pt113-cpu-i9_10940x.csv", rows);
  const ImportedTables data = read_timm(tree.root());
  const auto& gpu = table_of(data, on_4090).figures.at(0).setup;
  EXPECT_EQ(gpu.id, "rtx4090_pytorch-2.4.0_amp_nchw_dynamo");
  EXPECT_EQ(gpu.label, "NVIDIA GeForce RTX 4090 · PyTorch 2.4.0 · amp · nchw · dynamo");
  EXPECT_EQ(gpu.runtime_version, "2.4.0");
  EXPECT_EQ(gpu.precision, "amp");
  const auto& cpu = data.tables.back().figures.at(0).setup;
  EXPECT_EQ(cpu.id, "i9-10940x_pytorch-1.13_fp32_nhwc");
  EXPECT_EQ(cpu.device, "Intel Core i9-10940X");
}

TEST(TimmTest, AThroughputBecomesAnEstimateOfEnergyWithTheIntervalThatPublishedDataBearOut) {
  const TempTree tree;
  tree.write(on_4090, std::string(benchmark_header) + "net,224,1000,512,512.0,25.5,4.1,11.1\n");
  tree.write("benchmark-infer-fp32-nchw-pt240-cpu-i7_12700h-dynamo.csv",
             std::string(benchmark_header) + "net,224,9,111.1,1,25.5,4.1,11.1\n");
  const ImportedTables data = read_timm(tree.root());
  const PublishedFigure& figure = table_of(data, on_4090).figures.at(0);
  EXPECT_EQ(figure.basis, Basis::modelled);
  EXPECT_DOUBLE_EQ(figure.energy_per_image.energy.value(), 0.45) << "450 W / 1000 images/s";
  EXPECT_DOUBLE_EQ(figure.energy_per_image.absolute.value().low, 0.45 * least_share_of_limit);
  EXPECT_DOUBLE_EQ(figure.energy_per_image.absolute.value().high, 0.45 * greatest_share_of_limit);
  EXPECT_EQ(figure.energy_per_image.comparison, figure.energy_per_image.absolute);
  EXPECT_EQ(figure.batch_size, 512);
  EXPECT_EQ(figure.latency_ms, 512.0);
  const PublishedFigure& on_cpu = data.tables.back().figures.at(0);
  EXPECT_DOUBLE_EQ(on_cpu.energy_per_image.energy.value(), 5.0);
  EXPECT_FALSE(on_cpu.energy_per_image.absolute) << "no data speak of processors";
}

TEST(TimmTest, AFigureOfAnArchitectureIsOneOfEachOfItsWeightsAtThatSize) {
  const TempTree tree;
  tree.write("results-imagenet.csv", std::string(results_header) +
                                         "net.a,224,80,20,95,5,25.5,1,x\n"
                                         "net.b,224,81,19,95,5,25.5,1,x\n"
                                         "net.c,288,82,18,95,5,25.5,1,x\n"
                                         "network.a,224,83,17,95,5,25.5,1,x\n");
  tree.write(on_4090, std::string(benchmark_header) +
                          "net,224,1000,1,1,25.5,4.1,11.1\n"
                          "other,224,500,1,1,25.5,4.1,11.1\n");
  const ImportedTables data = read_timm(tree.root());
  std::vector<std::string> models;
  for (const auto& each : table_of(data, on_4090).figures) models.push_back(each.model);
  EXPECT_EQ(models, (std::vector<std::string>{"net.a", "net.b", "other"}));
  const auto& statistics = table_of(data, on_4090).statistics;
  ASSERT_EQ(statistics.size(), 2U);
  EXPECT_EQ(statistics[0].model, "net") << "counts stay under the architecture";
}

TEST(TimmTest, OfSeveralCountsTheNewestPyTorchsCountsUnlessItSaysLess) {
  const TempTree tree;
  tree.write("benchmark-infer-amp-nchw-pt113-cu117-rtx3090.csv",
             std::string(benchmark_header) + "a,224,1,1,1,1.5,2.5,3.5\nold,224,1,1,1,7,8,9\n");
  tree.write("benchmark-infer-amp-nchw-pt240-cu124-rtx3090.csv",
             std::string(benchmark_header) + "a,224,1,1,1,1.6,2.6,3.6\nb,224,1,1,1,1,2,3\n");
  tree.write("benchmark-infer-amp-nchw-pt291-cu130-5090.csv",
             std::string(benchmark_header) + "b,224,1,1,1,5,,\n");
  const ImportedTables data = read_timm(tree.root());
  std::vector<ModelStatistics> all;
  for (const auto& table : data.tables) {
    all.insert(all.end(), table.statistics.begin(), table.statistics.end());
  }
  const auto of = [&](const std::string& model) {
    const auto found = std::ranges::find(all, model, &ModelStatistics::model);
    return found == all.end() ? ModelStatistics{} : *found;
  };
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(of("a").parameters, 1.6e6);
  EXPECT_EQ(of("a").macs, 2.6e9);
  EXPECT_EQ(of("a").activations, 3.6e6);
  EXPECT_EQ(of("b").macs, 2e9);
  EXPECT_EQ(of("old").parameters, 7e6);
}

TEST(TimmTest, ARunThatFailedTellsItsCountsAndNoEnergy) {
  const TempTree tree;
  tree.write(on_4090, std::string(benchmark_header) + "net,224,,,,25.5,4.1,11.1\nx,224,,,,,,\n");
  const ImportedTables data = read_timm(tree.root());
  EXPECT_TRUE(data.tables[0].figures.empty());
  EXPECT_EQ(data.tables[0].statistics.size(), 1U);
  EXPECT_EQ(data.read[0].used, 1);
  EXPECT_EQ(data.read[0].empty, 1);
}

TEST(TimmTest, ADeviceWhoseLimitIsUnknownIsNamedAndItsCountsAreKept) {
  const TempTree tree;
  tree.write("benchmark-infer-amp-nchw-pt240-cu124-h200.csv",
             std::string(benchmark_header) + "net,224,1000,1,1,25.5,4.1,11.1\n");
  const ImportedTables data = read_timm(tree.root());
  EXPECT_TRUE(data.tables.at(0).figures.empty());
  EXPECT_EQ(data.tables[0].statistics.size(), 1U);
  ASSERT_EQ(data.left_out.size(), 1U);
  EXPECT_EQ(data.left_out[0].what, "h200");
  EXPECT_EQ(data.left_out[0].line, 0);
}

TEST(TimmTest, WhatCantBeUsedIsNamedAndTheRestIsKept) {
  const TempTree tree;
  tree.write(on_4090, std::string(benchmark_header) +
                          "a,224,-5,1,1,25.5,4.1,11.1\n"
                          "b,224,nan,1,1,25.5,4.1,11.1\n"
                          "c,224,10,1,1,25.5,4.1,11.1\n"
                          "c,224,11,1,1,25.5,4.1,11.1\n"
                          "d,22");
  tree.write("results-imagenet.csv", std::string(results_header) + "a.w,224,101,0,95,5,1,1,x\n");
  tree.write("benchmark-infer-strange.csv", "x\n");
  const ImportedTables data = read_timm(tree.root());
  EXPECT_EQ(table_of(data, on_4090).figures.size(), 1U);
  std::vector<int> lines;
  for (const LeftOut& each : data.left_out) lines.push_back(each.line);
  EXPECT_EQ(lines, (std::vector<int>{2, 0, 2, 3, 5, 6}));
  EXPECT_TRUE(has_text(data.left_out[0].reason, "top1 is '101'"));
  EXPECT_TRUE(has_text(data.left_out[1].reason, "a name like benchmark-infer-amp"));
  EXPECT_TRUE(has_text(data.left_out[2].reason, "infer_samples_per_sec is '-5'"));
}

TEST(TimmTest, AFolderWithoutItsTablesIsNamed) {
  const TempTree tree;
  tree.write("benchmark-train-amp.csv", "x\n");
  EXPECT_TRUE(
      has_text(test::refusal_of([&] { read_timm(tree.root()); }).what(), tree.root().string()));
  EXPECT_TRUE(has_text(test::refusal_of([] { read_timm("/nowhere"); }).what(), "/nowhere"));
  tree.write("results-imagenet.csv", "model,top1\n");
  EXPECT_TRUE(has_text(test::refusal_of([&] { read_timm(tree.root()); }).what(),
                       "'img_size' and found none"));
}

// By linear interpolation between the values.
double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

TEST(TimmTest, TheSharesOfThePowerLimitFollowFromTheInferenceStudysFourSetups) {
  const auto folder = test::published_data() / "inference-energy";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const ImportedTables study = read_study(folder);
  constexpr std::array limits_w{250.0, 250.0, 310.0, 310.0};  // the study's table 1
  double least = 1.0;
  double greatest = 0.0;
  for (std::size_t setup = 0; setup < limits_w.size(); ++setup) {
    std::vector<double> shares;
    for (const PublishedFigure& each : study.tables[setup].figures) {
      shares.push_back(each.energy_per_image.energy.value() * each.throughput_per_s.value() /
                       limits_w.at(setup));
    }
    least = std::min(least, quantile(shares, 0.025));
    greatest = std::max(greatest, quantile(shares, 0.975));
  }
  const auto rounded = [](double share) { return std::round(share * 1e4) / 1e4; };
  EXPECT_DOUBLE_EQ(rounded(least), least_share_of_limit);
  EXPECT_DOUBLE_EQ(rounded(greatest), greatest_share_of_limit);
}

TEST(TimmTest, ThePublishedFolderIsReadWhole) {
  const auto folder = test::published_data() / "timm-results";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  const ImportedTables data = read_timm(folder);
  EXPECT_TRUE(data.left_out.empty());
  EXPECT_EQ(data.tables.size(), 28U);
  std::size_t accuracies = 0;
  std::size_t statistics = 0;
  for (const PublishedTable& table : data.tables) {
    accuracies += table.accuracies.size();
    statistics += table.statistics.size();
  }
  EXPECT_EQ(accuracies, 8U * 1556U);
  EXPECT_GT(statistics, 1600U);
  const auto& figures = table_of(data, "benchmark-infer-amp-nchw-pt291-cu130-5090.csv").figures;
  EXPECT_TRUE(std::ranges::any_of(figures, [](const PublishedFigure& each) {
    return each.model == "resnet50.a1_in1k" && each.input_size == 224;
  }));
}

}  // namespace
}  // namespace wattfor::timm_test
