#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"
#include "base/file.h"

namespace wattfor::test {

// The fields of one column of a table that others published, whose first row names the columns.
inline std::vector<std::string> csv_column(const std::filesystem::path& file,
                                           std::string_view name) {
  const std::string text = read_file(file);
  const std::string shown = file.string();
  CsvReader reader(text, shown);
  CsvRow row;
  std::vector<std::string> fields;
  if (!reader.read(row)) return fields;
  const auto place =
      static_cast<std::size_t>(std::ranges::find(row.fields, name) - row.fields.begin());
  while (reader.read(row)) fields.push_back(row.fields.at(place));
  return fields;
}

}  // namespace wattfor::test
