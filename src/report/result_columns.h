#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "document/result_table.h"

// The columns and cells that tables of results are made of.
namespace wattfor {

inline ResultColumn word_column(std::string key, std::string heading) {
  return {.key = std::move(key), .heading = std::move(heading), .align = Align::left};
}

inline ResultColumn count_column(std::string key, std::string heading) {
  return {
      .key = std::move(key), .heading = std::move(heading), .digits = Digits::decimals, .count = 0};
}

inline ResultColumn number_column(std::string key, std::string heading, std::string unit = "",
                                  int significant = 3) {
  return {.key = std::move(key),
          .heading = std::move(heading),
          .unit = std::move(unit),
          .count = significant};
}

inline ResultColumn fixed_column(std::string key, std::string heading, std::string unit,
                                 int decimals) {
  return {.key = std::move(key),
          .heading = std::move(heading),
          .unit = std::move(unit),
          .digits = Digits::decimals,
          .count = decimals};
}

inline ResultCell cell(std::size_t count) { return static_cast<double>(count); }
inline ResultCell cell(const std::optional<double>& number) {
  return number ? ResultCell(*number) : ResultCell();
}
inline ResultCell cell(std::string_view text) { return std::string(text); }

}  // namespace wattfor
