#include "recording/nvidia_smi_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "recording/log_time.h"

namespace wattfor {
namespace {

// nvidia-smi puts no field in quotes.
std::string unquoted_field(std::string_view words) {
  std::string field(words);
  std::ranges::replace_if(
      field, [](char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }, ' ');
  return field;
}

}  // namespace

std::string nvidia_smi_text(const LogHeading& heading, std::span<const LogLine> lines) {
  std::string text = fmt::format("timestamp, name, {} [W]", heading.column);
  if (heading.limit) text += ", enforced.power.limit [W]";
  text += '\n';
  const std::string board = unquoted_field(heading.board);
  const std::string limit = heading.limit ? fmt::format(", {:.2f} W", heading.limit->value()) : "";
  const auto end = std::back_inserter(text);
  for (const LogLine& line : lines) {
    fmt::format_to(end, "{}, {}, ", log_time_text(line.time), board);
    if (const auto* power = std::get_if<Watts>(&line.said)) {
      fmt::format_to(end, "{:.2f} W", std::max(0.0, power->value()));
    } else {
      text += unquoted_field(std::get<std::string>(line.said));
    }
    text += limit;
    text += '\n';
  }
  return text;
}

}  // namespace wattfor
