#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "measurement/validity.h"
#include "store/exchange.h"

namespace wattfor {
namespace {

// A table in the wrong format is wrong in every line; the first ones tell.
constexpr std::size_t most_faults_named = 10;

enum Column : std::size_t { model, input_size, test_set, top1_percent, top5_percent, column_count };
constexpr std::array<std::string_view, column_count> column_names{"model", "input_size", "test_set",
                                                                  "top1_percent", "top5_percent"};

// The place of each column in the file's rows.
std::array<std::size_t, column_count> columns_of(const CsvRow& header, const std::string& file) {
  std::array<std::size_t, column_count> places{};
  for (std::size_t column = 0; column < column_count; ++column) {
    const auto is_column = [&](const std::string& field) {
      return trimmed(field) == column_names[column];
    };
    const auto found = std::ranges::find_if(header.fields, is_column);
    const auto count = std::ranges::count_if(header.fields, is_column);
    if (count != 1) {
      throw Error(
          ErrorCode::invalid_input,
          fmt::format("{}:{}: expected one column '{}' and found {}; the first line must name "
                      "the columns {}",
                      file, header.line, column_names[column],
                      count == 0 ? "none" : std::to_string(count), fmt::join(column_names, ",")));
    }
    places[column] = static_cast<std::size_t>(found - header.fields.begin());
  }
  return places;
}

// What is wrong with the table, one line of the file after another.
class Faults {
 public:
  explicit Faults(const std::string& file) : file_(file) {}

  void add(const CsvRow& row, const std::string& fault) {
    if (count_++ < most_faults_named) {
      named_ += fmt::format("\n  {}:{}: {}", file_, row.line, fault);
    }
  }

  void throw_if_any() const {
    if (count_ == 0) return;
    const auto more = count_ > most_faults_named
                          ? fmt::format("\n  and {} more", count_ - most_faults_named)
                          : "";
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: nothing was imported:{}{}", file_, named_, more));
  }

 private:
  const std::string& file_;
  std::string named_;
  std::size_t count_ = 0;
};

// Reads the fields of one row and collects what is wrong with them.
class RowReader {
 public:
  RowReader(const CsvRow& row, const std::array<std::size_t, column_count>& places, Faults& faults)
      : row_(row), places_(places), faults_(faults) {}

  Accuracy read() {
    Accuracy accuracy;
    accuracy.model = name(model);
    accuracy.input_size = size();
    accuracy.test_set = name(test_set);
    accuracy.top1_percent = percent(top1_percent);
    accuracy.top5_percent = percent(top5_percent);
    return accuracy;
  }

 private:
  std::string_view field(Column column) const { return trimmed(row_.fields[places_[column]]); }

  void fault(Column column, std::string_view expected) {
    constexpr std::size_t most_shown = 80;
    faults_.add(row_, fmt::format("{} is '{}': expected {}", column_names[column],
                                  field(column).substr(0, most_shown), expected));
  }

  std::string name(Column column) {
    const std::string_view text = field(column);
    if (text.empty()) fault(column, "a name");
    if (!is_utf8(text)) fault(column, "a name in UTF-8");
    if (text.size() > longest_name_bytes) {
      fault(column, fmt::format("a name of at most {} bytes", longest_name_bytes));
    }
    return std::string(text);
  }

  template <class Number>
  static std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
  }

  int size() {
    const std::string_view text = field(input_size);
    if (text.empty()) return 0;
    const auto value = number<int>(text);
    if (!value || *value < 0) fault(input_size, "the image's side in pixels, or nothing");
    return value.value_or(0);
  }

  std::optional<double> percent(Column column) {
    const std::string_view text = field(column);
    if (text.empty()) return std::nullopt;
    const auto value = number<double>(text);
    // Written so that NaN, which compares to nothing, is refused.
    const bool is_percentage = value && *value >= 0.0 && *value <= 100.0;
    if (!is_percentage) fault(column, "a percentage from 0 to 100, or nothing where it is unknown");
    return value;
  }

  const CsvRow& row_;
  const std::array<std::size_t, column_count>& places_;
  Faults& faults_;
};

}  // namespace

std::vector<Accuracy> accuracies_from_csv(std::string_view text, const std::string& file) {
  const std::vector<CsvRow> rows = read_csv(text, file);
  if (rows.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("{}: the file is empty; expected a table with the columns {}", file,
                            fmt::join(column_names, ",")));
  }
  const CsvRow& header = rows.front();
  const auto places = columns_of(header, file);

  std::vector<Accuracy> accuracies;
  Faults faults(file);
  std::map<std::tuple<std::string, int, std::string>, int> first_line;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    if (row.fields.size() != header.fields.size()) {
      faults.add(row, fmt::format("expected {} fields, as in the first line, and found {}",
                                  header.fields.size(), row.fields.size()));
      continue;
    }
    Accuracy accuracy = RowReader(row, places, faults).read();
    const auto [earlier, is_new] =
        first_line.try_emplace({accuracy.model, accuracy.input_size, accuracy.test_set}, row.line);
    if (!is_new) {
      faults.add(row, fmt::format("'{}' at input size {} on '{}' stands in line {} already",
                                  accuracy.model, accuracy.input_size, accuracy.test_set,
                                  earlier->second));
    }
    accuracies.push_back(std::move(accuracy));
  }
  faults.throw_if_any();
  return accuracies;
}

}  // namespace wattfor
