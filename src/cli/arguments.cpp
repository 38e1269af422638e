#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/help_text.h"
#include "cli/overview.h"
#include "cli/verb_arguments.h"

namespace wattfor::cli {
namespace {

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

void add_worker(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<WorkerOptions>();
  auto* verb = app.add_subcommand(
      "worker", "Be a worker of a sweep: requests on stdin, replies on stdout (worker protocol 1)");
  verb->add_option("runtime", options->runtime, "onnxruntime, or null (waits instead of computing)")
      ->required()
      ->check(CLI::IsMember({"onnxruntime", "null"}))
      ->type_name("RUNTIME");
  verb->footer("`wattfor sweep` starts this itself; docs/worker-protocol.md has the messages.");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_completion(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<CompletionOptions>();
  auto* verb = app.add_subcommand("completion", "Print a shell's completion of this command line");
  verb->add_option("shell", options->shell, "The shell to complete in")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->type_name("SHELL");
  verb->footer(
      "The Debian package and `make install` bring all three along.\n\n"
      "Switching it on by hand:\n"
      "  bash  in ~/.bashrc: source <(wattfor completion bash)\n"
      "  zsh   in ~/.zshrc, after compinit: source <(wattfor completion zsh)\n"
      "  fish  in ~/.config/fish/config.fish: wattfor completion fish | source");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_manual(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ManualOptions>();
  auto* verb = app.add_subcommand("manual", "Print a manual page, as roff for man");
  std::vector<std::string> verbs;
  for (const CLI::App* other : verbs_of(app)) verbs.push_back(other->get_name());
  auto* page = verb->add_option("verb", options->verb, "The verb to explain [the whole program]")
                   ->check(CLI::IsMember(verbs))
                   ->type_name("VERB");
  verb->add_option("--output", options->output, "Write every page into this folder")
      ->type_name("FOLDER")
      ->excludes(page);
  verb->footer(
      "Examples:\n"
      "  wattfor manual sweep | man -l -\n"
      "  wattfor manual --output ~/.local/share/man/man1");
  verb->callback([options, &chosen] { chosen = *options; });
}

// Reads the words of CLI11's option: "MS:INT in [1 - 60000]" is the value's name with what it is
// checked for, "NAME:{json,csv}" one with the set of its values.
Argument described(const CLI::Option& option) {
  Argument argument;
  if (option.get_positional()) {
    argument.names.push_back(option.get_name(true));
  } else {
    for (const auto& name : option.get_snames()) argument.names.push_back("-" + name);
    for (const auto& name : option.get_lnames()) argument.names.push_back("--" + name);
  }
  argument.help = unwrapped(option.get_description());
  if (option.get_items_expected_max() == 0) return argument;  // a flag

  const std::string type = option.get_type_name();
  const auto colon = std::min(type.find(':'), type.size());
  argument.value = type.substr(0, colon);
  offer_by_value(argument);
  std::string check = colon == type.size() ? "" : type.substr(colon + 1);
  if (check.starts_with('{') && check.ends_with('}')) {
    argument.choices = CLI::detail::split(check.substr(1, check.size() - 2), ',');
    argument.limits = fmt::format("{}", fmt::join(argument.choices, ", "));
  } else {
    if (const auto range = check.find(" in ["); range != std::string::npos) {
      check = check.substr(range + 5, check.size() - range - 6);
    }
    argument.limits = check;
  }
  argument.default_value = option.get_default_str();
  argument.required = option.get_required() || argument.offer == Offer::command;
  argument.repeats = option.get_items_expected_max() > 1;
  return argument;
}

std::vector<Argument> described(const std::vector<const CLI::Option*>& options) {
  std::vector<Argument> arguments;
  arguments.reserve(options.size());
  for (const CLI::Option* option : options) arguments.push_back(described(*option));
  return arguments;
}

std::vector<const CLI::Option*> named(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return !option->get_positional(); });
}

std::vector<const CLI::Option*> positional(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

void add_all(CLI::App& app, std::optional<Verb>& chosen) {
  app.description(about);
  app.name("wattfor");
  app.set_version_flag("--version", "wattfor " WATTFOR_VERSION, "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
  app.footer(below_the_verbs);
  app.require_subcommand(1);

  add_sensors(app, chosen);
  add_top(app, chosen);
  add_run(app, chosen);
  add_mark(app, chosen);
  add_runs(app, chosen);
  add_extrapolate(app, chosen);
  add_replay(app, chosen);
  add_sweep(app, chosen);
  add_rank(app, chosen);
  add_pick(app, chosen);
  add_compare(app, chosen);
  add_switch(app, chosen);
  add_score(app, chosen);
  add_footprint(app, chosen);
  add_analyze(app, chosen);
  add_predict(app, chosen);
  add_calibrate(app, chosen);
  add_simulate_verb(app, chosen);
  add_import(app, chosen);
  add_export(app, chosen);
  add_serve(app, chosen);
  add_publish(app, chosen);
  add_worker(app, chosen);
  add_completion(app, chosen);
  add_manual(app, chosen);  // the last: it takes the names of all
}

}  // namespace

std::variant<Verb, int> parse_arguments(int argc, char** argv, int width) {
  CLI::App app;
  std::optional<Verb> chosen;
  add_all(app, chosen);

  // What follows the first `--` of `run` belongs to the command, to the letter: a `--` of its own
  // too.
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto verbs = verbs_of(app);
  if (!words.empty() && !words.front().starts_with('-') &&
      std::none_of(verbs.begin(), verbs.end(),
                   [&words](const CLI::App* verb) { return verb->get_name() == words.front(); })) {
    std::cerr << "wattfor: there is no verb '" << words.front() << "'; wattfor --help lists them\n";
    return 2;
  }
  std::vector<std::string> command;
  if (!words.empty() && words.front() == "run") {
    const auto separator = std::find(words.begin(), words.end(), "--");
    if (separator != words.end()) {
      command.assign(separator + 1, words.end());
      words.erase(separator, words.end());
    }
  }

  try {
    std::reverse(words.begin(), words.end());  // the order that CLI11's parse(vector) takes
    app.parse(words);
    if (auto* run = std::get_if<RunOptions>(&*chosen)) {
      run->command.insert(run->command.end(), command.begin(), command.end());
      if (run->command.empty()) throw CLI::RequiredError("a COMMAND after --");
    }
  } catch (const CLI::CallForHelp&) {
    const CommandLine program = command_line();
    const auto asked = app.get_subcommands();
    if (asked.empty()) {
      std::cout << help_text(program, width);
      return 0;
    }
    const auto verb =
        std::ranges::find(program.verbs, asked.front()->get_name(), &VerbSyntax::name);
    std::cout << help_text(program, *verb, width);
    return 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return *chosen;
}

CommandLine command_line() {
  CLI::App app;
  std::optional<Verb> chosen;
  add_all(app, chosen);

  CommandLine line;
  line.name = app.get_name();
  line.version = WATTFOR_VERSION;
  line.about = unwrapped(app.get_description());
  line.options = described(named(app));
  line.sections = sections_of(app.get_footer());
  for (const CLI::App* verb : verbs_of(app)) {
    line.verbs.push_back({.name = verb->get_name(),
                          .summary = verb->get_description(),
                          .options = described(named(*verb)),
                          .positionals = described(positional(*verb)),
                          .sections = sections_of(verb->get_footer())});
  }
  return line;
}

}  // namespace wattfor::cli
