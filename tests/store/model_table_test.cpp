// What the store knows of models, by columns.

#include <gtest/gtest.h>

#include <cmath>

#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::model_table_test {
namespace {

using test::TempTree;

PublishedFigure figure_of(const std::string& setup, const std::string& model, double joules) {
  PublishedFigure figure;
  figure.setup.id = setup;
  figure.model = model;
  figure.input_size = 224;
  figure.energy_per_image.energy = Joules(joules);
  return figure;
}

Accuracy accuracy_of(const std::string& model, const std::string& test_set,
                     std::optional<double> percent) {
  return {.model = model,
          .input_size = 224,
          .test_set = test_set,
          .top1_percent = percent,
          .top5_percent = 99.0};
}

ModelStatistics statistics_of(const std::string& model, const std::string& counter, double macs) {
  return {.model = model, .input_size = 224, .counter = counter, .macs = macs};
}

Store store_with(const TempTree& tree, std::vector<PublishedTable> tables) {
  Store store(tree / "a.db", StoreAccess::write);
  store.add(tables);
  return store;
}

TEST(ModelTableTest, JoinsFiguresAccuraciesAndStatisticsByNameAndInputSize) {
  const TempTree tree;
  const Store store = store_with(
      tree, {{.source = {.file = "a", .sha256 = "a"},
              .figures = {figure_of("S2", "b", 2.0), figure_of("S1", "a", 1.0)},
              .accuracies = {accuracy_of("c", "t", 70.0), accuracy_of("a", "u", 60.0)},
              .statistics = {statistics_of("a", "timm", 5.0), statistics_of("b", "other", 6.0)}}});
  const ModelTable table = store.model_table();
  EXPECT_EQ(table.models, (std::vector<ModelKey>{{"a", 224}, {"b", 224}, {"c", 224}}));
  ASSERT_NE(table.setup("S1"), nullptr);
  EXPECT_EQ(table.setup("S1")->energy_j[0], 1.0);
  EXPECT_TRUE(std::isnan(table.setup("S1")->energy_j[1]));
  EXPECT_EQ(table.setup("S2")->energy_j[1], 2.0);
  EXPECT_EQ(table.test_set("t")->top1_percent[2], 70.0);
  EXPECT_EQ(table.test_set("u")->top1_percent[0], 60.0);
  EXPECT_TRUE(std::isnan(table.test_set("u")->top1_percent[2]));
  EXPECT_EQ(table.counter("timm")->macs[0], 5.0);
  EXPECT_TRUE(std::isnan(table.counter("timm")->macs[1]));
  EXPECT_EQ(table.counter("other")->macs[1], 6.0);
  EXPECT_EQ(table.setup("S3"), nullptr);
  EXPECT_EQ(table.find("b", 224), 1U);
  EXPECT_EQ(table.find("b", 384), std::nullopt);
}

TEST(ModelTableTest, TheNewestOfAKeyCountsWholeWithoutWhatAnOlderOneKnew) {
  const TempTree tree;
  PublishedFigure first = figure_of("S", "a", 1.0);
  first.energy_per_image.comparison = Interval{0.9, 1.1};
  first.latency_ms = 3.0;
  Store store = store_with(tree, {{.source = {.file = "a", .sha256 = "a"},
                                   .figures = {first},
                                   .accuracies = {accuracy_of("a", "t", 70.0)}}});
  PublishedFigure second = figure_of("S", "a", 2.0);
  second.setup.label = "the same, described anew";
  store.add({{.source = {.file = "b", .sha256 = "b"},
              .figures = {second},
              .accuracies = {accuracy_of("a", "t", std::nullopt)}}});
  const ModelTable table = store.model_table();
  ASSERT_EQ(table.setups.size(), 1U);
  EXPECT_EQ(table.setups[0].setup, second.setup);
  EXPECT_EQ(table.setups[0].energy_figure(0), second.energy_per_image);
  EXPECT_TRUE(std::isnan(table.setups[0].latency_ms[0]));
  EXPECT_TRUE(std::isnan(table.test_set("t")->top1_percent[0]));
}

TEST(ModelTableTest, OfAnEmptyStoreIsEmpty) {
  const TempTree tree;
  EXPECT_EQ(store_with(tree, {}).model_table().rows(), 0U);
}

}  // namespace
}  // namespace wattfor::model_table_test
