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
#include "response/default_profiles.h"

namespace wattfor::cli {
namespace {

// Neither NaN, which passes CLI11's own range, nor anything outside.
CLI::Validator between(double least, double most) {
  const auto refuse = [least, most](const std::string& text) -> std::string {
    double value = 0.0;
    const bool inside = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
    return inside ? "" : fmt::format("'{}' is not between {} and {}", text, least, most);
  };
  return CLI::Validator(refuse, fmt::format("{:g} - {:g}", least, most));
}

CLI::Validator not_negative() {
  return CLI::Validator(
      [](const std::string& text) {
        return text.starts_with('-') ? "'" + text + "' is negative" : "";
      },
      "");
}

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

void add_db(CLI::App* verb, std::optional<std::string>& db) {
  verb->add_option("--db", db, "The store's file [$WATTFOR_DB, else the XDG data folder]")
      ->type_name("FILE");
}

void add_simulate(CLI::App* verb, std::optional<std::string>& file) {
  verb->add_option("--simulate", file,
                   "Meter the simulated device that this JSON file describes instead of this "
                   "machine's;\nits figures have the basis `simulated` (docs/simulation.md)")
      ->type_name("FILE");
}

// A titled section of a footer.
std::string profile_names() {
  std::string text = "Profiles:";
  for (const DefaultProfile& profile : default_profiles()) {
    text += fmt::format("\n  {}  {}", profile.name, profile.boards);
  }
  return text;
}

void add_meters(CLI::App* verb, std::vector<std::string>& meters) {
  verb->add_option("--meter", meters,
                   "A meter of the whole machine at its plug: csv:FILE, redfish:URL, ipmi or "
                   "shelly:URL; may be given again")
      ->type_name("SPEC")
      ->allow_extra_args(false);
}

void add_sensors(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<SensorsOptions>();
  auto* verb = app.add_subcommand("sensors", "What can be read here, and how to unlock the rest");
  verb->add_flag("--json", options->json, "Answer as JSON on standard output");
  verb->add_flag("--probe", options->probe,
                 "Read each sensor for half a second: how often it changes, and what it says now");
  add_simulate(verb, options->simulate);
  add_meters(verb, options->meters);
  verb->footer(
      "Examples:\n"
      "  wattfor sensors\n"
      "  wattfor sensors --probe --json | jq '.sensors[].id'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_top(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<TopOptions>();
  auto* verb = app.add_subcommand("top", "Power now and energy so far, live");
  verb->add_option("--interval", options->interval_seconds, "Between two pictures")
      ->check(between(0.1, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  auto* samples =
      verb->add_option("--samples", options->samples, "End after so many pictures; not with --once")
          ->check(CLI::Range(1, 1 << 30))
          ->type_name("N");
  verb->add_flag("--once", options->once, "Print one picture after one interval and end")
      ->excludes(samples);
  verb->add_flag("--json", options->json, "One JSON object a line and interval on standard output");
  add_meters(verb, options->meters);
  verb->footer(
      "Keys: q quits, + and - change the interval, p holds the picture, r counts energies from "
      "zero,\n"
      "n shows all notes, arrows scroll, ? explains the picture. Where standard output is no "
      "terminal,\n"
      "or a dumb one, a picture is printed each interval.\n\n"
      "Each figure says whether it is measured, modelled or missing; power is the mean over the "
      "latest\n"
      "interval, whose sensors are waited for at most a second. The processes are those that use "
      "the\n"
      "devices and the processors; energy is not divided among them, as no sensor tells who used "
      "it.\n\n"
      "Examples:\n"
      "  wattfor top\n"
      "  wattfor top --once\n"
      "  wattfor top --json --samples 60 | jq '.total.power_w'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_run(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<RunOptions>();
  auto* verb = app.add_subcommand("run", "The energy of any command");
  verb->add_option("--name", options->name, "What to call the record [the command]")
      ->type_name("TEXT");
  verb->add_option("--interval-ms", options->interval_ms, "Between two samples of a device")
      ->check(CLI::Range(1, 60000))
      ->type_name("MS")
      ->capture_default_str();
  verb->add_option("--idle-seconds", options->idle_seconds,
                   "Measure idle power this long before the command; 0 switches net energy off")
      ->check(between(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--json", options->json_file, "Write the record as JSON to this file")
      ->type_name("FILE");
  verb->add_option("--trace", options->trace_file, "Write every sample as CSV to this file")
      ->type_name("FILE");
  add_simulate(verb, options->simulate);
  add_meters(verb, options->meters);
  add_db(verb, options->db);
  verb->add_option("command", options->command, "The command and its arguments, after --")
      ->type_name("COMMAND...");
  verb->footer(
      "The command's standard streams and exit status pass through untouched; the summary comes\n"
      "on stderr. Ctrl-C reaches the command; INT, TERM, HUP, QUIT, USR1, USR2, ALRM, VTALRM, "
      "PROF\n"
      "and XCPU are handed on to it, so that one sent to the whole process group reaches it "
      "twice.\n"
      "The record is written in any case.\n\n"
      "Exit status:\n"
      "  126    the command is not executable\n"
      "  127    there is no such command\n"
      "  other  the command's own; 1 and 2 are wattfor's where the command was never started\n\n"
      "Examples:\n"
      "  wattfor run -- python train.py --epochs 3\n"
      "  wattfor run --meter redfish:https://bmc -- python train.py\n"
      "  wattfor run --name resnet50 --json energy.json -- ./infer model.onnx");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_replay(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ReplayOptions>();
  auto* verb = app.add_subcommand("replay", "The energy of marked stretches of an nvidia-smi log");
  verb->add_option("--log", options->log, "What nvidia-smi --query-gpu=… --format=csv wrote")
      ->required()
      ->type_name("FILE");
  verb->add_option("--marks", options->marks,
                   "CSV with the columns start_us,end_us, in microseconds since 1970")
      ->required()
      ->type_name("FILE");
  verb->add_option("--profile", options->profile,
                   "How the sensor responds: a profile's file, or a default's name "
                   "[that of the board in the log's column `name`]")
      ->type_name("FILE|NAME");
  verb->add_option("--column", options->column,
                   "The log's column of watts [power.draw.instant, power.draw.average or "
                   "power.draw]")
      ->type_name("NAME");
  verb->add_option("--gpu", options->gpu,
                   "Its index, uuid, pci.bus_id or name [the only one in the log]")
      ->type_name("ID");
  verb->add_option("--idle-padding-s", options->idle_padding_s,
                   "How long beside a window tells the power there, where nothing is marked")
      ->check(between(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--utc-offset", options->utc_offset_hours,
                   "The log's clock less UTC [found from where power goes with the marks]")
      ->check(between(-12.0, 14.0))
      ->type_name("HOURS");
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "For each mark: the usual integral (naive), the energy corrected for how the sensor looks "
      "back\n"
      "and away, with its 95 % interval, and that for comparison with others of the same "
      "board.\n\n" +
      profile_names() +
      "\n\n"
      "Examples:\n"
      "  wattfor replay --log gpu.csv --marks marks.csv\n"
      "  wattfor replay --log gpu.csv --marks marks.csv --profile a100-instant --utc-offset 5.5\n"
      "  wattfor replay --log gpu.csv --marks marks.csv --gpu 1 --json | jq "
      "'.windows[].energy_j'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_sweep(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<SweepOptions>();
  auto* verb = app.add_subcommand("sweep", "Energy per image of models over batch sizes");
  verb->add_option("models", options->models, "Model files")->required()->type_name("FILE");
  verb->add_option(
          "--worker", options->worker,
          "The runtime: onnxruntime, null, or wattfor-worker-NAME beside the program or on "
          "the PATH")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--runtime-library", options->runtime_library,
                   "The runtime's shared library [found in the environment, .venv, the system]")
      ->type_name("FILE");
  verb->add_option("--device", options->device, "Where to run")
      ->type_name("DEVICE")
      ->capture_default_str();
  verb->add_option("--precision", options->precision, "Of the arithmetic")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--threads", options->threads,
                   "Of the runtime; 0: as many as the processors that it may use")
      ->check(CLI::Range(0, 4096))
      ->type_name("N")
      ->capture_default_str();
  verb->add_option(
          "--protocol", options->protocol,
          "adaptive: until the interval is narrow enough; study: the published procedure,\n"
          "three runs of more than 10 s for each batch size")
      ->check(CLI::IsMember({"adaptive", "study"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option(
          "--batch-sizes", options->batch_sizes,
          "A list such as 1,8,64, measured whole; auto: 1, 2, 4, … , leaving out sizes that "
          "can't win")
      ->type_name("LIST|auto")
      ->capture_default_str();
  verb->add_option("--batch-max", options->batch_max,
                   "The largest batch size tried [1024 on a CPU]")
      ->check(CLI::Range(1, 1 << 24))
      ->type_name("N");
  verb->add_option("--replicates", options->replicates,
                   "Independent runs of a cell [adaptive: as many as it takes; study: 3]")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  verb->add_option_function<std::string>(
          "--target",
          [options](const std::string& text) {
            std::string number = text;
            if (!number.empty() && number.back() == '%') number.pop_back();
            if (!CLI::detail::lexical_cast(number, options->target_percent) ||
                !(options->target_percent > 0.0 && options->target_percent <= 100.0)) {
              throw CLI::ValidationError("--target", "'" + text + "' is no percentage, e.g. 1%");
            }
          },
          "adaptive: the 95 % half-width of energy per image to reach [1%]")
      ->type_name("PERCENT");
  verb->add_option("--max-seconds", options->max_seconds,
                   "adaptive: the bound on a cell [3 on a CPU, else 15]")
      ->check(between(0.01, 1e6))
      ->type_name("S");
  verb->add_option("--idle-seconds", options->idle_seconds,
                   "Measure idle power this long before the first cell; 0 switches net energy off")
      ->check(between(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--worker-timeout", options->worker_timeout_s,
                   "A worker silent for longer is given up")
      ->check(between(0.1, 1e6))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--seed", options->seed, "Of the random inputs")
      ->check(not_negative())
      ->type_name("N")
      ->capture_default_str();
  verb->add_flag("--retry-failed", options->retry_failed, "Try cells again that failed before");
  add_simulate(verb, options->simulate);
  add_meters(verb, options->meters);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer with the sweep's records as JSON");
  verb->footer(
      "A sweep that was interrupted and is started again with the same words goes on where it "
      "stopped.\n"
      "A cell that fails is recorded with its reason and never stops the sweep; the status is then "
      "1.\n\n"
      "Examples:\n"
      "  wattfor sweep models/digits/*.onnx\n"
      "  wattfor sweep resnet50.onnx --threads 4 --batch-sizes 1,8,32 --target 0.5%");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_rank(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<RankOptions>();
  auto* verb = app.add_subcommand("rank", "Most accuracy for the least energy");
  verb->add_option("--setup", options->setup,
                   "Device, runtime and precision to rank on [the only one there is]")
      ->type_name("ID");
  verb->add_option(
          "--score", options->score,
          "manhattan: 100 − (W·E/N·100 + (1−W)·(100−A)), N the greatest energy of the setup;\n"
          "efficiency: A/E, percent per joule, to be used with --min-accuracy")
      ->check(CLI::IsMember({"efficiency", "manhattan"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--weight", options->weight, "W: how much energy counts in manhattan")
      ->type_name("0…1")
      ->capture_default_str();
  verb->add_option("--min-accuracy", options->min_accuracy_percent,
                   "Leave out less accurate models")
      ->type_name("PERCENT");
  verb->add_option("--max-energy-j", options->max_energy_j,
                   "Leave out models that need more than this an image")
      ->type_name("J");
  verb->add_option("--test-set", options->test_sets,
                   "Accuracy on this set; given again, the mean over the sets "
                   "[imagenet-original, or the only one there is]")
      ->type_name("NAME");
  verb->add_option("--top", options->top, "Show the first N only")->type_name("N");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "Examples:\n"
      "  wattfor rank\n"
      "  wattfor rank --score efficiency --min-accuracy 95 --top 10\n"
      "  wattfor rank --weight 0.3 --json | jq '.rows[0].model'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_calibrate(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<CalibrateOptions>();
  auto* verb = app.add_subcommand("calibrate", "How a power sensor responds");
  auto* log = verb->add_option("--log", options->log,
                               "From a recording instead of a load of its own: nvidia-smi "
                               "--query-gpu=timestamp,power.draw.instant\n--format=csv -lms 5, "
                               "while a load went on and off");
  log->type_name("FILE");
  verb->add_option("--sensor", options->sensor,
                   "Which one, as `wattfor sensors` names it [the first power gauge]")
      ->excludes(log)
      ->type_name("ID");
  verb->add_option("--steps", options->steps, "Times the load goes on and off, 1.2 s each")
      ->excludes(log)
      ->check(CLI::Range(10, 10000))
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--share", options->share,
                   "Of the processors, or of the GPU's multiprocessors, that the load keeps busy")
      ->excludes(log)
      ->check(between(0.01, 1.0))
      ->type_name("0…1")
      ->capture_default_str();
  add_simulate(verb, options->simulate);
  add_meters(verb, options->meters);
  verb->add_option("--column", options->column,
                   "Of the log [power.draw.instant, .average or power.draw]")
      ->type_name("NAME");
  verb->add_option("--gpu", options->gpu,
                   "Where the log has several: index, uuid, pci.bus_id or name")
      ->type_name("ID");
  verb->add_option("--reference", options->reference,
                   "For gain and offset. Of a log, a meter's readings meanwhile: CSV with time_us "
                   "(since 1970)\nand power_w; else another sensor, beside which six levels of the "
                   "load are held")
      ->type_name("FILE|ID");
  verb->add_option("--marks", options->marks,
                   "When the load ran: CSV with start_us and end_us (since 1970)")
      ->type_name("FILE");
  verb->add_option("--utc-offset", options->utc_offset_hours,
                   "What the log's clock is ahead of UTC [found by comparing]")
      ->check(between(-12.0, 14.0))
      ->type_name("HOURS");
  verb->add_option("--output", options->output, "Write the sensor's profile to this file")
      ->type_name("FILE");
  verb->add_option("--svg", options->svg, "Draw the response to a step into this file")
      ->type_name("FILE");
  verb->add_flag(
          "--no-store", options->no_store,
          "Leave no profile behind: what was found of this machine's sensor is used by every "
          "later\nmeasurement otherwise")
      ->excludes(log);
  verb->add_flag("--json", options->json, "Answer as JSON on standard output");
  verb->footer(
      "Each figure has its standard error; what a recording can't tell is left out, with the "
      "reason. "
      "A\n"
      "reference tells most, then marks; from the log alone follow the update period and "
      "responses\n"
      "slower than three updates. docs/calibration.md explains how, and how to record.\n\n"
      "Without --log a load of wattfor's own goes on and off beside the sensor, on the processors "
      "or,\n"
      "through CUDA's driver, on the NVIDIA GPU that the sensor is of: stop other work first. The\n"
      "profile is stored by device, driver and field: after another driver is installed, calibrate "
      "again.\n\n"
      "Exit status:\n"
      "  0  the update period at least is told\n"
      "  1  nothing is, or a file that was asked for could not be made\n\n"
      "Examples:\n"
      "  wattfor calibrate --output profile.json --svg step.svg\n"
      "  wattfor calibrate --meter shelly:10.0.0.7 --reference shelly:10.0.0.7:power\n"
      "  wattfor calibrate --log gpu.csv --marks load.csv\n"
      "  wattfor calibrate --log gpu.csv --reference meter.csv --output profile.json --svg "
      "step.svg");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_import(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ImportOptions>();
  auto* verb = app.add_subcommand("import", "Bring records or accuracies into the store");
  verb->add_option("what", options->what,
                   "FILE as `wattfor export` writes it (JSON), or: accuracy FILE.csv")
      ->required()
      ->expected(1, 2)
      ->type_name("[accuracy] FILE");
  add_db(verb, options->db);
  verb->footer(
      "An accuracy table has the columns model, input_size, test_set, top1_percent, top5_percent;\n"
      "an empty cell is unknown. A file is imported whole or not at all, and again without "
      "doubling\n"
      "anything.\n\n"
      "Examples:\n"
      "  wattfor import accuracy models/digits/accuracy.csv\n"
      "  wattfor import records.json");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_export(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  auto* verb = app.add_subcommand("export", "Write all records as JSON or CSV");
  verb->add_option("--format", options->format, "json or csv")
      ->check(CLI::IsMember({"json", "csv"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--output", options->output, "Write to this file [standard output]")
      ->type_name("FILE");
  add_db(verb, options->db);
  verb->footer(
      "JSON holds the whole of each record and can be imported; of a text only bytes that are not\n"
      "UTF-8 are replaced. CSV holds the scalar columns.\n\n"
      "Examples:\n"
      "  wattfor export > records.json\n"
      "  wattfor export --format csv --output records.csv");
  verb->callback([options, &chosen] { chosen = *options; });
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
  add_replay(app, chosen);
  add_sweep(app, chosen);
  add_rank(app, chosen);
  add_calibrate(app, chosen);
  add_import(app, chosen);
  add_export(app, chosen);
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
