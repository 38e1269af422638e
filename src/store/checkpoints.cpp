#include "store/checkpoints.h"

#include <fmt/format.h>
#include <time.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log.h"
#include "measurement/json.h"
#include "store/columns.h"

namespace wattfor {
namespace {

// A process of another container can't be looked up; it saves once a second, so this long without a
// word it has ended.
constexpr Seconds longest_silence{600.0};

// Since boot, suspension included: a wall clock may jump.
Seconds since_boot() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return Seconds(static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9);
}

// While it lives, a commit does not wait for the disk: a power cut may undo it, a killed process
// does not.
class WithoutWaiting {
 public:
  explicit WithoutWaiting(Database& database) : database_(database) {
    database_.execute("PRAGMA synchronous = NORMAL");
  }
  WithoutWaiting(const WithoutWaiting&) = delete;
  WithoutWaiting& operator=(const WithoutWaiting&) = delete;
  // Refused within a transaction that could not even be rolled back: what is written next fails,
  // too.
  ~WithoutWaiting() {
    try {
      database_.execute("PRAGMA synchronous = FULL");
    } catch (const Error& error) {
      log(LogLevel::warning, error.what());
    }
  }

 private:
  Database& database_;
};

}  // namespace

std::vector<Checkpoint> read_checkpoints(const Database& database) {
  std::vector<Checkpoint> checkpoints;
  Statement rows = database.prepare(fmt::format("SELECT {} FROM checkpoint", columns::checkpoint));
  while (rows.step()) {
    Checkpoint& checkpoint = checkpoints.emplace_back();
    checkpoint.id = rows.text();
    checkpoint.process.pid = rows.integer();
    checkpoint.process.start_ticks = rows.integer();
    checkpoint.process.boot_id = rows.text();
    checkpoint.process.pid_namespace = rows.text();
    checkpoint.saved = Seconds(rows.real());
    checkpoint.record = rows.text();
  }
  return checkpoints;
}

bool has_ended(const Checkpoint& checkpoint) {
  switch (liveness_of(checkpoint.process)) {
    case Liveness::running:
      return false;
    case Liveness::ended:
      return true;
    case Liveness::unknown:
      return since_boot() - checkpoint.saved > longest_silence;
  }
  return false;
}

std::optional<Measurement> record_of(const Checkpoint& checkpoint, const Database& database) {
  std::string reason;
  try {
    auto record = measurement_from_json(nlohmann::json::parse(checkpoint.record));
    Statement rows = database.prepare(
        "SELECT record FROM checkpoint_window WHERE checkpoint = ? ORDER BY position");
    rows.bind(checkpoint.id);
    while (rows.step()) {
      record.windows.push_back(window_from_json(nlohmann::json::parse(rows.text())));
    }
    return record;
  } catch (const nlohmann::json::exception& error) {
    reason = error.what();
  } catch (const Error& error) {
    reason = error.what();
  }
  log(LogLevel::warning, fmt::format("{}: passed over the unreadable checkpoint {}: {}",
                                     database.path().string(), checkpoint.id, reason));
  return std::nullopt;
}

void write_checkpoint(Database& database, const Measurement& so_far,
                      std::span<const PlacedWindow> changed) {
  const ProcessIdentity process = this_process();
  const WithoutWaiting relaxed(database);
  Transaction transaction(database, TransactionKind::write);
  database
      .prepare(fmt::format("REPLACE INTO checkpoint ({}) VALUES (?, ?, ?, ?, ?, ?, ?)",
                           columns::checkpoint))
      .run(so_far.id, process.pid, process.start_ticks, process.boot_id, process.pid_namespace,
           since_boot().count(), dump(to_json(so_far)));
  Statement window = database.prepare(fmt::format(
      "REPLACE INTO checkpoint_window ({}) VALUES (?, ?, ?)", columns::checkpoint_window));
  for (const PlacedWindow& each : changed) {
    window.run(so_far.id, each.position, dump(to_json(each.window)));
  }
  transaction.commit();
}

void drop_checkpoint(Database& database, const std::string& id) {
  const WithoutWaiting relaxed(database);
  Transaction transaction(database, TransactionKind::write);
  delete_checkpoint(database, id);
  transaction.commit();
}

void delete_checkpoint(Database& database, const std::string& id) {
  database.prepare("DELETE FROM checkpoint WHERE id = ?").run(id);
  database.prepare("DELETE FROM checkpoint_window WHERE checkpoint = ?").run(id);
}

}  // namespace wattfor
