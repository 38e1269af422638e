#include "store/sqlite.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <system_error>

#include "base/error.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// Writers take turns, each for some milliseconds; a wait this long means that one hangs.
constexpr int busy_timeout_ms = 30'000;
// Longer than a turn takes, as when the last writer leaves and clears its log away.
constexpr int glance_timeout_ms = 500;

// With the rights that an open would have, which access(2) does not ask for.
bool may(const fs::path& path, int rights) {
  return faccessat(AT_FDCWD, path.c_str(), rights, AT_EACCESS) == 0;
}

// SQLite says "unable to open database file" for everything; the file system knows more.
Error open_failure(const fs::path& path, const char* reason) {
  const fs::path parent = fs::absolute(path).parent_path();
  std::error_code unknown;
  const bool is_folder = fs::is_directory(parent, unknown);
  if (unknown.value() == EACCES) {
    return error_from_errno(EACCES, fmt::format("looking for the store {}", path.string()));
  }
  std::error_code ignored;
  if (!is_folder) {
    return {ErrorCode::not_found,
            fmt::format("{}: there is no folder {} to hold the store; make it or name another "
                        "place with --db",
                        path.string(), parent.string())};
  }
  if (fs::exists(path, ignored) && !may(path, R_OK)) {
    return {
        ErrorCode::permission_denied,
        fmt::format("{}: this file may not be read; give yourself access (chmod, chown) or name "
                    "another store with --db",
                    path.string())};
  }
  if (!may(parent, W_OK)) {
    return {
        ErrorCode::permission_denied,
        fmt::format("{}: its folder can't be written, where a store keeps its log; give yourself "
                    "access (chmod, chown) or name another place with --db",
                    path.string())};
  }
  return {ErrorCode::io, fmt::format("{}: the store can't be opened: {}", path.string(), reason)};
}

Error write_refusal(const fs::path& path) {
  return {
      ErrorCode::permission_denied,
      fmt::format("{}: this store may be read but not written; give yourself access to the file "
                  "and its folder (chmod, chown) or name another store with --db",
                  path.string())};
}

