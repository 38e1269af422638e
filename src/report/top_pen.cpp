#include "report/top_pen.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "document/text_table.h"

namespace wattfor {
namespace {

std::string ascii(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> spelling{
      {{"±", "+-"}, {"°", ""}, {"–", "-"}, {"−", "-"}, {"µ", "u"}, {"·", "-"}, {"…", "..."}}};
  std::string result;
  while (!text.empty()) {
    const auto known = std::ranges::find_if(
        spelling, [text](const auto& sign) { return text.starts_with(sign.first); });
    if (known != spelling.end()) {
      result += known->second;
      text.remove_prefix(known->first.size());
      continue;
    }
    const std::size_t length = first_columns(text, 1).size();
    if (length == 1) {
      result += text.front();
    } else {
      result += '?';
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

std::string TopPen::shown(std::string_view text) const {
  return frame_.unicode ? printable(text) : ascii(printable(text));
}

std::string TopPen::cut(const std::string& text, int columns) const {
  if (display_width(text) <= columns) return text;
  const std::string mark = shown("…");
  const int kept = std::max(columns - display_width(mark), 0);
  return std::string(first_columns(std::string(first_columns(text, kept)) + mark, columns));
}

std::string TopPen::sides(const std::string& left, const std::string& right) const {
  const int blanks = frame_.width - display_width(left) - display_width(right);
  if (blanks < 2) return left;
  return left + std::string(static_cast<std::size_t>(blanks), ' ') + right;
}

std::string TopPen::finish(const TopLine& line) const {
  std::string text = cut(line.text, frame_.width);
  if (!frame_.colour || text.empty()) return text;
  switch (line.look) {
    case TopLook::plain:
      return text;
    case TopLook::strong:
      return "\033[1m" + text + "\033[0m";
    case TopLook::dim:
      return "\033[2m" + text + "\033[0m";
    case TopLook::warning:
      return "\033[33m" + text + "\033[0m";
  }
  return text;
}

}  // namespace wattfor
