#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "measurement/published.h"

namespace wattfor {

class Database;

enum class StoreAccess {
  read,    // the file must exist
  glance,  // the same, for who will look again: another's lock is not waited for, but for a moment
  write,   // made where it does not, brought up to this program's schema
};

// What an export holds and an import brings in.
struct Records {
  std::vector<Measurement> measurements;
  std::vector<Accuracy> accuracies;
  std::vector<PublishedFigure> figures = {};
  std::vector<ModelStatistics> statistics = {};
  std::vector<TrainingRun> training_runs = {};

  bool operator==(const Records&) const = default;
};

// A window of a running measurement, and its place among all of them.
struct PlacedWindow {
  std::int64_t position = 0;
  MarkedWindow window;
};

using RecordIds = std::unordered_set<std::string>;

// How many records of each kind there are, or were new.
struct RecordCounts {
  int measurements = 0;
  int accuracies = 0;
  int figures = 0;
  int statistics = 0;
  int training_runs = 0;

  bool operator==(const RecordCounts&) const = default;
};

RecordCounts counts_of(const Records& records);
RecordCounts counts_of(const std::vector<PublishedTable>& tables);

// `--db`, else $WATTFOR_DB, else wattfor/wattfor.db in the XDG data folder.
std::filesystem::path store_path(const std::optional<std::string>& given);

// Throws Error{usage} where `output`, by whatever name, is the store's file or one of those that
// SQLite keeps beside it: writing there would destroy the records.
void refuse_as_output(const std::filesystem::path& output, const std::filesystem::path& store);

// The record of everything measured and imported: one SQLite file, append-only, write-ahead log,
// synchronous=FULL, so what add() returned from survives a power cut. Several processes may use one
// file; one object belongs to one thread at a time. Throws Error naming the file: not a store,
// newer than this program, unreadable, a full disk.
class Store {
 public:
  Store(const std::filesystem::path& path, StoreAccess access);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const std::filesystem::path& path() const;

  // One transaction. A record whose id is there already is left alone; false then.
  bool add(const Measurement& measurement);
  // Replaces nothing: an accuracy that differs from the newest of the same (model, input size, test
  // set) is appended and counts from now on; one that is all unknown hides none. Returns how many
  // were new. One transaction.
  int add(const std::vector<Accuracy>& accuracies, const Source& source);
  // An imported file: all of it or, after an error, nothing. What was there at any time is not new:
  // the file may be older than its correction. Returns how many were new.
  RecordCounts add(const Records& records, const Source& source);

  // What others published, in one transaction, each table under its source. A figure, a count or a
  // training run that differs from the newest of its key is appended and counts from now on;
  // accuracies as above, measurements by their ids. Returns how many were new.
  RecordCounts add(const std::vector<PublishedTable>& tables);

  // In the order they were added.
  std::vector<Measurement> measurements() const;
  // The record with that id, or what a running measurement, or one that died, has kept of it so
  // far.
  std::optional<Measurement> find(const std::string& id) const;
  // Of these, the ones that were imported and not measured here.
  RecordIds imported() const;
  // The newest of each (model, input size, test set).
  std::vector<Accuracy> accuracies() const;
  // The newest of each (setup, model, input size), of each (model, input size, counter).
  std::vector<PublishedFigure> figures() const;
  std::vector<ModelStatistics> statistics() const;
  // The newest of each key.
  std::vector<TrainingRun> training_runs() const;
  // Every imported file, in the order of their first import.
  std::vector<Source> sources() const;
  // The same, and the accuracies, by columns; without what was measured here.
  ModelTable model_table() const;
  // The record of a cell's key that was measured here and is done, else one with another outcome;
  // of several the one added last, as a clock may have been wrong. Imported records say nothing
  // about what this machine still has to measure.
  std::optional<Measurement> find_cell(const std::string& key) const;

  // Names what the store holds, in hex: the same again as long as nothing was added.
  std::string state_name() const;
  // What the processes that measure into this store at the moment have so far: a record each, from
  // its last checkpoint.
  std::vector<Measurement> running() const;

  // A running measurement, kept in a table of its own, replaced once a second and dropped by add()
  // of the same id. Cheap: not synchronised to the disk each time. Its windows are told apart:
  // those that are new or have `changed` since the checkpoint before; `so_far` itself has none.
  void checkpoint(const Measurement& so_far, std::span<const PlacedWindow> changed = {});
  void drop_checkpoint(const std::string& id);
  // Turns the checkpoints of processes that no longer run into records with the outcome
  // `interrupted`; returns how many. Opening for write does it. Those of sweeps are dropped: a
  // sweep that goes on begins its cell again.
  int adopt_interrupted();

 private:
  std::unique_ptr<Database> database_;
};

}  // namespace wattfor
