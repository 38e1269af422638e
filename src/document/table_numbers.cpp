#include "document/table_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "document/numbers.h"
#include "document/report.h"

namespace wattfor {

TableNumber table_number(const ResultColumn& column, double value) {
  constexpr double smallest_plain = 1e-5;
  constexpr double largest_plain = 1e15;
  const double size = std::abs(value);
  if (column.digits == Digits::decimals && size < largest_plain) {
    std::string digits = fmt::format("{:.{}f}", value, column.count);
    const bool is_zero = digits.find_first_not_of("-0.") == std::string::npos;
    return {.digits = is_zero && digits.front() == '-' ? digits.substr(1) : digits};
  }
  if (value == 0.0) return {.digits = "0"};
  const std::string scientific = fmt::format("{:.{}e}", value, std::max(0, column.count - 1));
  const std::size_t mark = scientific.find('e');
  const int exponent = std::stoi(scientific.substr(mark + 1));
  if (size < smallest_plain || size >= largest_plain) {
    return {.digits = scientific.substr(0, mark), .exponent = exponent};
  }
  const bool is_whole = value == std::floor(value) && size >= 1.0;
  const int decimals = is_whole ? 0 : std::max(0, column.count - 1 - exponent);
  return {.digits = fmt::format("{:.{}f}", value, decimals)};
}

std::string cell_text(const ResultColumn& column, const ResultCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const auto* value = std::get_if<double>(&cell);
  if (value == nullptr || !std::isfinite(*value)) return std::string(unknown_number);
  TableNumber number = table_number(column, *value);
  if (number.digits.front() == '-') number.digits.replace(0, 1, "−");
  if (number.exponent == 0) return number.digits;
  return fmt::format("{}·{}", number.digits, power_of_ten(number.exponent));
}

std::string heading_text(const ResultColumn& column) {
  return column.unit.empty() ? column.heading : fmt::format("{} ({})", column.heading, column.unit);
}

std::string full_number(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string();
}

void check_table(const ResultTable& table) {
  if (!is_result_id(table.id)) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("table '{}': expected an id of letters, digits, _ and -", table.id));
  }
  for (const auto& row : table.rows) {
    if (row.size() == table.columns.size()) continue;
    throw Error(ErrorCode::invalid_input, fmt::format("table '{}': a row of {} cells, expected {}",
                                                      table.id, row.size(), table.columns.size()));
  }
}

}  // namespace wattfor
