#include "cli/manual_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <vector>

#include "base/utf8.h"

namespace wattfor::cli {
namespace {

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

// Left-aligned and never hyphenated: a command that is cut or stretched can't be copied.
std::string beginning(const CommandLine& program, const std::string& title,
                      const std::string& purpose) {
  return fmt::format(
      ".TH \"{}\" 1 \"\" \"{}\" \"User commands\"\n"
      ".nh\n"
      ".ad l\n"
      ".SH NAME\n"
      "{} \\- {}\n",
      roff(upper_case(title)), roff(program.name + " " + program.version), roff(title),
      roff(purpose));
}

std::string synopsis_of(const Argument& positional) {
  std::string text = italic(positional.value);
  if (positional.offer == Offer::command) return bold("--") + " " + text;
  // Several words say themselves how often: "[accuracy] FILE".
  if (positional.repeats && positional.value.find(' ') == std::string::npos) text += "...";
  return positional.required ? text : "[" + text + "]";
}

std::string joined_names(const Argument& option) {
  std::vector<std::string> names;
  names.reserve(option.names.size());
  for (const auto& name : option.names) names.push_back(bold(name));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string entry(const std::string& term, const std::string& text) {
  return fmt::format(".TP\n{}\n{}\n", term, text);
}

std::string arguments_section(const std::vector<Argument>& positionals) {
  std::string text = positionals.empty() ? "" : ".SH ARGUMENTS\n";
  for (const auto& positional : positionals) {
    text += entry(italic(positional.value), roff(explanation(positional)));
  }
  return text;
}

std::string options_section(const std::vector<Argument>& options) {
  std::string text = options.empty() ? "" : ".SH OPTIONS\n";
  for (const auto& option : options) {
    const std::string value = option.value.empty() ? "" : " " + italic(option.value);
    text += entry(joined_names(option) + value, roff(explanation(option)));
  }
  return text;
}

std::string paragraphs(const std::vector<Section>& sections) {
  std::string text;
  for (const auto& section : sections) {
    if (section.title.empty()) text += ".PP\n" + roff(section.paragraph) + "\n";
  }
  return text;
}

std::string titled(const Section& section) {
  std::string text = fmt::format(".SH \"{}\"\n", roff(upper_case(section.title)));
  bool in_example = false;
  for (const auto& line : section.lines) {
    const bool example = line.text.empty();
    if (example != in_example) text += example ? ".nf\n" : ".fi\n";
    in_example = example;
    text += example ? roff(line.term) + "\n" : entry(bold(line.term), roff(line.text));
  }
  return in_example ? text + ".fi\n" : text;
}

bool has_title(const std::vector<Section>& sections, const std::string& title) {
  return std::any_of(sections.begin(), sections.end(),
                     [&title](const Section& section) { return section.title == title; });
}

std::string page_title(const CommandLine& program, const VerbSyntax& verb) {
  return program.name + "-" + verb.name;
}

// References to every page but the one they stand on.
std::string see_also(const CommandLine& program, const std::string& page) {
  std::vector<std::string> references;
  const auto add = [&](const std::string& title) {
    if (title != page) references.push_back(bold(title) + "(1)");
  };
  add(program.name);
  for (const auto& verb : program.verbs) add(page_title(program, verb));
  return fmt::format(".SH \"SEE ALSO\"\n{}\n", fmt::join(references, ",\n"));
}

}  // namespace

std::string roff(std::string_view text) {
  std::string escaped;
  if (text.starts_with('.')) escaped = "\\&";  // else a request; that ' is none is seen to below
  while (!text.empty()) {
    const auto letter = first_code_point(text).value_or(CodePoint{.value = U'?', .bytes = 1});
    text.remove_prefix(letter.bytes);
    switch (letter.value) {
      case U'\\':
        escaped += "\\[rs]";
        break;
      case U'"':
        escaped += "\\[dq]";
        break;
      case U'\'':
        escaped += "\\[aq]";
        break;
      case U'`':
        escaped += "\\[ga]";
        break;
      case U'^':
        escaped += "\\[ha]";
        break;
      case U'~':
        escaped += "\\[ti]";
        break;
      case U'-':
        escaped += "\\-";
        break;
      default:
        escaped += letter.value < 0x80
                       ? std::string(1, static_cast<char>(letter.value))
                       : fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(letter.value));
    }
  }
  return escaped;
}

std::string manual_file_name(const CommandLine& program, const VerbSyntax& verb) {
  return page_title(program, verb) + ".1";
}

std::string manual_page(const CommandLine& program) {
  const std::string prefix = program.name + " ";
  const std::string purpose =
      program.about.starts_with(prefix) ? program.about.substr(prefix.size()) : program.about;
  std::string page = beginning(program, program.name, purpose);
  page += fmt::format(".SH SYNOPSIS\n{} {} [{}] ...\n", bold(program.name), italic("VERB"),
                      italic("OPTIONS"));
  page += ".SH DESCRIPTION\n" + roff(program.about) + "\n" + paragraphs(program.sections);
  page += ".SH VERBS\n";
  for (const auto& verb : program.verbs) {
    page += entry(bold(page_title(program, verb)) + "(1)", roff(verb.summary));
  }
  page += options_section(program.options);
  for (const auto& section : program.sections) {
    if (!section.title.empty()) page += titled(section);
  }
  return page + see_also(program, program.name);
}

std::string manual_page(const CommandLine& program, const VerbSyntax& verb) {
  const std::string title = page_title(program, verb);
  std::string page = beginning(program, title, verb.summary);
  page +=
      fmt::format(".SH SYNOPSIS\n{} [{}]", bold(program.name + " " + verb.name), italic("OPTIONS"));
  for (const auto& positional : verb.positionals) page += " " + synopsis_of(positional);
  page += "\n.SH DESCRIPTION\n" + roff(verb.summary) + ".\n" + paragraphs(verb.sections);
  page += arguments_section(verb.positionals);
  page += options_section(verb.options);
  for (const auto& section : verb.sections) {
    if (!section.title.empty()) page += titled(section);
  }
  for (const auto& section : program.sections) {
    const bool shared = !section.title.empty() && section.title != "Examples";
    if (shared && !has_title(verb.sections, section.title)) page += titled(section);
  }
  return page + see_also(program, title);
}

}  // namespace wattfor::cli
