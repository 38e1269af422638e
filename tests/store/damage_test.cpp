#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "store/random_records.h"
#include "store/record_reader.h"
#include "store/record_writer.h"
#include "store/schema.h"
#include "store/store.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::damage_test {
namespace {

using test::has_text;
namespace fs = std::filesystem;
using test::TempTree;

Error refused_store(const fs::path& path, StoreAccess access) {
  Error refusal = test::refusal_of([&] {
    Store store(path, access);
    store.measurements();
  });
  EXPECT_TRUE(has_text(refusal.what(), path.string()));
  return refusal;
}

// Both ways of opening say what is wrong, and the file stays as it is.
void expect_refused_unchanged(const fs::path& path, ErrorCode code, const std::string& words) {
  const std::string before = read_file(path);
  for (const StoreAccess access : {StoreAccess::read, StoreAccess::write}) {
    const Error refusal = refused_store(path, access);
    EXPECT_EQ(code, refusal.code()) << refusal.what();
    EXPECT_TRUE(has_text(refusal.what(), words));
  }
  EXPECT_TRUE(before == read_file(path)) << "the file was changed";
}

// A store of many pages, as bytes.
std::string store_bytes(const TempTree& tree) {
  {
    Store store(tree / "whole.db", StoreAccess::write);
    test::RandomRecords random(1);
    for (int i = 0; i < 50; ++i) store.add(random.measurement());
  }
  return read_file(tree / "whole.db");
}

TEST(DamageTest, AFileThatIsNoDatabaseIsRefused) {
  const TempTree tree;
  tree.write("notes.txt", std::string(5000, 'x'));
  expect_refused_unchanged(tree / "notes.txt", ErrorCode::invalid_input, "not a wattfor store");
  // SQLite itself would make a database of this one.
  tree.write("short.txt", "x");
  expect_refused_unchanged(tree / "short.txt", ErrorCode::invalid_input, "not a wattfor store");
}

TEST(DamageTest, AnotherProgramsDatabaseIsRefused) {
  const TempTree tree;
  Database(tree / "other.db", DatabaseMode::write).execute("CREATE TABLE measurement (x)");
  expect_refused_unchanged(tree / "other.db", ErrorCode::invalid_input, "not a wattfor store");
}

TEST(DamageTest, ATruncatedStoreIsRefused) {
  const TempTree tree;
  const std::string whole = store_bytes(tree);
  tree.write("half.db", whole.substr(0, whole.size() / 2));
  expect_refused_unchanged(tree / "half.db", ErrorCode::invalid_input, "damaged");
}

TEST(DamageTest, AStoreWithGarbageInsideIsRefusedAndNeverReadAsSomethingElse) {
  const TempTree tree;
  const std::string whole = store_bytes(tree);
  const std::vector<Measurement> expected =
      Store(tree / "whole.db", StoreAccess::read).measurements();
  constexpr std::size_t page = 4096;
  int refused = 0;
  for (std::size_t at = page; at + page <= whole.size(); at += page) {
    std::string bytes = whole;
    bytes.replace(at, page, std::string(page, '\xA5'));
    tree.write("garbage.db", bytes);
    try {
      // A page of an index may go unread.
      EXPECT_EQ(expected, Store(tree / "garbage.db", StoreAccess::read).measurements());
    } catch (const Error& error) {
      EXPECT_TRUE(has_text(error.what(), "damaged"));
      ++refused;
    }
  }
  EXPECT_GT(refused, 5);
}

// A store of one record, with rows that the program never writes.
Error refused_after(const std::string& sql) {
  const TempTree tree;
  {
    Measurement record;
    record.id = "plain";
    Store(tree / "a.db", StoreAccess::write).add(record);
  }
  Database(tree / "a.db", DatabaseMode::write).execute(sql);
  return refused_store(tree / "a.db", StoreAccess::read);
}

TEST(DamageTest, RowsThatContradictEachOtherAreRefused) {
  for (const char* sql : {"INSERT INTO argument VALUES (1, 0, 'word')",
                          "INSERT INTO replicate VALUES (1, 0, 1.0, 1, 1.0, 1.0)",
                          "DROP TRIGGER machine_no_delete; DELETE FROM machine"}) {
    test::expect_refusal(refused_after(sql), ErrorCode::invalid_input, "the store is damaged");
  }
}

TEST(DamageTest, AnEmptyFileIsNoStoreToReadAndANewOneToWrite) {
  const TempTree tree;
  tree.write("empty.db", "");
  EXPECT_TRUE(has_text(refused_store(tree / "empty.db", StoreAccess::read).what(), "empty"));
  EXPECT_TRUE(Store(tree / "empty.db", StoreAccess::write).measurements().empty());
}

TEST(DamageTest, AMissingStoreIsNamedWithTheWayToMakeOne) {
  const TempTree tree;
  const Error refusal = refused_store(tree / "none.db", StoreAccess::read);
  EXPECT_EQ(ErrorCode::not_found, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "wattfor sweep"));
  EXPECT_FALSE(fs::exists(tree / "none.db"));
}

