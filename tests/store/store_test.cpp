#include "store/store.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "store/random_records.h"
#include "store/schema.h"
#include "support/refusal.h"
#include "support/temp_tree.h"

namespace wattfor::store_test {
namespace {

using test::RandomRecords;
using test::TempTree;

Measurement cell_record(const std::string& id, const std::string& started_at) {
  Measurement record;
  record.id = id;
  record.started_at = started_at;
  record.cell.emplace();
  record.cell->model.name = "model";
  record.cell->batch_size = 8;
  return record;
}

TEST(StoreTest, AnswersRecordsExactlyAsTheyWereAddedAndInThatOrder) {
  const TempTree tree;
  RandomRecords random(1);
  std::vector<Measurement> records;
  for (int i = 0; i < 200; ++i) records.push_back(random.measurement());
  {
    Store store(tree / "a.db", StoreAccess::write);
    for (const Measurement& record : records) EXPECT_TRUE(store.add(record));
  }
  const std::vector<Measurement> read = Store(tree / "a.db", StoreAccess::read).measurements();
  ASSERT_EQ(records.size(), read.size());
  for (std::size_t i = 0; i < records.size(); ++i) ASSERT_EQ(records[i], read[i]) << i;
}

// A record as the first schema kept it, with a row in each table that later ones change.
constexpr const char* first_schema_rows = R"(
  INSERT INTO machine VALUES (1, 'node07', 'a cpu', 8, 1e9, '6.1', '');
  INSERT INTO measurement (number, id, name, started_at, wattfor_version, outcome, reason, machine,
                           duration_s, scope, basis, energy_j, has_command, exit_status)
    VALUES (1, 'old', 'train', '2026-01-01T00:00:00Z', '0.1.0', 'done', '', 1,
            2.5, 'gpu', 'measured', 100.0, 1, 0);
  INSERT INTO component VALUES (1, 1, 0, 'gpu 0', 'gpu', 'measured', 1, 100.0, 90.0, 110.0, NULL,
                                NULL, NULL, NULL, NULL, NULL, NULL, 40.0, NULL, NULL, '');
  INSERT INTO condition VALUES (1, 1, 0, 'gpu 0', 99.0, NULL, 61.0, NULL, NULL);
  INSERT INTO throttle_reason VALUES (1, 0, 'power cap');
)";

TEST(StoreTest, AStoreOfTheFirstSchemaKeepsItsRecordsAndTakesNewOnes) {
  const TempTree tree;
  open_store(tree / "a.db", StoreAccess::write, store_migrations().first(1))
      .execute(first_schema_rows);

  Measurement old;
  old.id = "old";
  old.name = "train";
  old.started_at = "2026-01-01T00:00:00Z";
  old.wattfor_version = "0.1.0";
  old.machine = {.hostname = "node07",
                 .cpu = "a cpu",
                 .logical_cpus = 8,
                 .memory_bytes = 1e9,
                 .kernel = "6.1",
                 .virtualisation = "",
                 .devices = {}};
  old.energy.duration = Seconds(2.5);
  old.energy.total = {
      .scope = "gpu",
      .basis = Basis::measured,
      .gross = EnergyFigure{.energy = Joules(100.0), .absolute = {}, .comparison = {}},
      .net = {}};
  ComponentEnergy gpu;
  gpu.name = "gpu 0";
  gpu.kind = ComponentKind::gpu;
  gpu.basis = Basis::measured;
  gpu.gross = EnergyFigure{
      .energy = Joules(100.0), .absolute = Interval{.low = 90.0, .high = 110.0}, .comparison = {}};
  gpu.average_power = Watts(40.0);
  old.energy.components = {gpu};
  DeviceConditions conditions;
  conditions.device = "gpu 0";
  conditions.utilisation_percent = 99.0;
  conditions.temperature_c = 61.0;
  conditions.throttle_reasons = {"power cap"};
  old.energy.conditions = {conditions};
  old.command = Command{.arguments = {}, .exit_status = 0};
  EXPECT_EQ(Store(tree / "a.db", StoreAccess::read).measurements(), std::vector{old});

  Measurement fresh = old;
  fresh.id = "fresh";
  fresh.energy.components[0].shared_with = "all MIG instances";
  fresh.energy.conditions[0].throttled = {{"power cap", Seconds(1.5)}};
  fresh.energy.conditions[0].power_limit = Watts(310.0);
  fresh.context.emplace();
  fresh.context->container = "docker";
  fresh.context->job = {{"SLURM_JOB_ID", "1"}};
  Store store(tree / "a.db", StoreAccess::write);
  EXPECT_TRUE(store.add(fresh));
  EXPECT_EQ(store.measurements(), (std::vector{old, fresh}));
}

TEST(StoreTest, FindsEachCellExactlyAsItWasAdded) {
  Store store(":memory:", StoreAccess::write);
  RandomRecords random(2);
  std::vector<Measurement> cells;
  for (int i = 0; i < 100; ++i) {
    const Measurement record = random.measurement();
    store.add(record);
    if (record.cell) cells.push_back(record);
  }
  ASSERT_GT(cells.size(), 20U);
  for (const Measurement& cell : cells) EXPECT_EQ(cell, store.find_cell(cell.cell->key()));
}

TEST(StoreTest, LeavesARecordWhoseIdIsThereAlone) {
  Store store(":memory:", StoreAccess::write);
  Measurement record = cell_record("same", "2026-01-01T00:00:00.000Z");
  EXPECT_TRUE(store.add(record));
  Measurement other = record;
  other.name = "other";
  EXPECT_FALSE(store.add(other));
  EXPECT_EQ(std::vector{record}, store.measurements());
}

TEST(StoreTest, FindsTheRecordOfACellThatWasAddedLastWhateverTheClockSaid) {
  Store store(":memory:", StoreAccess::write);
  const Measurement last = cell_record("b", "2026-03-01T00:00:00.000Z");
  store.add(cell_record("a", "2099-01-01T00:00:00.000Z"));
  store.add(last);
  EXPECT_EQ("b", store.find_cell(last.cell->key())->id);
  EXPECT_FALSE(store.find_cell("another key"));
}

TEST(StoreTest, FindsTheRecordOfACellThatIsDoneBeforeOneThatIsNot) {
  Store store(":memory:", StoreAccess::write);
  const Measurement done = cell_record("a", "2026-01-01T00:00:00.000Z");
  Measurement failed = cell_record("b", "2026-01-02T00:00:00.000Z");
  failed.outcome = Outcome::failed;
  store.add(done);
  store.add(failed);
  EXPECT_EQ("a", store.find_cell(done.cell->key())->id);
}

TEST(StoreTest, FindsNoCellThatWasMeasuredElsewhere) {
  Store store(":memory:", StoreAccess::write);
  const Measurement theirs = cell_record("theirs", "2026-01-01T00:00:00.000Z");
  store.add(Records{.measurements = {theirs}, .accuracies = {}},
            Source{.file = "x.json", .sha256 = ""});
  EXPECT_FALSE(store.find_cell(theirs.cell->key()));
  store.add(cell_record("ours", "2026-01-01T00:00:00.000Z"));
  EXPECT_EQ("ours", store.find_cell(theirs.cell->key())->id);
  EXPECT_EQ(RecordIds{"theirs"}, store.imported());
}

TEST(StoreTest, KeepsTheAccuraciesAndAnswersTheNewest) {
  Store store(":memory:", StoreAccess::write);
  const Accuracy old{.model = "a",
                     .input_size = 8,
                     .test_set = "t",
                     .top1_percent = 90.0,
                     .top5_percent = std::nullopt};
  Accuracy other_size = old;
  other_size.input_size = 16;
  EXPECT_EQ(2, store.add(std::vector{old, other_size}, Source{}));
  EXPECT_EQ(0, store.add(std::vector{old, other_size}, Source{}));

  Accuracy corrected = old;
  corrected.top1_percent = 91.0;
  EXPECT_EQ(1, store.add(std::vector{corrected, other_size}, Source{}));
  EXPECT_EQ((std::vector{other_size, corrected}), store.accuracies());

  EXPECT_EQ(1, store.add(std::vector{old}, Source{}));  // the correction was wrong
  EXPECT_EQ((std::vector{other_size, old}), store.accuracies());
}

TEST(StoreTest, AnAccuracyThatIsUnknownHidesNoneThatIsKnown) {
  Store store(":memory:", StoreAccess::write);
  Accuracy accuracy = RandomRecords(7).accuracy();
  accuracy.top1_percent.reset();
  accuracy.top5_percent.reset();
  EXPECT_EQ(1, store.add(std::vector{accuracy}, Source{}));
  accuracy.top1_percent = 90.0;
  EXPECT_EQ(1, store.add(std::vector{accuracy}, Source{}));
  Accuracy unknown = accuracy;
  unknown.top1_percent.reset();
  EXPECT_EQ(0, store.add(std::vector{unknown}, Source{}));
  EXPECT_EQ(0,
            store.add(Records{.measurements = {}, .accuracies = {unknown}}, Source{}).accuracies);
  EXPECT_EQ(std::vector{accuracy}, store.accuracies());
}

TEST(StoreTest, AnOlderExportDoesNotUndoACorrection) {
  Store store(":memory:", StoreAccess::write);
  Accuracy accuracy = RandomRecords(8).accuracy();
  accuracy.top1_percent = 80.0;
  store.add(std::vector{accuracy}, Source{});
  const Records exported{.measurements = {}, .accuracies = store.accuracies()};
  accuracy.top1_percent = 85.0;
  store.add(std::vector{accuracy}, Source{});
  EXPECT_EQ(0, store.add(exported, Source{}).accuracies);
  EXPECT_EQ(std::vector{accuracy}, store.accuracies());
}

TEST(StoreTest, AddsAFileWholeAndCountsWhatWasNew) {
  Store store(":memory:", StoreAccess::write);
  RandomRecords random(3);
  Records records;
  for (int i = 0; i < 5; ++i) {
    records.measurements.push_back(random.measurement());
    records.accuracies.push_back(random.accuracy());
  }
  EXPECT_EQ((RecordCounts{.measurements = 5, .accuracies = 5}), store.add(records, Source{}));
  records.measurements.push_back(random.measurement());
  EXPECT_EQ((RecordCounts{.measurements = 1, .accuracies = 0}), store.add(records, Source{}));
  EXPECT_EQ(records.measurements, store.measurements());
  EXPECT_EQ(records.accuracies, store.accuracies());
}

TEST(StoreTest, TakesAFileNameAsItIs) {
  const TempTree tree;
  for (const std::string name : {"two words.db", "quote'\".db", "new\nline.db", "Größe数.db",
                                 "what?mode=ro.db", "100%41.db", "file:x.db", "#x.db"}) {
    const Measurement record = cell_record(name, "");
    {
      Store(tree / name, StoreAccess::write).add(record);
    }
    EXPECT_TRUE(std::filesystem::is_regular_file(tree / name)) << name;
    EXPECT_EQ(std::vector{record}, Store(tree / name, StoreAccess::read).measurements()) << name;
  }
}

TEST(StoreTest, MakesTheFoldersOnTheWayToANewStore) {
  const TempTree tree;
  const Store store(tree / "data/wattfor/wattfor.db", StoreAccess::write);
  EXPECT_TRUE(std::filesystem::exists(tree / "data/wattfor/wattfor.db"));
}

TEST(StoreTest, ItsOwnFilesAreNoPlaceForAnythingElse) {
  const TempTree tree;
  const Store store(tree / "a.db", StoreAccess::write);
  std::filesystem::create_symlink(tree / "a.db", tree / "link");
  std::filesystem::create_hard_link(tree / "a.db", tree / "hard");
  for (const std::string name : {"a.db", "./a.db", "link", "hard", "a.db-wal", "a.db-shm"}) {
    const Error refusal = test::refusal_of([&] { refuse_as_output(tree / name, store.path()); });
    test::expect_refusal(refusal, ErrorCode::usage, (tree / name).string());
  }
  EXPECT_NO_THROW(refuse_as_output(tree / "a.json", store.path()));
  // Also where no log is there at the moment.
  EXPECT_THROW(refuse_as_output(tree / "b.db-wal", tree / "b.db"), Error);
}

// Sets a variable of the environment and puts the old value back.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = getenv(name)) old_ = old;
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(old_ ? old_->c_str() : nullptr); }

 private:
  void set(const char* value) const {
    if (value != nullptr) {
      setenv(name_, value, 1);
    } else {
      unsetenv(name_);
    }
  }

  const char* name_;
  std::optional<std::string> old_;
};

