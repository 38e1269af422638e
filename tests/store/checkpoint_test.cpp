#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "store/forked.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::checkpoint_test {
namespace {

using test::Forked;
using test::TempTree;

Measurement running(const std::string& name) {
  Measurement record;
  record.id = "running";
  record.name = name;
  record.energy.duration = Seconds(12.5);
  record.command = Command{.arguments = {"train", "--long"}};
  return record;
}

// Saves two checkpoints of one record, then waits to be killed.
Forked measuring_process(const std::filesystem::path& path) {
  return Forked([&](const auto& acknowledge) {
    Store store(path, StoreAccess::write);
    store.checkpoint(running("first"));
    store.checkpoint(running("second"));
    acknowledge();
    while (true) pause();
  });
}

TEST(CheckpointTest, OfAKilledProcessBecomesAnInterruptedRecord) {
  const TempTree tree;
  {
    Forked process = measuring_process(tree / "a.db");
    ASSERT_EQ(1, process.await(1));
  }
  const auto records = Store(tree / "a.db", StoreAccess::write).measurements();
  ASSERT_EQ(1U, records.size());
  EXPECT_EQ("second", records[0].name);
  EXPECT_EQ(Seconds(12.5), records[0].energy.duration);
  EXPECT_EQ(Outcome::interrupted, records[0].outcome);
  ASSERT_TRUE(records[0].command);
  EXPECT_EQ((std::vector<std::string>{"train", "--long"}), records[0].command->arguments);
  EXPECT_FALSE(records[0].command->exit_status) << "it had not ended";
  EXPECT_NE(std::string::npos, records[0].reason.find("pid"));
  EXPECT_EQ(1U, Store(tree / "a.db", StoreAccess::write).measurements().size());
}

TEST(CheckpointTest, KeepsTheWindowsOfAKilledProcessEachAsItWasToldLast) {
  const TempTree tree;
  const auto epoch = [](std::int64_t number, double energy_j, bool ended) {
    return PlacedWindow{
        .position = number - 1,
        .window = {
            .kind = WindowKind::epoch,
            .epoch = number,
            .ended = ended,
            .basis = Basis::measured,
            .gross = EnergyFigure{.energy = Joules(energy_j), .absolute = {}, .comparison = {}}}};
  };
  {
    Forked process([&](const auto& acknowledge) {
      Store store(tree / "a.db", StoreAccess::write);
      store.checkpoint(running("first"), std::vector{epoch(1, 10.0, true), epoch(2, 1.0, false)});
      store.checkpoint(running("second"), std::vector{epoch(2, 12.0, true), epoch(3, 2.0, false)});
      store.checkpoint(running("third"));
      acknowledge();
      while (true) pause();
    });
    ASSERT_EQ(1, process.await(1));
    const auto live = Store(tree / "a.db", StoreAccess::read).running();
    ASSERT_EQ(1U, live.size());
    EXPECT_EQ(3U, live[0].windows.size());
  }
  Store store(tree / "a.db", StoreAccess::write);
  const auto records = store.measurements();
  ASSERT_EQ(1U, records.size());
  EXPECT_EQ("third", records[0].name);
  EXPECT_EQ((std::vector{epoch(1, 10.0, true).window, epoch(2, 12.0, true).window,
                         epoch(3, 2.0, false).window}),
            records[0].windows);
  EXPECT_EQ(0, Database(tree / "a.db", DatabaseMode::read)
                   .integer("SELECT count(*) FROM checkpoint_window"));
}

TEST(CheckpointTest, IsFoundByItsIdUntilTheRecordIs) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_EQ(std::nullopt, store.find("running"));
  store.checkpoint(running("so far"));
  EXPECT_EQ("so far", store.find("running")->name);
  store.add(running("all"));
  EXPECT_EQ("all", store.find("running")->name);
  EXPECT_EQ(std::nullopt, store.find("runn")) << "the whole id";
}

