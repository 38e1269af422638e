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

// A field as it stands in such a file: in quotes where it must be.
std::string csv_field(std::string_view value);

}  // namespace wattfor
