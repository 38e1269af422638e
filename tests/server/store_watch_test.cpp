#include "server/store_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "store/sqlite.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::store_watch_test {
namespace {

namespace fs = std::filesystem;
using test::TempTree;

Measurement record(const std::string& id) {
  Measurement record;
  record.id = id;
  record.name = id;
  record.command = Command{.arguments = {"train"}};
  return record;
}

void add_accuracy(const fs::path& path, const std::string& model) {
  Store store(path, StoreAccess::write);
  store.add({{.model = model,
              .input_size = 224,
              .test_set = "set",
              .top1_percent = 80.0,
              .top5_percent = std::nullopt}},
            Source{.file = "a.csv", .sha256 = "00"});
}

TEST(StoreWatchTest, WaitsForAStoreThatIsNotThereYet) {
  const TempTree tree;
  StoreWatch watch(tree / "a.db");
  EXPECT_FALSE(watch.look().state);
  EXPECT_EQ("empty", watch.state().content->version());
  EXPECT_EQ("", watch.state().problem);
  add_accuracy(tree / "a.db", "one");
  EXPECT_TRUE(watch.look().state);
  EXPECT_EQ(1U, watch.state().content->models().rows());
  EXPECT_FALSE(watch.look().state) << "nothing was added since";
}

TEST(StoreWatchTest, SeesWhatIsAddedWhileTheStoreIsOpen) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  StoreWatch watch(tree / "a.db");
  watch.look();
  const auto before = watch.state().content;
  store.add(record("one"));
  EXPECT_TRUE(watch.look().state);
  EXPECT_NE(before->version(), watch.state().content->version());
}

TEST(StoreWatchTest, KeepsTheLastStateOfAStoreThatVanishes) {
  const TempTree tree;
  add_accuracy(tree / "a.db", "one");
  StoreWatch watch(tree / "a.db");
  watch.look();
  const auto content = watch.state().content;
  fs::remove(tree / "a.db");
  EXPECT_TRUE(watch.look().state);
  EXPECT_EQ(content, watch.state().content);
  EXPECT_NE(std::string::npos, watch.state().problem.find("a.db"));
  EXPECT_FALSE(watch.look().state);
  add_accuracy(tree / "a.db", "one");
  add_accuracy(tree / "a.db", "two");
  EXPECT_TRUE(watch.look().state);
  EXPECT_EQ("", watch.state().problem);
  EXPECT_EQ(2U, watch.state().content->models().rows());
}

TEST(StoreWatchTest, KeepsTheLastStateOfAStoreThatIsDamaged) {
  const TempTree tree;
  add_accuracy(tree / "a.db", "one");
  StoreWatch watch(tree / "a.db");
  watch.look();
  const auto content = watch.state().content;
  const auto whole = fs::file_size(tree / "a.db");
  for (const std::uintmax_t left : {whole / 2, std::uintmax_t{5000}, std::uintmax_t{100},
                                    std::uintmax_t{1}, std::uintmax_t{0}}) {
    fs::resize_file(tree / "a.db", left);
    watch.look();
    EXPECT_EQ(content->version(), watch.state().content->version()) << left;
    EXPECT_NE("", watch.state().problem) << left;
  }
  tree.write("a.db", std::string(20'000, 'x'));
  watch.look();
  EXPECT_NE("", watch.state().problem);
}

TEST(StoreWatchTest, TakesAnotherStoreOfTheSameName) {
  const TempTree tree;
  add_accuracy(tree / "a.db", "one");
  {
    Store other(tree / "b.db", StoreAccess::write);
    other.add(record("run"));
  }
  StoreWatch watch(tree / "a.db");
  watch.look();
  fs::rename(tree / "b.db", tree / "a.db");
  EXPECT_TRUE(watch.look().state);
  EXPECT_EQ(0U, watch.state().content->models().rows());
}

TEST(StoreWatchTest, TellsWhatIsRunning) {
  const TempTree tree;
  Store store(tree / "a.db", StoreAccess::write);
  StoreWatch watch(tree / "a.db");
  watch.look();
  store.checkpoint(record("long"));
  const StoreWatch::Change begun = watch.look();
  EXPECT_TRUE(begun.running);
  EXPECT_FALSE(begun.state) << "no record is finished";
  ASSERT_EQ(1U, watch.running().size());
  EXPECT_EQ("long", watch.running()[0].id);
  EXPECT_FALSE(watch.look().running);
  store.add(record("long"));
  const StoreWatch::Change ended = watch.look();
  EXPECT_TRUE(ended.running);
  EXPECT_TRUE(ended.state);
  EXPECT_TRUE(watch.running().empty());
}

// With a write-ahead log, readers pass by a transaction alone.
class Lock {
 public:
  explicit Lock(const fs::path& path) : database_(path, DatabaseMode::write) {
    database_.execute("PRAGMA locking_mode = EXCLUSIVE");
    database_.execute("BEGIN EXCLUSIVE");
  }

 private:
  Database database_;
};

TEST(StoreWatchTest, PassesOverALockThatTheNextLookFindsGone) {
  const TempTree tree;
  {
    Store store(tree / "a.db", StoreAccess::write);
    store.checkpoint(record("long"));
  }
  StoreWatch watch(tree / "a.db");
  watch.look();
  ASSERT_EQ(1U, watch.running().size());
  std::optional<Lock> lock(std::in_place, tree / "a.db");
  for (int looks = 1; looks <= 3; ++looks) {
    const StoreWatch::Change change = watch.look();
    EXPECT_FALSE(change.running) << "nothing says that it has ended";
    EXPECT_EQ(looks == 2, change.state) << looks;
    EXPECT_EQ(looks == 1, watch.state().problem.empty()) << watch.state().problem;
  }
  EXPECT_NE(std::string::npos, watch.state().problem.find("locked"));
  lock.reset();
  EXPECT_TRUE(watch.look().state);
  EXPECT_EQ("", watch.state().problem);
  EXPECT_EQ(1U, watch.running().size());
}

TEST(StoreWatchTest, TellsAtOnceOfAStoreThatIsLockedFromTheStart) {
  const TempTree tree;
  add_accuracy(tree / "a.db", "one");
  const Lock lock(tree / "a.db");
  StoreWatch watch(tree / "a.db");
  EXPECT_TRUE(watch.look().state);
  EXPECT_NE(std::string::npos, watch.state().problem.find("locked"));
}

}  // namespace
}  // namespace wattfor::store_watch_test