TEST(StorePathTest, IsTheGivenOneBeforeTheEnvironmentBeforeTheDataFolder) {
  const Variable home("HOME", "/home/somebody");
  {
    const Variable db("WATTFOR_DB", "/lab/all.db");
    EXPECT_EQ("mine.db", store_path("mine.db"));
    EXPECT_EQ("/lab/all.db", store_path(std::nullopt));
  }
  const Variable no_db("WATTFOR_DB", nullptr);
  {
    const Variable data("XDG_DATA_HOME", "/data");
    EXPECT_EQ("/data/wattfor/wattfor.db", store_path(std::nullopt));
  }
  {
    const Variable relative("XDG_DATA_HOME", "data");
    EXPECT_EQ("/home/somebody/.local/share/wattfor/wattfor.db", store_path(std::nullopt));
  }
  const Variable no_data("XDG_DATA_HOME", nullptr);
  const Variable no_home("HOME", nullptr);
  EXPECT_THROW(store_path(std::nullopt), Error);
  EXPECT_THROW(store_path(""), Error);
}

// As after a table was corrected and everything imported anew: the same numbers, and the same last
// source.
TEST(StoreTest, TheStateOfAStoreWithOtherContentHasAnotherName) {
  const auto state_with = [](const char* first_sha256) {
    Store store(":memory:", StoreAccess::write);
    const std::vector<Accuracy> accuracies{{.model = "m",
                                            .input_size = 224,
                                            .test_set = "t",
                                            .top1_percent = 80.0,
                                            .top5_percent = std::nullopt}};
    store.add(accuracies, {.file = "a.csv", .sha256 = first_sha256});
    store.add(std::vector<Accuracy>{}, {.file = "z.csv", .sha256 = "zz"});
    return store.state_name();
  };
  EXPECT_EQ(state_with("aa"), state_with("aa"));
  EXPECT_NE(state_with("aa"), state_with("bb"));
}

}  // namespace
}  // namespace wattfor::store_test