TEST(CheckpointTest, OfARunningProcessIsLeftToIt) {
  const TempTree tree;
  Forked process = measuring_process(tree / "a.db");
  ASSERT_EQ(1, process.await(1));
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_TRUE(store.measurements().empty());
  EXPECT_EQ(0, store.adopt_interrupted());
  process.kill_now();
  EXPECT_EQ(1, store.adopt_interrupted());
  EXPECT_EQ(1U, store.measurements().size());
}

TEST(CheckpointTest, IsWhatIsRunningAsLongAsItsProcessLives) {
  const TempTree tree;
  Forked process = measuring_process(tree / "a.db");
  ASSERT_EQ(1, process.await(1));
  const Store store(tree / "a.db", StoreAccess::read);
  const auto records = store.running();
  ASSERT_EQ(1U, records.size());
  EXPECT_EQ("second", records[0].name);
  EXPECT_EQ(Seconds(12.5), records[0].energy.duration);
  process.kill_now();
  EXPECT_TRUE(store.running().empty());
}

TEST(CheckpointTest, OfASweepIsNoRecord) {
  const TempTree tree;
  {
    Forked process([&](const auto& acknowledge) {
      Store store(tree / "a.db", StoreAccess::write);
      Measurement sweep = running("model 1 of 3");
      sweep.command.reset();
      sweep.cell.emplace();
      store.checkpoint(sweep);
      acknowledge();
      while (true) pause();
    });
    ASSERT_EQ(1, process.await(1));
    ASSERT_EQ(1U, Store(tree / "a.db", StoreAccess::read).running().size());
  }
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_TRUE(store.measurements().empty()) << "the sweep begins its cell again";
  EXPECT_TRUE(store.running().empty());
}

TEST(CheckpointTest, CanBeDropped) {
  Store store(":memory:", StoreAccess::write);
  store.checkpoint(running("so far"));
  store.drop_checkpoint(running("so far").id);
  EXPECT_TRUE(store.running().empty());
}

TEST(CheckpointTest, LeavesTheNameOfTheStoresStateAsItIs) {
  Store store(":memory:", StoreAccess::write);
  const std::string empty = store.state_name();
  store.checkpoint(running("so far"));
  EXPECT_EQ(empty, store.state_name());
  store.add(running("finished"));
  EXPECT_NE(empty, store.state_name());
}

TEST(CheckpointTest, IsDroppedByTheFinishedRecord) {
  Store store(":memory:", StoreAccess::write);
  store.checkpoint(running("so far"));
  EXPECT_TRUE(store.measurements().empty());
  EXPECT_TRUE(store.add(running("finished")));
  EXPECT_EQ(std::vector{running("finished")}, store.measurements());
  EXPECT_EQ(0, store.adopt_interrupted());
}

TEST(CheckpointTest, OfAnotherContainerIsAdoptedOnceItHasLongBeenSilent) {
  const TempTree tree;
  {
    Store store(tree / "a.db", StoreAccess::write);
    store.checkpoint(running("so far"));
  }
  Database(tree / "a.db", DatabaseMode::write)
      .execute("UPDATE checkpoint SET pid_namespace = 'pid:[another]'");
  EXPECT_TRUE(Store(tree / "a.db", StoreAccess::write).measurements().empty());

  Database(tree / "a.db", DatabaseMode::write)
      .execute("UPDATE checkpoint SET saved_s = saved_s - 3600");
  EXPECT_EQ(1U, Store(tree / "a.db", StoreAccess::write).measurements().size());
}

TEST(CheckpointTest, ThatIsUnreadableDoesNotKeepTheStoreFromOpening) {
  const TempTree tree;
  {
    Store store(tree / "a.db", StoreAccess::write);
    store.checkpoint(running("so far"));
  }
  Database(tree / "a.db", DatabaseMode::write)
      .execute("UPDATE checkpoint SET boot_id = 'before', record = '{\"id\":'");
  EXPECT_TRUE(Store(tree / "a.db", StoreAccess::write).measurements().empty());
}

}  // namespace
}  // namespace wattfor::checkpoint_test
