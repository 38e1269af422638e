#include <fmt/format.h>

#include "cli/completion_script.h"
#include "cli/shell_quoting.h"

namespace wattfor::cli {
namespace {

constexpr const char* fish_functions = R"(
# The words so far are those of this verb, and not yet those of a command behind --.
function __wattfor_verb
    set -l words (commandline -opc)
    test "$words[2]" = "$argv[1]"; and not contains -- -- $words
end

function __wattfor_no_verb
    test (count (commandline -opc)) -eq 1
end

function __wattfor_command
    contains -- -- (commandline -opc)
end

# What a command of its own, behind --, is completed with.
function __wattfor_complete_command
    set -l words (commandline -opc)
    set -e words[1..(contains -i -- -- $words)]
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end

complete -c wattfor -f
)";

// fish reads the words of -a as a line of its own: quoted once for that, once for this line.
std::string fish_words(const std::vector<std::string>& choices) {
  std::string words;
  for (const auto& choice : choices) words += (words.empty() ? "" : " ") + fish_quoted(choice);
  return fish_quoted(words);
}

// The arguments of `complete` for a value: -F lets file names in again, -x keeps them out.
std::string fish_offer(const Argument& argument) {
  std::string text;
  if (argument.offer == Offer::files) text += " -F";
  if (argument.offer == Offer::folders) text += " -a '(__fish_complete_directories)'";
  if (argument.offer == Offer::command) text += " -a --";
  if (!argument.choices.empty()) text += " -a " + fish_words(argument.choices);
  return text;
}

std::string fish_option(const std::string& condition, const Argument& option) {
  std::string text = "complete -c wattfor -n " + fish_quoted(condition);
  for (const auto& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) {
    text += option.offer == Offer::files ? " -r" : " -x";
    text += fish_offer(option);
  }
  return text + " -d " + fish_quoted(option.help) + "\n";
}

}  // namespace

std::string fish_completion(const CommandLine& program) {
  std::string script = "# fish completion of wattfor, as `wattfor completion fish` prints it.\n";
  script += fish_functions;
  script += "complete -c wattfor -n __wattfor_command -a '(__wattfor_complete_command)'\n";
  for (const auto& option : program.options) script += fish_option("__wattfor_no_verb", option);
  for (const auto& verb : program.verbs) {
    script += fmt::format("\ncomplete -c wattfor -n __wattfor_no_verb -a {} -d {}\n",
                          fish_words({verb.name}), fish_quoted(verb.summary));
    const std::string condition = "__wattfor_verb " + fish_quoted(verb.name);
    for (const auto& positional : verb.positionals) {
      const std::string offer = fish_offer(positional);
      if (!offer.empty()) {
        script += "complete -c wattfor -n " + fish_quoted(condition) + offer + "\n";
      }
    }
    for (const auto& option : verb.options) script += fish_option(condition, option);
  }
  return script;
}

}  // namespace wattfor::cli
