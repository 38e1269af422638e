#include "store/schema.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "base/error.h"
#include "embedded/store_migration.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// Where two processes make a new store together, SQLite refuses the switch at once to one of them:
// its busy handler is not asked, as both hold a lock that the other waits for. So this one tries
// again.
void switch_to_write_ahead_log(Database& database) {
  constexpr auto patience = std::chrono::seconds(30);
  constexpr auto pause = std::chrono::milliseconds(5);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    try {
      database.execute("PRAGMA journal_mode = WAL");
      return;
    } catch (const Error& error) {
      const bool locked = error.code() == ErrorCode::timed_out;
      if (!locked || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(pause);
  }
}

// SQLite would take a short text for a new database and write over it.
void refuse_other_file(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (fs::is_directory(status)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: this is a folder; a store is a file in it, e.g. {}", path.string(),
                            (path / "wattfor.db").string()));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: a store must be a regular file, and this is none", path.string()));
  }
  constexpr std::string_view magic("SQLite format 3\0", 16);  // sqlite.org/fileformat.html
  std::string head(magic.size(), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.gcount() > 0 && head != magic) {
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("{}: not a wattfor store, nor any SQLite database; --db must name a store "
                    "or a file that does not exist yet",
                    path.string()));
  }
}

struct SchemaState {
  std::int64_t application_id = 0;
  std::int64_t version = 0;
  bool has_tables = false;

  // No file yet, or one without content.
  bool is_blank() const { return application_id == 0 && version == 0 && !has_tables; }
};

SchemaState read_state(const Database& database) {
  // `database` is in a transaction, or another process could make its store between these lines.
  return {.application_id = database.integer("PRAGMA application_id"),
          .version = database.integer("PRAGMA user_version"),
          .has_tables = database.integer("SELECT count(*) FROM sqlite_schema") > 0};
}

SchemaState look_at(Database& database) {
  const Transaction one_state(database, TransactionKind::read);
  return read_state(database);
}

void refuse_foreign(const SchemaState& state, const fs::path& path) {
  if (state.application_id == store_application_id || state.is_blank()) return;
  throw Error(
      ErrorCode::invalid_input,
      fmt::format("{}: an SQLite database, but not a wattfor store; --db must name a store or "
                  "a file that does not exist yet",
                  path.string()));
}

void refuse_newer(const SchemaState& state, const fs::path& path, std::size_t known) {
  if (state.version <= static_cast<std::int64_t>(known)) return;
  throw Error(
      ErrorCode::unsupported,
      fmt::format("{}: this store has schema version {}, and this wattfor ({}) knows versions "
                  "up to {}. Use the newer wattfor that wrote it, or name another store with "
                  "--db; the file was left as it is",
                  path.string(), state.version, WATTFOR_VERSION, known));
}

void migrate(Database& database, std::span<const Migration> migrations) {
  Transaction transaction(database, TransactionKind::write);
  // Read again: another process may have migrated between our look and our turn.
  const SchemaState state = read_state(database);
  refuse_newer(state, database.path(), migrations.size());
  for (const Migration& migration : migrations.subspan(static_cast<std::size_t>(state.version))) {
    database.execute(std::string(migration.sql));
  }
  database.execute(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                               store_application_id, migrations.size()));
  transaction.commit();
}

Database open_for_writing(const fs::path& path, std::span<const Migration> migrations) {
  if (path != ":memory:") {
    std::error_code ignored;  // SQLite's failure to open the file says more
    fs::create_directories(fs::absolute(path).parent_path(), ignored);
  }
  refuse_other_file(path);
  Database database(path, DatabaseMode::write);
  const SchemaState state = look_at(database);
  refuse_foreign(state, path);
  refuse_newer(state, path, migrations.size());
  switch_to_write_ahead_log(database);
  // FULL: a finished record is on the disk when add() returns. The triggers against DELETE also see
  // the one that REPLACE implies only when triggers are recursive.
  database.execute(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON");
  if (state.version < static_cast<std::int64_t>(migrations.size())) migrate(database, migrations);
  return database;
}

Database open_for_reading(const fs::path& path, DatabaseMode usual,
                          std::span<const Migration> migrations) {
  std::error_code unknown;
  const bool is_there = fs::exists(path, unknown);
  if (unknown)
    throw error_from_errno(unknown.value(), fmt::format("looking for the store {}", path.string()));
  if (!is_there && path != ":memory:") {
    throw Error(ErrorCode::not_found,
                fmt::format("{}: there is no store yet; `wattfor sweep`, `wattfor run` or `wattfor "
                            "import` makes one, and --db names another",
                            path.string()));
  }
  refuse_other_file(path);
  const auto open = [&](DatabaseMode mode) {
    Database database(path, mode);
    const SchemaState state = look_at(database);
    if (state.is_blank()) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{}: this file is empty, not a wattfor store", path.string()));
    }
    refuse_foreign(state, path);
    refuse_newer(state, path, migrations.size());
    return database;
  };
  try {
    return open(usual);
  } catch (const Error& error) {
    // Readers of a write-ahead log share a file beside the store. Where the folder can't be written
    // and no log has content, nobody is writing either, and the store can be read as it lies.
    const fs::path log = fs::path(path) += "-wal";
    std::error_code ignored;
    const bool has_log = fs::exists(log, ignored) && !fs::is_empty(log, ignored);
    if (error.code() != ErrorCode::permission_denied || has_log) throw;
    return open(DatabaseMode::frozen);
  }
}

}  // namespace

std::span<const Migration> store_migrations() {
  static const std::vector<Migration> migrations = [] {
    std::vector<Migration> all;
    for (const auto& [file, sql] : store_migration_files()) {
      all.push_back({.file = file, .sql = sql});
    }
    return all;
  }();
  return migrations;
}

Database open_store(const fs::path& path, StoreAccess access,
                    std::span<const Migration> migrations) {
  if (access == StoreAccess::write) return open_for_writing(path, migrations);
  Database database = open_for_reading(
      path, access == StoreAccess::glance ? DatabaseMode::glance : DatabaseMode::read, migrations);
  if (database.integer("PRAGMA user_version") == static_cast<std::int64_t>(migrations.size())) {
    return database;
  }
  // Readers, too, know the newest schema only. The file stays as it is: it may be one that this
  // user can't write, and an older wattfor can go on reading it.
  Database copy = database.copy_in_memory();
  migrate(copy, migrations);
  return copy;
}

}  // namespace wattfor