TEST(DamageTest, AFolderIsNamedAsSuch) {
  const TempTree tree;
  for (const StoreAccess access : {StoreAccess::read, StoreAccess::write}) {
    EXPECT_TRUE(has_text(refused_store(tree.root(), access).what(), "this is a folder"));
  }
}

TEST(DamageTest, APlaceThatCannotBeIsNamed) {
  const TempTree tree;
  tree.write("file", "");
  EXPECT_TRUE(has_text(refused_store(tree / "file/a.db", StoreAccess::write).what(), "no folder"));
  EXPECT_TRUE(has_text(refused_store("/proc/none/a.db", StoreAccess::write).what(), "no folder"));
}

// Root may write anywhere, so it becomes somebody else for a while.
class WithoutRoot {
 public:
  WithoutRoot() : was_root_(geteuid() == 0) {
    constexpr uid_t nobody = 65534;
    if (was_root_ && seteuid(nobody) != 0) ADD_FAILURE() << "seteuid failed";
  }
  WithoutRoot(const WithoutRoot&) = delete;
  WithoutRoot& operator=(const WithoutRoot&) = delete;
  ~WithoutRoot() {
    if (was_root_ && seteuid(0) != 0) ADD_FAILURE() << "seteuid back failed";
  }

 private:
  bool was_root_;
};

constexpr fs::perms read_only_folder = fs::perms(0555);
constexpr fs::perms writable_folder = fs::perms(0755);

TEST(ReadOnlyTest, AStoreInAReadOnlyFolderCanBeReadAndNotWritten) {
  const TempTree tree;
  std::vector<Measurement> records;
  {
    Store store(tree / "50% a?.db", StoreAccess::write);
    test::RandomRecords random(1);
    records.push_back(random.measurement());
    store.add(records.front());
  }
  fs::permissions(tree / "50% a?.db", fs::perms(0444));
  fs::permissions(tree.root(), read_only_folder);
  {
    const WithoutRoot somebody;
    EXPECT_EQ(records, Store(tree / "50% a?.db", StoreAccess::read).measurements());
    const Error refusal = refused_store(tree / "50% a?.db", StoreAccess::write);
    EXPECT_EQ(ErrorCode::permission_denied, refusal.code()) << refusal.what();
    EXPECT_EQ(ErrorCode::permission_denied,
              refused_store(tree / "new.db", StoreAccess::write).code());
  }
  fs::permissions(tree.root(), writable_folder);
  EXPECT_EQ(records, Store(tree / "50% a?.db", StoreAccess::read).measurements());
}