Error sqlite_failure(sqlite3* database, const fs::path& path) {
  const std::string file = path.string();
  const char* reason = sqlite3_errmsg(database);
  switch (sqlite3_errcode(database)) {
    case SQLITE_NOTADB:
      return {
          ErrorCode::invalid_input,
          fmt::format("{}: not a wattfor store, nor any SQLite database; --db must name a store "
                      "or a file that does not exist yet",
                      file)};
    case SQLITE_CORRUPT:
      return {ErrorCode::invalid_input,
              fmt::format("{0}: the store is damaged ({1}). Restore a copy, or save what can be "
                          "read: sqlite3 '{0}' .recover | sqlite3 recovered.db",
                          file, reason)};
    case SQLITE_FULL:
      return {
          ErrorCode::io,
          fmt::format("{}: the disk is full; nothing of this record was written and the store is "
                      "unharmed. Free some space and try again",
                      file)};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return write_refusal(path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {
          ErrorCode::timed_out,
          fmt::format("{0}: another process keeps the store locked; see which with: fuser '{0}'",
                      file)};
    case SQLITE_CANTOPEN:
      return open_failure(path, reason);
    case SQLITE_IOERR:
      return {ErrorCode::io, fmt::format("{}: reading or writing the store failed: {} ({})", file,
                                         reason, std::strerror(sqlite3_system_errno(database)))};
    default:
      return {ErrorCode::io, fmt::format("{}: the store failed: {}", file, reason)};
  }
}

// An absolute path is never taken for a URI or for SQLite's special names.
std::string file_name(const fs::path& path) {
  return path == ":memory:" ? path.string() : fs::absolute(path).string();
}

// Only a URI can say `immutable`; every byte that could mean something in it is escaped.
std::string frozen_uri(const fs::path& path) {
  std::string uri = "file://";
  for (const char byte : fs::absolute(path).string()) {
    const auto code = static_cast<unsigned char>(byte);
    if (std::isalnum(code) != 0 || byte == '/') {
      uri += byte;
    } else {
      uri += fmt::format("%{:02X}", code);
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, const fs::path& path, std::string_view sql) : path_(&path) {
  sqlite3_stmt* statement = nullptr;
  const int status =
      sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  if (status != SQLITE_OK) throw sqlite_failure(database, path);
  statement_.reset(statement);
}

void Statement::fail() const { throw sqlite_failure(sqlite3_db_handle(statement_.get()), *path_); }

void Statement::reset() {
  // Its status repeats that of the last step, which has been thrown.
  sqlite3_reset(statement_.get());
  next_parameter_ = 1;
  next_column_ = 0;
}

bool Statement::step() {
  next_column_ = 0;
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) {
    reset();
    return false;
  }
  const Error failure = sqlite_failure(sqlite3_db_handle(statement_.get()), *path_);
  reset();
  throw failure;
}

void Statement::bind_next(std::string_view value) {
  // An empty view may hold a null pointer, which would bind NULL.
  const char* bytes = value.empty() ? "" : value.data();
  if (sqlite3_bind_text64(statement_.get(), next_parameter_++, bytes, value.size(),
                          SQLITE_TRANSIENT, SQLITE_UTF8) != SQLITE_OK) {
    fail();
  }
}

void Statement::bind_next(double value) {
  if (sqlite3_bind_double(statement_.get(), next_parameter_++, value) != SQLITE_OK) fail();
}

void Statement::bind_next(std::nullopt_t) {
  if (sqlite3_bind_null(statement_.get(), next_parameter_++) != SQLITE_OK) fail();
}

void Statement::bind_integer(std::int64_t value) {
  if (sqlite3_bind_int64(statement_.get(), next_parameter_++, value) != SQLITE_OK) fail();
}

bool Statement::is_null() const {
  return sqlite3_column_type(statement_.get(), next_column_) == SQLITE_NULL;
}

std::string Statement::text() {
  const int column = next_column_++;
  // The bytes are counted after the conversion to text, as SQLite asks.
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? "" : std::string(reinterpret_cast<const char*>(bytes), size);
}

std::int64_t Statement::integer() { return sqlite3_column_int64(statement_.get(), next_column_++); }

double Statement::real() {
  return optional_real().value_or(std::numeric_limits<double>::quiet_NaN());
}

std::optional<std::string> Statement::optional_text() {
  if (!is_null()) return text();
  ++next_column_;
  return std::nullopt;
}

std::optional<std::int64_t> Statement::optional_integer() {
  if (!is_null()) return integer();
  ++next_column_;
  return std::nullopt;
}

std::optional<double> Statement::optional_real() {
  if (!is_null()) return sqlite3_column_double(statement_.get(), next_column_++);
  ++next_column_;
  return std::nullopt;
}

// SQLite counts the memory it takes, behind a lock in each allocation; nobody asks it. What is not
// known to it before its first use stays as it was, which costs time alone.
void count_no_memory() {
  static const int status = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(status);
}

void Database::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(const fs::path& path, DatabaseMode mode)
    : path_(std::make_unique<fs::path>(path)) {
  const std::string name = mode == DatabaseMode::frozen ? frozen_uri(path) : file_name(path);
  // One belongs to one thread at a time: without a mutex around each call much is read in less.
  int flags = SQLITE_OPEN_NOMUTEX;
  flags |= mode == DatabaseMode::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                       : SQLITE_OPEN_READONLY;
  if (mode == DatabaseMode::frozen) flags |= SQLITE_OPEN_URI;
  count_no_memory();
  sqlite3* database = nullptr;
  const int status = sqlite3_open_v2(name.c_str(), &database, flags, nullptr);
  database_.reset(database);  // a failed open leaves a handle that holds the reason
  if (status != SQLITE_OK) throw sqlite_failure(database, path);
  // SQLite opens a file that may only be read without a word.
  if (mode == DatabaseMode::write && sqlite3_db_readonly(database, "main") == 1) {
    throw write_refusal(path);
  }
  sqlite3_busy_timeout(database,
                       mode == DatabaseMode::glance ? glance_timeout_ms : busy_timeout_ms);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw sqlite_failure(database_.get(), *path_);
  }
}

Statement Database::prepare(std::string_view sql) const {
  return Statement(database_.get(), *path_, sql);
}

std::int64_t Database::integer(std::string_view sql) const {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer() : 0;
}

std::string Database::text(std::string_view sql) const {
  Statement statement = prepare(sql);
  return statement.step() ? statement.text() : "";
}

std::int64_t Database::last_key() const { return sqlite3_last_insert_rowid(database_.get()); }

Database Database::copy_in_memory() const {
  Database copy(":memory:", DatabaseMode::write);
  *copy.path_ = *path_;
  sqlite3* to = copy.database_.get();
  constexpr int all_pages = -1;
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", database_.get(), "main");
  if (backup == nullptr) throw sqlite_failure(to, *path_);
  sqlite3_backup_step(backup, all_pages);
  // Finishing tells how the steps went.
  if (sqlite3_backup_finish(backup) != SQLITE_OK) throw sqlite_failure(to, *path_);
  return copy;
}

void Database::roll_back() noexcept {
  if (sqlite3_get_autocommit(database_.get()) != 0) return;
  sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Transaction::Transaction(Database& database, TransactionKind kind) : database_(database) {
  database_.execute(kind == TransactionKind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) database_.roll_back();
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace wattfor
