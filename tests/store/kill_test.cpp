#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <set>
#include <string>

#include "store/forked.h"
#include "store/random_records.h"
#include "store/sqlite.h"
#include "store/store.h"
#include "support/temp_tree.h"

namespace wattfor::kill_test {
namespace {

using test::Forked;
using test::RandomRecords;
using test::TempTree;

constexpr int no_limit = std::numeric_limits<int>::max();

std::string integrity(const std::filesystem::path& path) {
  return Database(path, DatabaseMode::read).text("PRAGMA integrity_check");
}

TEST(KillTest, LosesNoAcknowledgedRecordAndDoublesNone) {
  const TempTree tree;
  const auto path = tree / "a.db";
  std::mt19937 random(7);
  std::set<std::string> acknowledged;
  for (int round = 0; round < 25; ++round) {
    const auto id = [&](int n) { return fmt::format("{}-{}", round, n); };
    Forked writer([&](const auto& acknowledge) {
      Store store(path, StoreAccess::write);
      RandomRecords records(1);
      for (int n = 0; n < 10'000; ++n) {
        Measurement record = records.measurement();
        record.id = id(n);
        store.checkpoint(record);
        store.add(record);
        if (!acknowledge()) return;
      }
    });
    const int asked = std::uniform_int_distribution<int>(0, 30)(random);
    ASSERT_EQ(asked, writer.await(asked));
    writer.kill_now();
    const int seen = asked + writer.await(no_limit);
    for (int n = 0; n < seen; ++n) acknowledged.insert(id(n));

    if (!std::filesystem::exists(path)) continue;  // killed before it began
    std::multiset<std::string> kept;
    {
      Store store(path, StoreAccess::write);
      for (const Measurement& record : store.measurements()) kept.insert(record.id);
    }
    ASSERT_EQ("ok", integrity(path)) << "round " << round;
    for (const std::string& each : acknowledged) ASSERT_EQ(1U, kept.count(each)) << each;
    for (const std::string& each : kept) ASSERT_EQ(1U, kept.count(each)) << each;
    // Beyond them, at most the one record that each killed writer was about to acknowledge.
    ASSERT_LE(kept.size(), acknowledged.size() + static_cast<std::size_t>(round) + 1);
  }
  EXPECT_GT(acknowledged.size(), 100U);
}

TEST(SeveralProcessesTest, MakeOneStoreTogetherAndAddToItAtOnce) {
  const TempTree tree;
  const auto path = tree / "shared.db";
  constexpr int processes = 4;
  constexpr int records_each = 25;
  {
    std::vector<std::unique_ptr<Forked>> writers;
    for (int p = 0; p < processes; ++p) {
      writers.push_back(std::make_unique<Forked>([&, p](const auto& acknowledge) {
        Store store(path, StoreAccess::write);
        for (int n = 0; n < records_each; ++n) {
          Measurement record;
          record.id = fmt::format("{}-{}", p, n);
          store.add(record);
          acknowledge();
        }
      }));
    }
    for (const auto& writer : writers) {
      EXPECT_EQ(records_each, writer->await(no_limit));
      EXPECT_EQ(0, writer->wait());
    }
  }
  EXPECT_EQ(static_cast<std::size_t>(processes * records_each),
            Store(path, StoreAccess::read).measurements().size());
  EXPECT_EQ("ok", integrity(path));
}

}  // namespace
}  // namespace wattfor::kill_test
