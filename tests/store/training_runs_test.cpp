// What others state of training, in the store.

#include <gtest/gtest.h>

#include "base/error.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::training_runs_test {
namespace {

using test::TempTree;

TrainingRun run_of(const std::string& model, double kwh) {
  TrainingRun run;
  run.model = model;
  run.task = "segmentation";
  run.device_count = 4;
  run.batch_size = 8;
  run.train = kilowatt_hours(kwh);
  run.accuracy_percent = 80.2;
  return run;
}

PublishedTable table_of(std::vector<TrainingRun> runs, const std::string& sha256 = "abc") {
  PublishedTable table;
  table.source = {.file = "training.csv", .sha256 = sha256, .licence = "", .origin = "a study"};
  table.training_runs = std::move(runs);
  return table;
}

TEST(TrainingRunsTest, AreReadAsTheyWereAddedAndNotDoubledByTheSameFileAgain) {
  const TempTree tree;
  const PublishedTable table = table_of({run_of("a", 67.9001), run_of("b", 0.1)});
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_EQ(store.add({table}), RecordCounts{.training_runs = 2});
  EXPECT_EQ(store.add({table}), RecordCounts{});
  EXPECT_EQ(store.training_runs(), table.training_runs);
}

TEST(TrainingRunsTest, ACorrectionCountsFromThenOnAndTheOldStatementStays) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  store.add({table_of({run_of("a", 20.0), run_of("b", 30.0)})});
  EXPECT_EQ(store.add({table_of({run_of("a", 25.0)}, "def")}).training_runs, 1);
  const auto runs = store.training_runs();
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[1], run_of("a", 25.0));
  EXPECT_EQ(
      Database(tree / "a.db", DatabaseMode::read).integer("SELECT count(*) FROM training_run"), 3);
}

TEST(TrainingRunsTest, AnythingOfTheKeyMakesARunOfItsOwnAndWhatIsUnknownEqualsItself) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  std::vector<TrainingRun> runs(10, run_of("a", 20.0));
  runs[1].task = "detection";
  runs[2].dataset = "ADE20K";
  runs[3].model = "b";
  runs[4].device = "A100";
  runs[5].device_count = std::nullopt;
  runs[6].batch_size = std::nullopt;
  runs[7].epochs = 1.5;
  runs[8].data_fraction = 0.1;
  runs[9].pretrain_dataset = "CLIP";
  EXPECT_EQ(store.add({table_of(runs)}).training_runs, 10);
  EXPECT_EQ(store.add({table_of(runs)}).training_runs, 0);
  EXPECT_EQ(store.training_runs(), runs);
}

TEST(TrainingRunsTest, AnExportThatIsOlderThanACorrectionDoesNotUndoIt) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  store.add({table_of({run_of("a", 20.0)})});
  store.add({table_of({run_of("a", 25.0)})});
  Records older;
  older.training_runs = {run_of("a", 20.0)};
  EXPECT_EQ(store.add(older, Source{.file = "export.json", .sha256 = ""}), RecordCounts{});
  EXPECT_EQ(store.training_runs(), std::vector{run_of("a", 25.0)});
}

TEST(TrainingRunsTest, AreAppendOnly) {
  const TempTree tree;
  Store(tree / "a.db", StoreAccess::write).add({table_of({run_of("a", 20.0)})});
  Database database(tree / "a.db", DatabaseMode::write);
  EXPECT_THROW(database.execute("UPDATE training_run SET train_energy_j = 1"), Error);
  EXPECT_THROW(database.execute("DELETE FROM training_run"), Error);
}

}  // namespace
}  // namespace wattfor::training_runs_test
