#include <fmt/format.h>

#include "cli/completion_script.h"
#include "cli/shell_quoting.h"

namespace wattfor::cli {
namespace {

// The text with a backslash before each of the letters that _arguments reads itself.
std::string zsh_escaped(std::string_view text, std::string_view letters) {
  std::string escaped;
  for (const char letter : text) {
    if (letters.find(letter) != std::string_view::npos) escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

// ":message:action" of a value. A blank alone shows the message; one before a function keeps
// _arguments from handing it options of its own.
std::string zsh_offer(const Argument& argument) {
  std::string words;
  for (const auto& choice : argument.choices) {
    words += (words.empty() ? "" : " ") + shell_quoted(choice);
  }
  std::string action = " ";
  if (argument.offer == Offer::folders) action = "_files -/";
  if (argument.offer == Offer::files) action = "_files";
  if (!words.empty()) {
    action =
        argument.offer == Offer::files
            ? " _alternative " + shell_quoted("words:word:(" + words + ")") + " files:file:_files"
            : "(" + words + ")";
  }
  return ":" + zsh_escaped(argument.value, ":") + ":" + zsh_escaped(action, ":");
}

// A line of _arguments for each name; an option that does not repeat is offered once, by one name.
std::string zsh_option(const Argument& option) {
  const std::string again =
      option.repeats ? "*" : fmt::format("({})", fmt::join(option.names, " "));
  const std::string sign = option.value.empty() ? "" : "=";
  const std::string about = "[" + zsh_escaped(option.help, "[]:\\") + "]";
  const std::string value = option.value.empty() ? "" : zsh_offer(option);
  std::string lines;
  for (const auto& name : option.names) {
    const std::string specification = fmt::format("{}{}{}{}{}", again, name, sign, about, value);
    lines += " \\\n        " + shell_quoted(specification);
  }
  return lines;
}

std::string zsh_positional(const Argument& positional) {
  std::string specification = positional.repeats ? "*" : "";
  if (positional.offer == Offer::command) {
    specification = "*::" + zsh_escaped(positional.value, ":") + ": _wattfor_command";
  } else {
    specification += zsh_offer(positional);
  }
  return " \\\n        " + shell_quoted(specification);
}

std::string zsh_verb(const VerbSyntax& verb) {
  std::string text = fmt::format("    ({})\n      _arguments -S", shell_quoted(verb.name));
  for (const auto& option : verb.options) text += zsh_option(option);
  for (const auto& positional : verb.positionals) text += zsh_positional(positional);
  return text + " && found=0\n      ;;\n";
}

}  // namespace

std::string zsh_completion(const CommandLine& program) {
  std::string script =
      "#compdef wattfor\n"
      "# zsh completion of wattfor, as `wattfor completion zsh` prints it.\n\n"
      "# A command of its own; where -- comes first, _arguments leaves it among the words.\n"
      "_wattfor_command() {\n"
      "  if [[ $words[1] == -- ]]; then\n"
      "    shift words\n"
      "    ((CURRENT--))\n"
      "  fi\n"
      "  _normal\n"
      "}\n\n"
      "_wattfor() {\n"
      "  local curcontext=$curcontext state line found=1\n"
      "  typeset -A opt_args\n"
      "  local -a verbs\n"
      "  verbs=(\n";
  for (const auto& verb : program.verbs) {
    script += "    " + shell_quoted(zsh_escaped(verb.name, ":") + ":" + verb.summary) + "\n";
  }
  script += "  )\n  _arguments -C";
  for (const auto& option : program.options) script += zsh_option(option);
  script +=
      " \\\n        '1: :->verb' '*:: :->arguments' && found=0\n"
      "  case $state in\n"
      "  (verb) _describe -t verbs verb verbs && found=0 ;;\n"
      "  (arguments)\n"
      "    curcontext=${curcontext%:*}-$line[1]:\n"
      "    case $line[1] in\n";
  for (const auto& verb : program.verbs) script += zsh_verb(verb);
  // As a file of fpath it is the function's body at first; sourced, it declares what it completes.
  return script +
         "    esac ;;\n"
         "  esac\n"
         "  return found\n"
         "}\n\n"
         "if [[ $funcstack[1] == _wattfor ]]; then\n"
         "  _wattfor \"$@\"\n"
         "else\n"
         "  compdef _wattfor wattfor\n"
         "fi\n";
}

}  // namespace wattfor::cli
