#include <fmt/format.h>

#include <utility>
#include <vector>

#include "cli/completion_script.h"
#include "cli/shell_quoting.h"

namespace wattfor::cli {
namespace {

// Nothing here is expanded a second time: compgen -W would run what stands in its words.
constexpr const char* bash_functions = R"(
_wattfor_words() {
    local word
    for word in "$@"; do
        [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
    done
}

# File names; with -d, folders.
_wattfor_files() {
    if declare -F _filedir >/dev/null; then
        _filedir "$@"
        return
    fi
    compopt -o filenames 2>/dev/null
    local name
    while IFS= read -r name; do
        COMPREPLY+=("$name")
    done < <(compgen "${1:--f}" -- "$cur")
}

# A command of its own that begins with the word of this number.
_wattfor_command() {
    if declare -F _command_offset >/dev/null; then
        _command_offset "$1"
    elif ((COMP_CWORD > $1)); then
        _wattfor_files
    else
        local name
        while IFS= read -r name; do
            COMPREPLY+=("$name")
        done < <(compgen -c -- "$cur")
    fi
}

_wattfor() {
    local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]}
    COMPREPLY=()
)";

constexpr const char* bash_words_of_an_option = R"(
    # Bash takes --option=value apart at the sign.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
)";

std::vector<std::string> names_of(const std::vector<Argument>& options) {
  std::vector<std::string> names;
  for (const auto& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

// What completes a value, as one line; empty where nothing is known of it.
std::string bash_offer(const Argument& argument) {
  std::vector<std::string> actions;
  if (!argument.choices.empty()) {
    actions.push_back("_wattfor_words " + shell_quoted(argument.choices));
  }
  if (argument.offer == Offer::files) actions.emplace_back("_wattfor_files");
  if (argument.offer == Offer::folders) actions.emplace_back("_wattfor_files -d");
  if (argument.offer == Offer::command) actions.emplace_back("_wattfor_words --");
  return fmt::format("{}", fmt::join(actions, "; "));
}

// The first word: a verb, or an option of the program.
std::string bash_first_word(const CommandLine& program) {
  std::vector<std::string> verbs;
  verbs.reserve(program.verbs.size());
  for (const auto& verb : program.verbs) verbs.push_back(verb.name);
  return fmt::format(R"(
    if ((COMP_CWORD == 1)); then
        if [[ $cur == -* ]]; then
            _wattfor_words {}
        else
            _wattfor_words {}
        fi
        return
    fi
)",
                     shell_quoted(names_of(program.options)), shell_quoted(verbs));
}

std::string bash_command_of(const VerbSyntax& verb) {
  return fmt::format(R"(
    if [[ $verb == {} ]]; then
        local i
        for ((i = 2; i < COMP_CWORD; i++)); do
            if [[ ${{COMP_WORDS[i]}} == -- ]]; then
                _wattfor_command $((i + 1))
                return
            fi
        done
    fi
)",
                     shell_quoted(verb.name));
}

std::string bash_values_of(const VerbSyntax& verb) {
  std::string cases;
  for (const auto& option : verb.options) {
    if (option.value.empty()) continue;
    std::vector<std::string> patterns;
    patterns.reserve(option.names.size());
    for (const auto& name : option.names) patterns.push_back(shell_quoted(verb.name + " " + name));
    const std::string offer = bash_offer(option);
    cases += fmt::format("        {}) {}return ;;\n", fmt::join(patterns, " | "),
                         offer.empty() ? "" : offer + "; ");
  }
  return cases;
}

// Where no option waits for its value: the options behind a dash, and where nothing else can stand.
std::string bash_arguments_of(const VerbSyntax& verb) {
  const std::string options = "_wattfor_words " + shell_quoted(names_of(verb.options));
  std::vector<std::string> offers;
  for (const auto& positional : verb.positionals) {
    if (auto offer = bash_offer(positional); !offer.empty()) offers.push_back(std::move(offer));
  }
  if (offers.empty()) {
    return fmt::format("        {}) {} ;;\n", shell_quoted(verb.name), options);
  }
  return fmt::format(R"(        {})
            if [[ $cur == -* ]]; then
                {}
            else
                {}
            fi ;;
)",
                     shell_quoted(verb.name), options, fmt::join(offers, "; "));
}

}  // namespace

std::string bash_completion(const CommandLine& program) {
  std::string script = "# bash completion of wattfor, as `wattfor completion bash` prints it.\n";
  script += bash_functions + bash_first_word(program);
  for (const auto& verb : program.verbs) {
    for (const auto& positional : verb.positionals) {
      if (positional.offer == Offer::command) script += bash_command_of(verb);
    }
  }
  script += bash_words_of_an_option;
  script += "    case \"$verb $before\" in\n";
  for (const auto& verb : program.verbs) script += bash_values_of(verb);
  script += "    esac\n    case $verb in\n";
  for (const auto& verb : program.verbs) script += bash_arguments_of(verb);
  return script + "    esac\n}\n\ncomplete -F _wattfor wattfor\n";
}

}  // namespace wattfor::cli
