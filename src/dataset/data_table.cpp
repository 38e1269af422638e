#include "dataset/data_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "measurement/validity.h"

namespace wattfor {
namespace {

// Of any unit that a table has: beyond, sums and quotients leave the range of a double.
constexpr double least_amount = 1e-100;
constexpr double most_amount = 1e100;

constexpr std::size_t most_shown = 80;  // bytes of a cell in a message

// Excel's "Unicode text".
bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
}

// The digits of a number that has commas between its thousands, "1,013.01". Where they stand
// elsewhere it is no number: who knows what is meant by "1,5".
std::optional<std::string> without_thousands(std::string_view text) {
  const auto comma = text.find(',');
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::size_t first = comma - (whole.starts_with('-') ? 1 : 0);
  if (first < 1 || first > 3 || text.substr(whole.size()).find(',') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string digits(whole.substr(0, comma));
  for (std::size_t at = comma; at < whole.size(); at += 4) {
    const std::string_view group = whole.substr(at, 4);
    if (group.size() != 4 || group[0] != ',' ||
        group.find_first_not_of("0123456789", 1) != std::string_view::npos) {
      return std::nullopt;
    }
    digits += group.substr(1);
  }
  return digits += text.substr(whole.size());
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  if (text.find(',') != std::string_view::npos) {
    const auto digits = without_thousands(text);
    return digits ? number_in<Number>(*digits) : std::nullopt;
  }
  Number value{};
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace

DataTable::DataTable(std::string_view text, const std::string& file,
                     std::span<const std::string_view> columns, std::size_t required)
    : file_(file), reader_(text, file), columns_(columns) {
  const auto needed = columns.first(std::min(required, columns.size()));
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::invalid_input, fmt::format("{}: {}", file, reason));
  };
  if (is_utf16(text)) refuse("the text is in UTF-16: save it as UTF-8");
  if (!reader_.read(row_)) {
    refuse(fmt::format("the file is empty; expected a table with the columns {}",
                       fmt::join(needed, ",")));
  }
  width_ = row_.fields.size();
  for (std::size_t column = 0; column < columns.size(); ++column) {
    const auto is_column = [&](const std::string& field) {
      return trimmed(field) == columns[column];
    };
    const auto found = std::ranges::count_if(row_.fields, is_column);
    if (found == 0 && column >= needed.size()) {
      places_.emplace_back();
      continue;
    }
    if (found != 1) {
      refuse(fmt::format(
          "expected one column '{}' and found {}; the first line must name the "
          "columns {}",
          columns[column], found == 0 ? "none" : std::to_string(found), fmt::join(needed, ",")));
    }
    places_.emplace_back(std::ranges::find_if(row_.fields, is_column) - row_.fields.begin());
  }
}

bool DataTable::next() {
  while (reader_.read(row_)) {
    ++rows_;
    faults_.clear();
    if (row_.fields.size() == width_) return true;
    leave_out(std::string(trimmed(row_.fields.front()).substr(0, most_shown)),
              fmt::format("{} cells instead of {}", row_.fields.size(), width_));
  }
  return false;
}

std::string_view DataTable::cell(std::size_t column) const {
  const auto place = places_[column];
  return place ? trimmed(row_.fields[*place]) : std::string_view();
}

void DataTable::fault(std::size_t column, std::string_view expected) {
  const std::string_view text = cell(column).substr(0, most_shown);
  faults_.push_back(fmt::format("{} is '{}': expected {}", columns_[column],
                                is_utf8(text) ? text : "(no UTF-8)", expected));
}

std::string DataTable::name(std::size_t column) {
  if (cell(column).empty()) fault(column, "a name");
  return text(column);
}

std::string DataTable::text(std::size_t column) {
  const std::string_view text = cell(column);
  if (!is_utf8(text)) fault(column, "a name in UTF-8");
  if (text.size() > longest_name_bytes) {
    fault(column, fmt::format("a name of at most {} bytes", longest_name_bytes));
  }
  return std::string(text);
}

int DataTable::pixels(std::size_t column) {
  const std::string_view text = cell(column);
  if (text.empty()) return 0;
  const auto value = number_in<int>(text);
  if (!value || *value < 0) fault(column, "the image's side in pixels, or nothing");
  return value.value_or(0);
}

template <class IsRight>
std::optional<double> DataTable::number(std::size_t column, std::string_view expected,
                                        IsRight is_right) {
  const std::string_view text = cell(column);
  if (text.empty()) return std::nullopt;
  const auto value = number_in<double>(text);
  if (value && std::isfinite(*value) && is_right(*value)) return value;
  fault(column, fmt::format("{}, or nothing where it is unknown", expected));
  return std::nullopt;
}

std::optional<double> DataTable::percent(std::size_t column) {
  return number(column, "a percentage from 0 to 100",
                [](double value) { return value >= 0.0 && value <= 100.0; });
}

std::optional<double> DataTable::positive(std::size_t column, std::string_view unit) {
  return number(column, fmt::format("{} above 0", unit),
                [](double value) { return value >= least_amount && value <= most_amount; });
}

std::optional<double> DataTable::not_negative(std::size_t column, std::string_view unit) {
  return number(column, fmt::format("{}, not below 0", unit),
                [](double value) { return value >= 0.0 && value <= most_amount; });
}

std::optional<double> DataTable::share(std::size_t column) {
  return number(column, "a share above 0, up to 1",
                [](double value) { return value >= least_amount && value <= 1.0; });
}

std::optional<int> DataTable::count(std::size_t column) {
  constexpr double most = 1e9;
  const auto value = number(column, "a whole number from 1 on", [](double number) {
    return number >= 1.0 && number <= most && number == std::floor(number);
  });
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::optional<int> DataTable::year(std::size_t column) {
  const auto value = number(column, "a year of four digits", [](double number) {
    return number >= 1000.0 && number <= 9999.0 && number == std::floor(number);
  });
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

void DataTable::leave_out(const std::string& what) {
  leave_out(what, fmt::format("{}", fmt::join(faults_, "; ")));
}

void DataTable::leave_out(const std::string& what, std::string reason) {
  left_out_.push_back(
      {.file = file_, .line = row_.line, .what = what, .reason = std::move(reason)});
}

}  // namespace wattfor
