// What others published, in the store.

#include <gtest/gtest.h>

#include "base/error.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::published_test {
namespace {

using test::TempTree;

PublishedFigure figure_of(const std::string& model, double joules) {
  PublishedFigure figure;
  figure.setup.id = "A100_PT";
  figure.setup.label = "A100 · PyTorch";
  figure.model = model;
  figure.input_size = 224;
  figure.batch_size = 32;
  figure.energy_per_image = {.energy = Joules(joules),
                             .absolute = Interval{0.9 * joules, 1.1 * joules},
                             .comparison = std::nullopt};
  figure.throughput_per_s = 2000.0;
  return figure;
}

PublishedTable table_of(std::vector<PublishedFigure> figures) {
  PublishedTable table;
  table.source = {.file = "A100_PT.csv", .sha256 = "abc", .licence = "MIT", .origin = "the study"};
  table.figures = std::move(figures);
  table.accuracies = {{.model = "a",
                       .input_size = 224,
                       .test_set = "t",
                       .top1_percent = 70.0,
                       .top5_percent = std::nullopt}};
  table.statistics = {{.model = "a", .input_size = 224, .counter = "timm", .parameters = 1e6}};
  return table;
}

TEST(PublishedTest, IsReadAsItWasAddedAndNotDoubledByTheSameFileAgain) {
  const TempTree tree;
  const PublishedTable table = table_of({figure_of("a", 0.1), figure_of("b", 0.2)});
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_EQ(store.add({table}), (RecordCounts{.accuracies = 1, .figures = 2, .statistics = 1}));
  EXPECT_EQ(store.add({table}), RecordCounts{});
  EXPECT_EQ(store.figures(), table.figures);
  EXPECT_EQ(store.statistics(), table.statistics);
  EXPECT_EQ(store.accuracies(), table.accuracies);
  EXPECT_EQ(store.sources(), std::vector<Source>{table.source});
}

TEST(PublishedTest, ACorrectionCountsFromThenOnAndTheOldFigureStays) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  store.add({table_of({figure_of("a", 0.1), figure_of("b", 0.2)})});
  PublishedTable corrected = table_of({figure_of("a", 0.15), figure_of("b", 0.2)});
  corrected.source.sha256 = "def";
  EXPECT_EQ(store.add({corrected}).figures, 1);
  const auto figures = store.figures();
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[1], figure_of("a", 0.15));
  const Database database(tree / "a.db", DatabaseMode::read);
  EXPECT_EQ(database.integer("SELECT count(*) FROM figure"), 3);
  EXPECT_EQ(database.text("SELECT licence || ', ' || origin FROM source LIMIT 1"),
            "MIT, the study");
}

TEST(PublishedTest, IsAppendOnly) {
  const TempTree tree;
  Store(tree / "a.db", StoreAccess::write).add({table_of({figure_of("a", 0.1)})});
  Database database(tree / "a.db", DatabaseMode::write);
  EXPECT_THROW(database.execute("UPDATE figure SET energy_per_image_j = 1"), Error);
  EXPECT_THROW(database.execute("DELETE FROM model_statistic"), Error);
}

}  // namespace
}  // namespace wattfor::published_test
