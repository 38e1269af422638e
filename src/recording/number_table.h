#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// A row of the columns that were asked for, in the order of asking.
struct NumberRow {
  int line = 0;
  std::vector<double> numbers;
};

// The rows of a CSV whose first line names its columns, of which `columns` are numbers; others are
// ignored. Throws Error{invalid_input} naming file:line for a column that is missing and a field
// that is no finite number.
std::vector<NumberRow> read_numbers(std::string_view text, const std::string& file,
                                    std::initializer_list<std::string_view> columns);

// A time in µs since 1970 as a program of our age writes it; throws Error{invalid_input} that names
// `column` for one that counts in other units or from another moment.
std::int64_t checked_microseconds(double value, std::string_view column, const std::string& file,
                                  int line);

}  // namespace wattfor
