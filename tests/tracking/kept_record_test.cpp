#include "tracking/kept_record.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/file.h"
#include "store/exchange.h"
#include "support/temp_tree.h"
#include "support/text.h"

namespace wattfor::kept_record_test {
namespace {

Measurement finished() {
  Measurement record;
  record.id = "abc";
  record.started_at = "2026-01-31T12:00:00.000Z";
  record.energy.duration = Seconds(3.0);
  return record;
}

TEST(KeptRecordTest, IsInTheStoreWhereThereIsOne) {
  Store store(":memory:", StoreAccess::write);
  const auto kept = keep(finished(), &store);
  ASSERT_TRUE(kept);
  EXPECT_TRUE(kept->in_store);
  EXPECT_EQ(1U, store.measurements().size());
}

TEST(KeptRecordTest, IsNotSaidToBeInAStoreThatHasAnotherOfItsId) {
  const test::TempTree tree;
  setenv("TMPDIR", tree.root().c_str(), 1);
  Store store(":memory:", StoreAccess::write);
  keep(finished(), &store);
  const auto again = keep(finished(), &store);
  unsetenv("TMPDIR");
  ASSERT_TRUE(again);
  EXPECT_FALSE(again->in_store);
}

TEST(KeptRecordTest, LiesInAFileOfItsOwnWhereTheStoreRefusesIt) {
  const test::TempTree tree;
  setenv("TMPDIR", tree.root().c_str(), 1);
  Store(tree / "a.db", StoreAccess::write);
  Store store(tree / "a.db", StoreAccess::read);  // can't be written
  const auto kept = keep(finished(), &store);
  const auto without = keep(finished(), nullptr);
  unsetenv("TMPDIR");
  ASSERT_TRUE(kept);
  EXPECT_FALSE(kept->in_store);
  EXPECT_FALSE(kept->failure.empty());
  const Records records = records_from_json(read_file(kept->file), "the file");
  ASSERT_EQ(1U, records.measurements.size());
  Measurement apart = records.measurements[0];
  EXPECT_EQ(kept->id, apart.id);
  EXPECT_NE(finished().id, apart.id) << "a checkpoint of it may be in the store";
  ASSERT_EQ(1U, apart.warnings.size());
  EXPECT_TRUE(test::has_text(apart.warnings[0], "whose id was abc"));
  apart.id = finished().id;
  apart.warnings.clear();
  EXPECT_EQ(finished(), apart);
  ASSERT_TRUE(without);
  EXPECT_EQ(finished().id, without->id);
  EXPECT_EQ("there is no store", without->failure);
}

}  // namespace
}  // namespace wattfor::kept_record_test
