#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"

namespace wattfor {

// The line of an nvidia-smi log that names its columns: "power.draw.instant [W]".
class LogHeader {
 public:
  // Throws Error{invalid_input} where the row has no column `timestamp`.
  LogHeader(const CsvRow& row, const std::string& file);

  // Whether the row says the same again, maybe behind the rest of a line that was cut.
  bool is_repeated_by(const CsvRow& row) const;

  std::size_t size() const { return names_.size(); }
  // The first of these columns that there is.
  std::optional<std::size_t> find(std::initializer_list<std::string_view> names) const;
  // The column of watts of that name; throws Error{invalid_input} that lists those there are.
  std::size_t power(std::string_view name) const;

 private:
  std::string where_;  // file:line
  std::vector<std::string> names_;
  std::vector<std::string> units_;
};

// A column's name without the unit behind it.
std::string_view without_unit(std::string_view name);

}  // namespace wattfor
