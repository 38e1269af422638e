#include "base/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/error.h"

namespace wattfor {

CsvReader::CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
}

bool CsvReader::read(CsvRow& row) {
  while (position_ < text_.size()) {
    row.line = line_;
    std::size_t count = 0;
    do {
      if (count == row.fields.size()) row.fields.emplace_back();
      read_field(row.fields[count++]);
    } while (take(','));
    end_line();
    row.fields.resize(count);
    const bool is_empty = count == 1 && row.fields.front().empty();
    if (!is_empty) return true;
  }
  return false;
}

bool CsvReader::take(char expected) {
  if (position_ >= text_.size() || text_[position_] != expected) return false;
  ++position_;
  return true;
}

void CsvReader::end_line() {
  take('\r');
  if (!take('\n') && position_ < text_.size()) refuse("a comma or the end of the line", line_);
  ++line_;
}

void CsvReader::read_field(std::string& value) {
  if (take('"')) {
    read_quoted(value);
    return;
  }
  const std::size_t end = std::min(text_.find_first_of(",\r\n\"", position_), text_.size());
  value.assign(text_, position_, end - position_);
  position_ = end;
  if (end < text_.size() && text_[end] == '"') {
    refuse("no quote inside a field that does not begin with one", line_);
  }
}

void CsvReader::read_quoted(std::string& value) {
  const int opened = line_;
  value.clear();
  while (position_ < text_.size()) {
    const char byte = text_[position_++];
    if (byte == '\n') ++line_;
    if (byte == '"' && !take('"')) return;
    value += byte;
  }
  refuse("a closing quote before the end of the file", opened);
}

void CsvReader::refuse(std::string_view expected, int line) const {
  throw Error(ErrorCode::invalid_input,
              fmt::format("{}:{}: not a comma-separated file: expected {}", file_, line, expected));
}

std::vector<CsvRow> read_csv(std::string_view text, const std::string& file) {
  CsvReader reader(text, file);
  std::vector<CsvRow> rows;
  for (CsvRow row; reader.read(row); row = {}) rows.push_back(std::move(row));
  return rows;
}

std::string csv_field(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string quoted = "\"";
  for (const char byte : value) {
    if (byte == '"') quoted += '"';
    quoted += byte;
  }
  return quoted + '"';
}

}  // namespace wattfor
