#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace wattfor {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  // that it takes in the text
};

// The code point that a text begins with; nothing where it begins with what is not well-formed
// UTF-8 (a stray or missing byte, an overlong form, a surrogate), or is empty.
std::optional<CodePoint> first_code_point(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace wattfor