TEST(ReadOnlyTest, AnOlderStoreInAReadOnlyFolderCanBeRead) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, store_migrations().first(1))
      .execute(
          "INSERT INTO machine VALUES (1, 'host', 'cpu', 4, 1e9, 'kernel', 'none');"
          "INSERT INTO measurement (id, name, started_at, wattfor_version, outcome, reason, "
          "machine,"
          " scope, basis, has_command) VALUES ('an id', 'a name', '2024-01-01T00:00:00Z', '0.1.0',"
          " 'done', '', 1, 'cpu', 'measured', 0);"
          "INSERT INTO component (measurement, position, name, kind, basis, in_total, assumption)"
          " VALUES (1, 0, 'cpu package 0', 'cpu', 'measured', 1, '')");
  fs::permissions(tree / "a.db", fs::perms(0444));
  fs::permissions(tree.root(), read_only_folder);
  {
    const WithoutRoot somebody;
    const auto records = Store(tree / "a.db", StoreAccess::read).measurements();
    ASSERT_EQ(1U, records.size());
    EXPECT_EQ("an id", records[0].id);
    EXPECT_EQ("cpu package 0", records[0].energy.components.at(0).name);
    EXPECT_EQ(std::nullopt, records[0].context);
  }
  fs::permissions(tree.root(), writable_folder);
}

TEST(ReadOnlyTest, AReadOnlyFileIsRefusedBeforeThereIsSomethingToLose) {
  const TempTree tree;
  {
    const Store store(tree / "a.db", StoreAccess::write);
  }
  fs::permissions(tree / "a.db", fs::perms(0444));
  fs::permissions(tree.root(), fs::perms(0777));
  const WithoutRoot somebody;
  const Error refusal = refused_store(tree / "a.db", StoreAccess::write);
  EXPECT_EQ(ErrorCode::permission_denied, refusal.code());
  EXPECT_TRUE(has_text(refusal.what(), "may be read but not written"));
  EXPECT_TRUE(Store(tree / "a.db", StoreAccess::read).measurements().empty());
}

TEST(ReadOnlyTest, AFolderThatMayNotBeSearchedIsNotTakenForOneWithoutAStore) {
  const TempTree tree;
  fs::create_directories(tree / "locked/inner");
  {
    const Store store(tree / "locked/a.db", StoreAccess::write);
  }
  fs::permissions(tree.root(), writable_folder);
  fs::permissions(tree / "locked", fs::perms(0));
  for (const char* path : {"locked/a.db", "locked/inner/a.db"}) {
    for (const StoreAccess access : {StoreAccess::read, StoreAccess::write}) {
      const WithoutRoot somebody;
      EXPECT_EQ(ErrorCode::permission_denied, refused_store(tree / path, access).code());
    }
  }
  fs::permissions(tree / "locked", writable_folder);
}

TEST(ReadOnlyTest, AStoreThatMayNotBeReadIsNamed) {
  const TempTree tree;
  {
    const Store store(tree / "a.db", StoreAccess::write);
  }
  fs::permissions(tree / "a.db", fs::perms(0));
  fs::permissions(tree.root(), writable_folder);
  const WithoutRoot somebody;
  EXPECT_EQ(ErrorCode::permission_denied, refused_store(tree / "a.db", StoreAccess::read).code());
}

TEST(FullDiskTest, KeepsWhatWasThereAndSaysThatTheDiskIsFull) {
  const TempTree tree;
  Database database = open_store(tree / "a.db", StoreAccess::write);
  test::RandomRecords random(1);
  const auto add = [&] {
    Measurement record = random.measurement();
    record.reason = std::string(3000, 'x');
    Transaction transaction(database, TransactionKind::write);
    RecordWriter(database).write(record, std::nullopt);
    transaction.commit();
    return record;
  };
  std::vector<Measurement> kept{add()};
  database.integer("PRAGMA max_page_count = 120");
  try {
    while (kept.size() < 200) kept.push_back(add());
    FAIL() << "the disk never filled";
  } catch (const Error& error) {
    EXPECT_EQ(ErrorCode::io, error.code());
    EXPECT_TRUE(has_text(error.what(), "a.db: the disk is full"));
  }
  EXPECT_GT(kept.size(), 3U);
  EXPECT_EQ(kept, read_measurements(database, {}));

  database.integer("PRAGMA max_page_count = 100000");  // somebody freed some space
  kept.push_back(add());
  EXPECT_EQ(kept, read_measurements(database, {}));
  EXPECT_EQ("ok", database.text("PRAGMA integrity_check"));
}

}  // namespace
}  // namespace wattfor::damage_test
