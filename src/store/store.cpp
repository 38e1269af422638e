#include "store/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/data_folder.h"
#include "base/error.h"
#include "base/log.h"
#include "base/sha256.h"
#include "store/checkpoints.h"
#include "store/model_table_reader.h"
#include "store/published_reader.h"
#include "store/published_writer.h"
#include "store/record_reader.h"
#include "store/record_writer.h"
#include "store/schema.h"
#include "store/sqlite.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// What it held when its process ended.
std::optional<Measurement> interrupted_record(const Checkpoint& checkpoint,
                                              const Database& database) {
  auto record = record_of(checkpoint, database);
  if (!record) return std::nullopt;
  record->outcome = Outcome::interrupted;
  record->reason = fmt::format(
      "the measuring process (pid {}) ended before it had finished; this is its last checkpoint",
      checkpoint.process.pid);
  return record;
}

// Without links, also of a file that is not there yet.
fs::path without_links(const fs::path& path) {
  std::error_code ignored;
  return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
}

// Whether two paths name one file, or would name one that is not there yet.
bool are_the_same(const fs::path& one, const fs::path& other) {
  std::error_code ignored;  // a file that is not there is no file's equivalent
  if (fs::equivalent(one, other, ignored)) return true;
  return without_links(one) == without_links(other);
}

// Of Records and PublishedTable, which name their lists alike.
RecordCounts sizes_of(const auto& lists) {
  return {.measurements = static_cast<int>(lists.measurements.size()),
          .accuracies = static_cast<int>(lists.accuracies.size()),
          .figures = static_cast<int>(lists.figures.size()),
          .statistics = static_cast<int>(lists.statistics.size()),
          .training_runs = static_cast<int>(lists.training_runs.size())};
}

void add_up(RecordCounts& sum, const RecordCounts& more) {
  sum.measurements += more.measurements;
  sum.accuracies += more.accuracies;
  sum.figures += more.figures;
  sum.statistics += more.statistics;
  sum.training_runs += more.training_runs;
}

RecordCounts write_all(const auto& lists, std::int64_t source, ComparedWith others,
                       RecordWriter& records, PublishedWriter& published) {
  const auto count = [](const auto& list, const auto& write) {
    return static_cast<int>(std::ranges::count_if(list, write));
  };
  const auto write_published = [&](const auto& each) {
    return published.write(each, source, others);
  };
  return {
      .measurements = count(lists.measurements,
                            [&](const Measurement& each) { return records.write(each, source); }),
      .accuracies =
          count(lists.accuracies,
                [&](const Accuracy& each) { return records.write(each, source, others); }),
      .figures = count(lists.figures, write_published),
      .statistics = count(lists.statistics, write_published),
      .training_runs = count(lists.training_runs, write_published)};
}

}  // namespace

RecordCounts counts_of(const Records& records) { return sizes_of(records); }

RecordCounts counts_of(const std::vector<PublishedTable>& tables) {
  RecordCounts sum;
  for (const PublishedTable& table : tables) add_up(sum, sizes_of(table));
  return sum;
}

fs::path store_path(const std::optional<std::string>& given) {
  if (given && given->empty()) {
    throw Error(ErrorCode::usage, "--db: expected the path of a store, not an empty one");
  }
  if (given) return *given;
  const char* variable = std::getenv("WATTFOR_DB");
  if (variable != nullptr && *variable != '\0') return variable;
  if (const auto folder = data_folder()) return *folder / "wattfor.db";
  throw Error(ErrorCode::usage,
              "nowhere to keep records: $HOME is not set; name a store with --db or $WATTFOR_DB");
}

void refuse_as_output(const fs::path& output, const fs::path& store) {
  // SQLite keeps its log beside the file that a link leads to.
  const std::string real = without_links(store).string();
  for (const std::string& file : {store.string(), real, real + "-wal", real + "-shm"}) {
    if (!are_the_same(output, file)) continue;
    throw Error(ErrorCode::usage,
                fmt::format("{}: this file is the store's own; writing there would destroy its "
                            "records; name another file",
                            output.string()));
  }
}

Store::Store(const fs::path& path, StoreAccess access)
    : database_(std::make_unique<Database>(open_store(path, access))) {
  if (access == StoreAccess::write) adopt_interrupted();
}

Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

const fs::path& Store::path() const { return database_->path(); }

bool Store::add(const Measurement& measurement) {
  Transaction transaction(*database_, TransactionKind::write);
  const bool is_new = RecordWriter(*database_).write(measurement, std::nullopt);
  delete_checkpoint(*database_, measurement.id);
  transaction.commit();
  return is_new;
}

int Store::add(const std::vector<Accuracy>& accuracies, const Source& source) {
  Transaction transaction(*database_, TransactionKind::write);
  RecordWriter writer(*database_);
  const std::int64_t source_row = writer.source(source);
  int added = 0;
  for (const Accuracy& accuracy : accuracies) {
    if (writer.write(accuracy, source_row, ComparedWith::newest)) ++added;
  }
  transaction.commit();
  return added;
}

