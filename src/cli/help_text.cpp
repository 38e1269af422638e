#include "cli/help_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "document/text_table.h"

namespace wattfor::cli {
namespace {

// The terms' column is no wider: what is longer has a line of its own.
constexpr int widest_term = 26;
constexpr int margin = 2;

int text_column(const std::vector<Section::Line>& lines) {
  int column = 0;
  for (const Section::Line& line : lines) {
    const int width = display_width(line.term);
    if (!line.text.empty() && width <= widest_term) column = std::max(column, width);
  }
  return margin + column + margin;
}

std::string blanks(int count) { return std::string(static_cast<std::size_t>(count), ' '); }

// "  TERM  text", the texts below each other.
std::string explained(const std::vector<Section::Line>& lines, int width) {
  const int column = text_column(lines);
  std::string result;
  for (const Section::Line& line : lines) {
    std::string term = blanks(margin) + line.term;
    if (line.text.empty()) {
      result += term + '\n';
      continue;
    }
    if (display_width(term) + margin > column) {
      result += term + '\n';
      term.clear();
    }
    // Blanks in the term's place, so that the term itself is never wrapped.
    const std::string text = wrapped_text(blanks(column) + line.text, width, column);
    result += term + text.substr(static_cast<std::size_t>(display_width(term)));
  }
  return result;
}

Section::Line line_of(const Argument& argument) {
  const bool positional = !argument.names.front().starts_with('-');
  std::string term =
      positional ? argument.value : fmt::format("{}", fmt::join(argument.names, ", "));
  if (!positional && !argument.value.empty()) term += " " + argument.value;
  return {.term = std::move(term), .text = explanation(argument)};
}

// "[accuracy] FILE", "-- COMMAND...", "[VERB]".
std::string usage_of(const Argument& positional) {
  if (positional.offer == Offer::command) return "-- " + positional.value;
  // Several words say themselves how often.
  const bool several = positional.repeats && positional.value.find(' ') == std::string::npos;
  const std::string text = positional.value + (several ? "..." : "");
  return positional.required ? text : "[" + text + "]";
}

std::string block(const std::string& title, const std::vector<Section::Line>& lines, int width) {
  return lines.empty() ? "" : fmt::format("\n{}:\n{}", title, explained(lines, width));
}

std::string block(const std::string& title, const std::vector<Argument>& arguments, int width) {
  std::vector<Section::Line> lines;
  lines.reserve(arguments.size());
  for (const Argument& argument : arguments) lines.push_back(line_of(argument));
  return block(title, lines, width);
}

std::string sections_text(const std::vector<Section>& sections, int width) {
  std::string text;
  for (const Section& section : sections) {
    text += section.title.empty() ? '\n' + wrapped_text(section.paragraph, width, 0)
                                  : block(section.title, section.lines, width);
  }
  return text;
}

}  // namespace

std::string help_text(const CommandLine& program, int width) {
  std::vector<Section::Line> verbs;
  verbs.reserve(program.verbs.size());
  for (const VerbSyntax& verb : program.verbs) verbs.push_back({verb.name, verb.summary});
  return wrapped_text(program.about, width, 0) +
         fmt::format("\nUsage: {} VERB [OPTIONS]\n", program.name) + block("Verbs", verbs, width) +
         block("Options", program.options, width) + sections_text(program.sections, width);
}

std::string help_text(const CommandLine& program, const VerbSyntax& verb, int width) {
  std::string usage = fmt::format("Usage: {} {} [OPTIONS]", program.name, verb.name);
  for (const Argument& positional : verb.positionals) usage += ' ' + usage_of(positional);
  return wrapped_text(verb.summary, width, 0) + '\n' + wrapped_text(usage, width) +
         block("Arguments", verb.positionals, width) + block("Options", verb.options, width) +
         sections_text(verb.sections, width);
}

}  // namespace wattfor::cli
