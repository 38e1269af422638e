#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace wattfor {

// How a database file is opened.
enum class DatabaseMode {
  read,    // the file must exist
  glance,  // read, and wait for another's lock for a moment only
  write,   // made where it does not
  frozen,  // read without taking locks: a file in a folder that can't be written, which nobody
           // changes
};

// A prepared statement. Parameters are bound and columns read from left to right: the C++ values
// stand in the order of the SQL's.
class Statement {
 public:
  // Binds the next parameters.
  template <class... Values>
  void bind(const Values&... values) {
    (bind_next(values), ...);
  }

  // Binds the remaining parameters and runs to the end; for statements whose rows nobody wants.
  template <class... Values>
  void run(const Values&... values) {
    bind(values...);
    while (step()) {
    }
  }

  // Binds the remaining parameters; the first column of the first row, where there is one.
  template <class... Values>
  std::optional<std::int64_t> find(const Values&... values) {
    bind(values...);
    if (!step()) return std::nullopt;
    const std::int64_t found = integer();
    reset();
    return found;
  }

  // Moves to the next row; false after the last, when the parameters are bound from the first
  // again.
  bool step();

  // Of its database, for messages.
  const std::filesystem::path& path() const { return *path_; }

  // The next column of the row. SQLite keeps a NaN as NULL, so real() answers NULL with NaN.
  std::string text();
  std::int64_t integer();
  double real();
  std::optional<std::string> optional_text();
  std::optional<std::int64_t> optional_integer();
  std::optional<double> optional_real();

 private:
  friend class Database;
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3* database, const std::filesystem::path& path, std::string_view sql);

  void reset();
  void bind_next(std::string_view value);
  void bind_next(double value);
  void bind_next(std::nullopt_t value);
  void bind_integer(std::int64_t value);
  template <std::integral Value>
  void bind_next(Value value) {
    bind_integer(static_cast<std::int64_t>(value));
  }
  template <class Value>
  void bind_next(const std::optional<Value>& value) {
    if (value) {
      bind_next(*value);
    } else {
      bind_next(std::nullopt);
    }
  }
  bool is_null() const;
  [[noreturn]] void fail() const;

  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  const std::filesystem::path* path_ = nullptr;  // of its database
  int next_parameter_ = 1;
  int next_column_ = 0;
};

// A connection to one SQLite file. It alone (with Statement) calls SQLite; every failure is thrown
// as an Error that names the file, the reason and the remedy. Outlives its statements.
class Database {
 public:
  Database(const std::filesystem::path& path, DatabaseMode mode);

  const std::filesystem::path& path() const { return *path_; }

  // Runs statements separated by semicolons and drops their rows.
  void execute(const std::string& sql);
  Statement prepare(std::string_view sql) const;
  // The first column of the first row, e.g. of a PRAGMA.
  std::int64_t integer(std::string_view sql) const;
  std::string text(std::string_view sql) const;
  // The key of the row inserted last.
  std::int64_t last_key() const;
  // All of it in memory, to be changed without touching the file, whose name it keeps for messages.
  Database copy_in_memory() const;
  // Ends a transaction that SQLite has not ended itself, as it does on a full disk. Where even that
  // fails, the next process to open the file does it.
  void roll_back() noexcept;

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };

  std::unique_ptr<std::filesystem::path> path_;  // statements point at it, also after a move
  std::unique_ptr<sqlite3, Closer> database_;
};

// What a transaction is for: writers take turns from the start, readers see one state throughout.
enum class TransactionKind { read, write };

// Rolled back unless committed.
class Transaction {
 public:
  Transaction(Database& database, TransactionKind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace wattfor
