#include "recording/number_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include "base/csv.h"
#include "base/error.h"
#include "base/text.h"

namespace wattfor {
namespace {

// 2001 … 2286: what lies outside counts in other units.
constexpr double earliest_us = 1e15;
constexpr double latest_us = 1e16;

Error wrong(const std::string& file, int line, const std::string& what) {
  return {ErrorCode::invalid_input, fmt::format("{}:{}: {}", file, line, what)};
}

}  // namespace

std::vector<NumberRow> read_numbers(std::string_view text, const std::string& file,
                                    std::initializer_list<std::string_view> columns) {
  CsvReader rows(text, file);
  CsvRow row;
  if (!rows.read(row)) {
    throw wrong(file, 1, fmt::format("empty; expected the columns {}", fmt::join(columns, ",")));
  }
  std::vector<std::size_t> places;
  for (const std::string_view column : columns) {
    const auto found = std::ranges::find(row.fields, column, trimmed);
    if (found == row.fields.end()) {
      throw wrong(file, row.line,
                  fmt::format("there is no column `{}`; expected the columns {}, named in the "
                              "first line",
                              column, fmt::join(columns, ",")));
    }
    places.push_back(static_cast<std::size_t>(found - row.fields.begin()));
  }
  const std::size_t width = row.fields.size();
  std::vector<NumberRow> result;
  while (rows.read(row)) {
    if (row.fields.size() != width) {
      throw wrong(file, row.line,
                  fmt::format("{} fields where the first line names {}", row.fields.size(), width));
    }
    NumberRow& numbers = result.emplace_back(NumberRow{.line = row.line, .numbers = {}});
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::string_view field = trimmed(row.fields[places[i]]);
      double value = 0.0;
      const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
      if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value)) {
        throw wrong(file, row.line,
                    fmt::format("'{}' in the column {} is no number", field, columns.begin()[i]));
      }
      numbers.numbers.push_back(value);
    }
  }
  return result;
}

std::int64_t checked_microseconds(double value, std::string_view column, const std::string& file,
                                  int line) {
  if (value >= earliest_us && value < latest_us) return std::llround(value);
  throw wrong(file, line,
              fmt::format("{:.0f} in the column {} is no time of our age in microseconds since "
                          "1970 (UTC), such as 1689325828417687",
                          value, column));
}

}  // namespace wattfor