RecordCounts Store::add(const Records& records, const Source& source) {
  Transaction transaction(*database_, TransactionKind::write);
  RecordWriter writer(*database_);
  PublishedWriter published(*database_);
  const RecordCounts added =
      write_all(records, writer.source(source), ComparedWith::all, writer, published);
  transaction.commit();
  return added;
}

RecordCounts Store::add(const std::vector<PublishedTable>& tables) {
  Transaction transaction(*database_, TransactionKind::write);
  RecordWriter writer(*database_);
  PublishedWriter published(*database_);
  RecordCounts added;
  for (const PublishedTable& table : tables) {
    add_up(added,
           write_all(table, writer.source(table.source), ComparedWith::newest, writer, published));
  }
  transaction.commit();
  return added;
}

std::vector<Measurement> Store::measurements() const {
  const Transaction one_state(*database_, TransactionKind::read);
  return read_measurements(*database_, {});
}

RecordIds Store::imported() const {
  RecordIds ids;
  Statement rows = database_->prepare("SELECT id FROM measurement WHERE source NOTNULL");
  while (rows.step()) ids.insert(rows.text());
  return ids;
}

std::vector<Accuracy> Store::accuracies() const { return read_accuracies(*database_); }

std::vector<PublishedFigure> Store::figures() const { return read_figures(*database_); }

std::vector<ModelStatistics> Store::statistics() const { return read_statistics(*database_); }

ModelTable Store::model_table() const {
  const Transaction one_state(*database_, TransactionKind::read);
  return read_model_table(*database_);
}

std::vector<Source> Store::sources() const {
  std::vector<Source> sources;
  Statement rows =
      database_->prepare("SELECT file, sha256, licence, origin FROM source ORDER BY number");
  while (rows.step()) {
    Source& source = sources.emplace_back();
    source.file = rows.text();
    source.sha256 = rows.text();
    source.licence = rows.text();
    source.origin = rows.text();
  }
  return sources;
}

std::vector<TrainingRun> Store::training_runs() const { return read_training_runs(*database_); }

std::optional<Measurement> Store::find_cell(const std::string& key) const {
  const auto number =
      database_
          ->prepare(
              "SELECT number FROM measurement WHERE cell_key = ? AND source IS NULL "
              "ORDER BY outcome = 'done' DESC, number DESC LIMIT 1")
          .find(key);
  if (!number) return std::nullopt;
  // A record does not change, so this second look sees the same.
  auto found = read_measurements(*database_, {.first = *number, .last = *number});
  return std::move(found.front());
}

std::optional<Measurement> Store::find(const std::string& id) const {
  const Transaction one_state(*database_, TransactionKind::read);
  if (const auto number =
          database_->prepare("SELECT number FROM measurement WHERE id = ?").find(id)) {
    return std::move(read_measurements(*database_, {.first = *number, .last = *number}).front());
  }
  for (const Checkpoint& checkpoint : read_checkpoints(*database_)) {
    if (checkpoint.id == id) return record_of(checkpoint, *database_);
  }
  return std::nullopt;
}

std::string Store::state_name() const {
  const Transaction one_state(*database_, TransactionKind::read);
  // Tables only grow, by numbers that rise; another file may have grown to the same numbers, so
  // what was measured here and what was imported goes in, too, by what names it.
  std::string facts;
  for (const std::string_view table :
       {"measurement", "accuracy", "figure", "model_statistic", "training_run", "source"}) {
    facts += fmt::format(
        "{} ", database_->integer(fmt::format("SELECT coalesce(max(number), 0) FROM {}", table)));
  }
  for (const std::string_view names :
       {"SELECT id FROM measurement WHERE source IS NULL ORDER BY number",
        "SELECT sha256 FROM source ORDER BY number"}) {
    Statement rows = database_->prepare(names);
    while (rows.step()) facts += rows.text() + ' ';
    facts += ';';
  }
  constexpr std::size_t letters = 16;
  return sha256_of(facts).substr(0, letters);
}

std::vector<Measurement> Store::running() const {
  std::vector<Measurement> records;
  for (const Checkpoint& checkpoint : read_checkpoints(*database_)) {
    if (has_ended(checkpoint)) continue;
    if (auto record = record_of(checkpoint, *database_)) records.push_back(std::move(*record));
  }
  return records;
}

void Store::checkpoint(const Measurement& so_far, std::span<const PlacedWindow> changed) {
  write_checkpoint(*database_, so_far, changed);
}

void Store::drop_checkpoint(const std::string& id) { wattfor::drop_checkpoint(*database_, id); }

int Store::adopt_interrupted() {
  // Most often there is nothing to do, and no need to wait for another writer's turn.
  if (database_->integer("SELECT count(*) FROM checkpoint") == 0) return 0;
  Transaction transaction(*database_, TransactionKind::write);
  RecordWriter writer(*database_);
  int adopted = 0;
  for (const Checkpoint& checkpoint : read_checkpoints(*database_)) {
    if (!has_ended(checkpoint)) continue;
    const auto record = interrupted_record(checkpoint, *database_);
    // A sweep begins its cell again when it goes on.
    const bool is_told = record && !record->cell;
    if (is_told && writer.write(*record, std::nullopt)) ++adopted;
    delete_checkpoint(*database_, checkpoint.id);
  }
  transaction.commit();
  return adopted;
}

}  // namespace wattfor
