#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace wattfor {

// Every value of an enumeration that has a name_of(): listed once, beside the enumeration.
template <class Enum>
inline constexpr std::array<Enum, 0> enumerators{};

// The inverse of name_of(); nothing for a word that is no name.
template <class Enum>
std::optional<Enum> from_name(std::string_view name) {
  for (const Enum each : enumerators<Enum>) {
    if (name_of(each) == name) return each;
  }
  return std::nullopt;
}

}  // namespace wattfor
