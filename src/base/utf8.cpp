#include "base/utf8.h"

namespace wattfor {
namespace {

// What a first byte says: how many bytes follow it, its own bits, and the least code point that
// needs so many bytes.
struct Lead {
  std::size_t following = 0;
  char32_t bits = 0;
  char32_t least = 0;
};

std::optional<Lead> lead_of(unsigned char byte) {
  if (byte < 0x80) return Lead{.following = 0, .bits = byte, .least = 0};
  if ((byte & 0xE0) == 0xC0) return Lead{.following = 1, .bits = byte & 0x1FU, .least = 0x80};
  if ((byte & 0xF0) == 0xE0) return Lead{.following = 2, .bits = byte & 0x0FU, .least = 0x800};
  if ((byte & 0xF8) == 0xF0) return Lead{.following = 3, .bits = byte & 0x07U, .least = 0x10000};
  return std::nullopt;
}

bool is_scalar_value(char32_t value) {
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value <= 0x10FFFF && !is_surrogate;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto lead = lead_of(static_cast<unsigned char>(text.front()));
  if (!lead || text.size() <= lead->following) return std::nullopt;
  char32_t value = lead->bits;
  for (const char next : text.substr(1, lead->following)) {
    const auto byte = static_cast<unsigned char>(next);
    if ((byte & 0xC0) != 0x80) return std::nullopt;
    value = (value << 6U) | (byte & 0x3FU);
  }
  if (value < lead->least || !is_scalar_value(value)) return std::nullopt;
  return CodePoint{.value = value, .bytes = lead->following + 1};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto first = first_code_point(text);
    if (!first) return false;
    text.remove_prefix(first->bytes);
  }
  return true;
}

}  // namespace wattfor
