#include "store/csv.h"

#include <fmt/format.h>

#include <cstddef>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
  }

  std::vector<CsvRow> read() {
    std::vector<CsvRow> rows;
    while (position_ < text_.size()) {
      CsvRow row{.line = line_, .fields = {}};
      do {
        row.fields.push_back(field());
      } while (take(','));
      end_line();
      const bool is_empty = row.fields.size() == 1 && row.fields.front().empty();
      if (!is_empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  char next() const { return position_ < text_.size() ? text_[position_] : '\0'; }
  bool at_end() const { return position_ >= text_.size(); }

  bool take(char expected) {
    if (at_end() || text_[position_] != expected) return false;
    ++position_;
    return true;
  }

  void end_line() {
    take('\r');
    if (!take('\n') && !at_end()) throw expected("a comma or the end of the line", line_);
    ++line_;
  }

  std::string field() {
    if (take('"')) return quoted();
    const std::size_t end = text_.find_first_of(",\r\n\"", position_);
    const std::size_t length = (end == std::string_view::npos ? text_.size() : end) - position_;
    std::string value(text_.substr(position_, length));
    position_ += length;
    if (next() == '"')
      throw expected("no quote inside a field that does not begin with one", line_);
    return value;
  }

  std::string quoted() {
    const int opened = line_;
    std::string value;
    while (!at_end()) {
      const char byte = text_[position_++];
      if (byte == '\n') ++line_;
      if (byte == '"' && !take('"')) return value;
      value += byte;
    }
    throw expected("a closing quote before the end of the file", opened);
  }

  Error expected(std::string_view what, int line) const {
    return {ErrorCode::invalid_input,
            fmt::format("{}:{}: not a comma-separated file: expected {}", file_, line, what)};
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t position_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<CsvRow> read_csv(std::string_view text, const std::string& file) {
  return CsvReader(text, file).read();
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
