#include "document/markup.h"

#include <algorithm>

#include "base/csv.h"
#include "document/text_table.h"

namespace wattfor {
namespace {

// The text with each of its bytes as `replacement` has it, or as it is where that is empty.
std::string with_each_replaced(const std::string& text, const auto& replacement) {
  std::string result;
  result.reserve(text.size());
  for (const char byte : text) {
    const std::string_view instead = replacement(byte);
    if (instead.empty()) {
      result += byte;
    } else {
      result += instead;
    }
  }
  return result;
}

std::string_view xml_of(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// Character references: GitHub shows the signs and sees no markup in them. "@" would notify people,
// ":" make emoji and links.
std::string_view markdown_of(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '|':
      return "&#124;";
    case '@':
      return "&#64;";
    case ':':
      return "&#58;";
    case '\\':
      return "\\\\";
    case '`':
      return "\\`";
    case '*':
      return "\\*";
    case '_':
      return "\\_";
    case '[':
      return "\\[";
    case ']':
      return "\\]";
    case '#':
      return "\\#";
    case '~':
      return "\\~";
    case '$':
      return "\\$";
    case '!':
      return "\\!";
    default:
      return {};
  }
}

std::string_view latex_of(char byte) {
  switch (byte) {
    case '\\':
      return "\\textbackslash{}";
    case '{':
      return "\\{";
    case '}':
      return "\\}";
    case '$':
      return "\\$";
    case '&':
      return "\\&";
    case '#':
      return "\\#";
    case '%':
      return "\\%";
    case '_':
      return "\\_";
    case '^':
      return "\\textasciicircum{}";
    case '~':
      return "\\textasciitilde{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    case '"':
      return "{\\char34}";
    case '[':  // after a line's end it would begin an argument
      return "{[}";
    default:
      return {};
  }
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  return printable(line);
}

std::string xml_text(std::string_view text) { return with_each_replaced(one_line(text), xml_of); }

std::string markdown_text(std::string_view text) {
  std::string result = with_each_replaced(one_line(text), markdown_of);
  // What would begin a list at the beginning of a line, or a rule.
  if (!result.empty() && std::string_view("-+=").find(result.front()) != std::string_view::npos) {
    result.insert(0, "\\");
  }
  return result;
}

std::string latex_text(std::string_view text) {
  // Two of these would be another sign: a dash, a quotation mark.
  constexpr std::string_view ligatures = "-',`<>?!";
  std::string apart;
  std::string result;
  for (const char byte : one_line(text)) {
    const bool doubled = !apart.empty() && ligatures.find(apart.back()) != std::string_view::npos &&
                         ligatures.find(byte) != std::string_view::npos;
    apart = byte;
    if (doubled) result += "{}";
    const std::string_view instead = latex_of(byte);
    result += instead.empty() ? apart : std::string(instead);
  }
  return result;
}

std::string csv_text(std::string_view text) {
  constexpr std::string_view begins_formula = "=+-@";
  std::string field = one_line(text);
  // Blanks before it are skipped by some spreadsheets.
  const std::size_t first = field.find_first_not_of(' ');
  if (first != std::string::npos && begins_formula.find(field[first]) != std::string_view::npos) {
    field.insert(0, "'");
  }
  return csv_field(field);
}

}  // namespace wattfor
