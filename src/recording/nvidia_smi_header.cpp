#include "recording/nvidia_smi_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace wattfor {
namespace {

// "W" of "power.draw [W]".
std::string_view unit_of(std::string_view name) {
  const auto open = name.rfind(" [");
  if (open == std::string_view::npos || !name.ends_with(']')) return "";
  return name.substr(open + 2, name.size() - open - 3);
}

}  // namespace

std::string_view without_unit(std::string_view name) {
  name = trimmed(name);
  return unit_of(name).empty() ? name : trimmed(name.substr(0, name.rfind(" [")));
}

LogHeader::LogHeader(const CsvRow& row, const std::string& file)
    : where_(fmt::format("{}:{}", file, row.line)) {
  for (const std::string& field : row.fields) {
    names_.emplace_back(without_unit(field));
    units_.emplace_back(unit_of(trimmed(field)));
  }
  if (find({"timestamp"})) return;
  const bool semicolons = row.fields.front().find(';') != std::string::npos;
  throw Error(
      ErrorCode::invalid_input,
      fmt::format("{}: expected the columns' names of an nvidia-smi log, `timestamp` among them{}; "
                  "write it with: nvidia-smi --query-gpu=timestamp,name,power.draw.instant "
                  "--format=csv -lms 20",
                  where_, semicolons ? ", separated by commas and not by semicolons" : ""));
}

bool LogHeader::is_repeated_by(const CsvRow& row) const {
  if (row.fields.size() < names_.size()) return false;
  const auto first = row.fields.end() - static_cast<std::ptrdiff_t>(names_.size());
  return without_unit(*first).ends_with(names_.front()) &&
         std::equal(first + 1, row.fields.end(), names_.begin() + 1,
                    [](const std::string& field, const std::string& name) {
                      return without_unit(field) == name;
                    });
}

std::optional<std::size_t> LogHeader::find(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    const auto found = std::ranges::find(names_, name);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
  }
  return std::nullopt;
}

std::size_t LogHeader::power(std::string_view name) const {
  const auto found = find({name});
  const auto is_power = [this](std::size_t column) {
    const std::string& unit = units_[column];
    return unit == "W" || (unit.empty() && names_[column].find("power.draw") != std::string::npos);
  };
  if (found && is_power(*found)) return *found;
  std::string there;
  for (std::size_t column = 0; column < names_.size(); ++column) {
    if (is_power(column)) there += (there.empty() ? "" : ", ") + names_[column];
  }
  throw Error(ErrorCode::invalid_input,
              fmt::format("{}: {} `{}`; the log's columns of watts are: {}", where_,
                          found ? "expected watts, not the column" : "there is no column", name,
                          there.empty() ? "none (query power.draw.instant or power.draw)" : there));
}

}  // namespace wattfor
