#include "cli/command_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.h"

namespace wattfor::cli {
namespace {

// The pieces between the separators, empty ones too.
std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const auto end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + separator.size());
  }
}

bool is_literal(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

void add_line(Section& section, std::string_view line) {
  constexpr std::size_t indent = 2;
  const bool goes_on = line.find_first_not_of(' ') > indent && !section.lines.empty();
  if (goes_on) {
    section.lines.back().text.append(" ").append(trimmed(line));
    return;
  }
  line = trimmed(line);
  const auto gap = line.find("  ");
  if (gap == std::string_view::npos) {
    section.lines.push_back({.term = std::string(line), .text = ""});
  } else {
    section.lines.push_back(
        {.term = std::string(line.substr(0, gap)), .text = std::string(trimmed(line.substr(gap)))});
  }
}

}  // namespace

std::string unwrapped(std::string_view text) {
  std::string joined;
  for (const std::string_view line : split(text, "\n")) {
    if (trimmed(line).empty()) continue;
    if (!joined.empty()) joined += ' ';
    joined += trimmed(line);
  }
  return joined;
}

std::vector<Section> sections_of(std::string_view footer) {
  std::vector<Section> sections;
  for (const std::string_view block : split(footer, "\n\n")) {
    if (trimmed(block).empty()) continue;
    const auto lines = split(block, "\n");
    Section section;
    if (lines.size() > 1 && lines[0].ends_with(':') && lines[1].starts_with("  ")) {
      section.title = lines[0].substr(0, lines[0].size() - 1);
      std::for_each(lines.begin() + 1, lines.end(),
                    [&section](std::string_view line) { add_line(section, line); });
    } else {
      section.paragraph = unwrapped(block);
    }
    sections.push_back(std::move(section));
  }
  return sections;
}

std::string explanation(const Argument& argument) {
  std::vector<std::string> facts;
  if (!argument.limits.empty()) facts.push_back(argument.limits);
  if (!argument.default_value.empty()) facts.push_back("default: " + argument.default_value);
  if (facts.empty()) return argument.help;
  return fmt::format("{} ({})", argument.help, fmt::join(facts, "; "));
}

void offer_by_value(Argument& argument) {
  std::string words = argument.value;
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c == '|' || c == '[' || c == ']'; }, ' ');
  for (const std::string_view word : split(words, " ")) {
    if (word == "FILE") argument.offer = Offer::files;
    if (word == "FOLDER") argument.offer = Offer::folders;
    if (word == "COMMAND...") argument.offer = Offer::command;
    if (is_literal(word)) argument.choices.emplace_back(word);
  }
}

}  // namespace wattfor::cli
