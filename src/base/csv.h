#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

struct CsvRow {
  int line = 0;  // where it begins in the file, from 1
  std::vector<std::string> fields;
};

// The rows of a comma-separated file as RFC 4180 has it: fields in quotes may hold commas, quotes
// (doubled) and line ends. A byte order mark, LF for CRLF and empty lines are accepted. Throws
// Error{invalid_input} naming file:line where a quote is out of place or never closed.
std::vector<CsvRow> read_csv(std::string_view text, const std::string& file);

// The same one row after another, for files of a million of them. Both must outlive it.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file);

  // The next row that is not empty; false after the last. A row that is passed in again keeps its
  // memory.
  bool read(CsvRow& row);

 private:
  bool take(char expected);
  void end_line();
  void read_field(std::string& value);
  void read_quoted(std::string& value);
  [[noreturn]] void refuse(std::string_view expected, int line) const;

  std::string_view text_;
  const std::string& file_;
  std::size_t position_ = 0;
  int line_ = 1;
};

// A field as it stands in such a file: in quotes where it must be.
std::string csv_field(std::string_view value);

}  // namespace wattfor
