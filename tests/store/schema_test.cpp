#include "store/schema.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::schema_test {
namespace {

using test::has_text;
using test::refusal_of;
using test::TempTree;

constexpr std::array<Migration, 1> first{{{"0001.sql", "CREATE TABLE t (a)"}}};
constexpr std::array<Migration, 2> second{
    {{"0001.sql", "CREATE TABLE t (a)"}, {"0002.sql", "ALTER TABLE t ADD COLUMN b DEFAULT 5"}}};
constexpr std::array<Migration, 3> failing{{second[0],
                                            second[1],
                                            {"0003.sql",
                                             "ALTER TABLE t ADD COLUMN c; "
                                             "INSERT INTO nowhere VALUES (1)"}}};

TEST(SchemaTest, IsNumberedFromOneWithoutAGap) {
  int number = 1;
  for (const Migration& migration : store_migrations()) {
    EXPECT_EQ(number++, std::stoi(std::string(migration.file.substr(0, 4)))) << migration.file;
  }
}

TEST(SchemaTest, MarksTheFileAsAStoreOfItsVersion) {
  const TempTree tree;
  const Database database = open_store(tree / "a.db", StoreAccess::write);
  EXPECT_EQ(0x57617474, database.integer("PRAGMA application_id"));
  EXPECT_EQ(static_cast<std::int64_t>(store_migrations().size()),
            database.integer("PRAGMA user_version"));
  EXPECT_EQ("wal", database.text("PRAGMA journal_mode"));
  EXPECT_EQ(2, database.integer("PRAGMA synchronous"));  // FULL
  EXPECT_EQ(1, database.integer("PRAGMA foreign_keys"));
}

TEST(SchemaTest, BringsAnOlderStoreUpToDateAndKeepsItsRows) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, first).execute("INSERT INTO t VALUES (1)");
  EXPECT_EQ(5, open_store(tree / "a.db", StoreAccess::write, second).integer("SELECT b FROM t"));
}

TEST(SchemaTest, ReadsAnOlderStoreAsANewOneAndLeavesTheFileAsItIs) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, first).execute("INSERT INTO t VALUES (1)");
  const std::string before = read_file(tree / "a.db");
  const Database read = open_store(tree / "a.db", StoreAccess::read, second);
  EXPECT_EQ(5, read.integer("SELECT b FROM t"));
  EXPECT_EQ(tree / "a.db", read.path());
  EXPECT_TRUE(before == read_file(tree / "a.db"));
  EXPECT_EQ(1, open_store(tree / "a.db", StoreAccess::read, first).integer("SELECT a FROM t"));
}

TEST(SchemaTest, ReadsAnOlderStoreWhileItsWriterHasItOpen) {
  const TempTree tree;
  Database writer = open_store(tree / "a.db", StoreAccess::write, first);
  writer.execute("INSERT INTO t VALUES (1)");  // in the log, not in the file
  EXPECT_EQ(5, open_store(tree / "a.db", StoreAccess::read, second).integer("SELECT b FROM t"));
  writer.execute("INSERT INTO t VALUES (2)");
}

TEST(SchemaTest, ChangesNothingWhereAMigrationFails) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, first).execute("INSERT INTO t VALUES (1)");
  EXPECT_THROW(open_store(tree / "a.db", StoreAccess::write, failing), Error);
  const Database database = open_store(tree / "a.db", StoreAccess::read, first);
  EXPECT_EQ(1, database.integer("PRAGMA user_version"));
  EXPECT_EQ(1, database.integer("SELECT count(*) FROM pragma_table_info('t')"));
}

TEST(SchemaTest, RefusesANewerStoreAndNamesBothVersions) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, second);
  const std::string before = read_file(tree / "a.db");
  for (const StoreAccess access : {StoreAccess::read, StoreAccess::write}) {
    const Error refusal = refusal_of([&] { open_store(tree / "a.db", access, first); });
    EXPECT_EQ(ErrorCode::unsupported, refusal.code());
    EXPECT_TRUE(has_text(refusal.what(), "schema version 2"));
    EXPECT_TRUE(has_text(refusal.what(), "versions up to 1"));
  }
  EXPECT_TRUE(before == read_file(tree / "a.db"));
}

TEST(SchemaTest, RefusesToChangeOrRemoveARecord) {
  Database database = open_store(":memory:", StoreAccess::write);
  database.execute("INSERT INTO source VALUES (1, 'a', '', '', '')");
  for (const std::string statement : {"UPDATE source SET file = 'b'", "DELETE FROM source",
                                      "REPLACE INTO source VALUES (1, 'b', '', '', '')"}) {
    const Error refusal = refusal_of([&] { database.execute(statement); });
    EXPECT_TRUE(has_text(refusal.what(), "append-only"));
  }
  EXPECT_EQ("a", database.text("SELECT file FROM source"));
}

TEST(SchemaTest, GuardsEveryTableButTheCheckpoints) {
  const Database database = open_store(":memory:", StoreAccess::write);
  EXPECT_EQ(2 * (database.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table'") - 2),
            database.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"));
}

}  // namespace
}  // namespace wattfor::schema_test
