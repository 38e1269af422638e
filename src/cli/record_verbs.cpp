#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/verb_arguments.h"
#include "response/default_profiles.h"

namespace wattfor::cli {
namespace {

// A titled section of a footer.
std::string profile_names() {
  std::string text = "Profiles:";
  for (const DefaultProfile& profile : default_profiles()) {
    text += fmt::format("\n  {}  {}", profile.name, profile.boards);
  }
  return text;
}

}  // namespace

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

void add_runs(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<RunsOptions>();
  auto* verb = app.add_subcommand("runs", "The runs that the store holds, or one of them in full");
  auto* runs =
      verb->add_option("runs", options->runs,
                       "Of these all that is known: an id, its beginning, a name, or job:ID [a "
                       "list of all]")
          ->type_name("RUN");
  verb->add_flag("--jobs", options->jobs,
                 "List what each job (of Slurm, torchrun, mpirun, $WATTFOR_JOB) took on all its "
                 "nodes")
      ->excludes(runs);
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON; of named runs the whole records");
  verb->footer(
      "A training on several nodes has a record on each. `job:ID` stands for their sum wherever a "
      "RUN is\nasked for: in runs, extrapolate, footprint and score.\n\n"
      "Examples:\n"
      "  wattfor runs\n"
      "  wattfor runs resnet50\n"
      "  wattfor runs --jobs\n"
      "  wattfor footprint job:4711\n"
      "  wattfor runs --json | jq '.[] | [.id, .energy_j]'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_extrapolate(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ExtrapolateOptions>();
  auto* verb =
      app.add_subcommand("extrapolate", "What a whole training takes, from its first epochs");
  verb->add_option("runs", options->runs,
                   "Tracked runs of one training: an id, its beginning, or a name")
      ->required()
      ->type_name("RUN");
  verb->add_option("--epochs", options->epochs,
                   "Of the whole training [as the runs told: epochs_total]")
      ->check(CLI::Range(1, 1'000'000'000))
      ->type_name("N");
  verb->add_option("--fraction", options->data_fraction,
                   "The share of the data that it trains on [1]")
      ->check(between(1e-9, 1.0))
      ->type_name("SHARE");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json,
                 "Answer as JSON, with the epochs and the fit's residuals");
  verb->footer(
      "Energy is linear in the epochs and in the share of the data: E = E0 + e·(s + f·v), with E0 "
      "what is\nused before the first epoch, s to start one, v for all the data. It is fitted to "
      "the "
      "epochs' own\nenergies; a warm-up among them counts once. The interval is that of the energy "
      "which one more\ntraining would take (95 %), the sensor's own error included; "
      "docs/training.md has the method.\n\n"
      "Two shares of the data or more (say 1 % and 10 %, three to five epochs of each) tell s from "
      "v. From\none share alone the answer for another lies between two, both given. One epoch is "
      "enough for an\nanswer, at an assumed variation.\n\n"
      "Examples:\n"
      "  wattfor run --set data_fraction=0.01 --name one -- ./train.sh\n"
      "  wattfor run --set data_fraction=0.1 --name ten -- ./train.sh\n"
      "  wattfor extrapolate one ten --epochs 90\n"
      "  wattfor extrapolate one ten --epochs 90 --json | jq .energy_j");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_score(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ScoreOptions>();
  auto* verb = app.add_subcommand("score", "What a training run's accuracy cost, as one number");
  verb->add_option("metric", options->metric, "sam, the Sustainable-Accuracy Metric")
      ->required()
      ->check(CLI::IsMember({"sam"}))
      ->type_name("sam");
  auto* runs = verb->add_option("runs", options->runs,
                                "Tracked runs: their accuracy, and the energy of all that made "
                                "the model; an id,\nits beginning, or a name")
                   ->type_name("RUN");
  auto* accuracy = verb->add_option("--accuracy", options->accuracy_percent, "The model's accuracy")
                       ->type_name("PERCENT");
  auto* kwh = verb->add_option("--kwh", options->kwh,
                               "Electricity to train it, pre-training included where there was any")
                  ->type_name("KWH");
  accuracy->needs(kwh)->excludes(runs);
  kwh->needs(accuracy)->excludes(runs);
  verb->add_option("--table", options->table,
                   "Rank the rows of a table of training runs instead (- for standard input), by "
                   "its\ncolumns accuracy_percent and train_kwh")
      ->excludes(accuracy)
      ->excludes(kwh)
      ->excludes(runs)
      ->type_name("FILE");
  add_db(verb, options->db);
  verb->add_option("--format", options->format,
                   "Of runs and of a table: text, markdown, latex or csv")
      ->check(CLI::IsMember({"text", "markdown", "latex", "csv"}))
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--alpha", options->alpha, "How much more the last percents count")
      ->type_name("NUMBER")
      ->capture_default_str();
  verb->add_option("--beta", options->beta, "The scale; it changes no order")
      ->type_name("NUMBER")
      ->capture_default_str();
  verb->add_flag("--log1p", options->log1p,
                 "log10(1 + kWh) instead: defined for small runs too, where it is another score");
  verb->add_flag("--equivalents", options->equivalents,
                 "And what the electricity is in everyday things (docs/equivalents.md)");
  verb->add_flag("--json", options->json, "Answer as JSON");
  verb->footer(
      "SAM = beta · a^alpha / log10(kWh), a the accuracy as a share (80 % is 0.8); more is better. "
      "It has\nno unit and no meaning by itself: it compares runs of one batch size on like "
      "hardware, of which\nthe same data is asked.\n\n"
      "Where it means nothing:\n"
      "  at or below 1 kWh  the logarithm is zero or negative: refused, with the reason\n"
      "  below 10 kWh       the logarithm hands out the score (80 % at 1.01 kWh has 379): a "
      "warning\n"
      "  a mixed table      of batch sizes, hardware or data sets: a warning\n\n"
      "The electricity is that of training alone, tests not counted, as the tables of the study "
      "show that\ndefined it; docs/datasets.md describes the columns, and docs/data has those "
      "tables.\n\n"
      "Of a run the electricity is that of all that made the model: what it was built on is in it, "
      "whole or\nshared, tests are not (`wattfor footprint`).\n\n"
      "Examples:\n"
      "  wattfor score sam resnet50 vit-b --format latex\n"
      "  wattfor score sam --accuracy 80.2 --kwh 67.9\n"
      "  wattfor score sam --accuracy 80.2 --kwh 67.9 --equivalents\n"
      "  wattfor score sam --table docs/data/training-study.csv\n"
      "  wattfor score sam --table - --log1p --json < runs.csv | jq '.rows[0].model'");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_simulate_verb(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<SimulateOptions>();
  auto* verb =
      app.add_subcommand("simulate", "How wrong a power sensor is about a load that is known");
  verb->add_option("device", options->spec,
                   "A simulated device, as docs/simulation.md describes it [a board whose gauge "
                   "looks at\n25 of every 100 ms, under a load that keeps step with it]")
      ->type_name("FILE");
  verb->add_option("--sensor", options->sensor, "Which of its gauges [the first]")->type_name("ID");
  verb->add_option("--windows", options->windows, "Stretches of work; of each period")
      ->check(CLI::Range(1, 10000))
      ->type_name("N")
      ->capture_default_str();
  verb->add_option("--window-seconds", options->window_seconds, "How long each of them lasts")
      ->check(between(0.001, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--idle-seconds", options->idle_seconds, "Idle before, between and after them")
      ->check(between(0.0, 3600.0))
      ->type_name("S")
      ->capture_default_str();
  verb->add_option("--interval-ms", options->interval_ms, "Between two reads of the gauge")
      ->check(CLI::Range(1, 60000))
      ->type_name("MS")
      ->capture_default_str();
  verb->add_option("--seed", options->seed, "Of all that is random [the device's]")
      ->check(not_negative())
      ->type_name("N");
  auto* periods = verb->add_option(
      "--periods-ms", options->periods_ms,
      "Give the errors at each of these periods of a `square` or `training` load:\n"
      "20:250:10,90,110 is 20 to 250 in steps of 10, and two more, which the picture names");
  periods->type_name("LIST");
  const auto add_file = [&](const char* name, std::optional<std::string>& file, const char* help) {
    verb->add_option(name, file, help)->excludes(periods)->type_name("FILE");
  };
  add_file("--log", options->log, "Write what nvidia-smi would have logged, for replay, calibrate");
  add_file("--marks", options->marks, "Write the windows' begins and ends, likewise");
  add_file("--profile", options->profile, "Write how the gauge responds, for replay --profile");
  add_file("--truth", options->truth, "Write the true energies: CSV of start_us,end_us,energy_j");
  verb->add_option("--svg", options->svg,
                   "Draw the first window as the gauge saw it, or the errors over the periods")
      ->type_name("FILE");
  verb->add_flag("--json", options->json, "Answer as JSON on standard output");
  verb->footer(
      "For each window: what truly flowed, the usual integral (naive), and what `wattfor replay` "
      "makes\n"
      "of the same log with the gauge's own profile, its gain unknown. Nothing is waited for and "
      "nothing\n"
      "is measured; a seed gives the same answer each time.\n\n"
      "Examples:\n"
      "  wattfor simulate --svg window.svg\n"
      "  wattfor simulate my-board.json --windows 40 --window-seconds 1\n"
      "  wattfor simulate --windows 30 --periods-ms 20:250:10 --svg periods.svg\n"
      "  wattfor simulate --log gpu.csv --marks marks.csv --profile gauge.json --truth truth.csv");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_import(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<ImportOptions>();
  auto* verb = app.add_subcommand(
      "import", "Bring records, accuracies, training runs or published figures into the store");
  verb->add_option("what", options->what,
                   "FILE as `wattfor export` writes it (JSON), or a kind and what it is read from: "
                   "accuracy FILE,\ntraining FILE, codecarbon FILE, study DIR, timm DIR")
      ->required()
      ->expected(1, 2)
      ->type_name("[accuracy|training|codecarbon|study|timm] FILE");
  add_db(verb, options->db);
  verb->add_flag("--json", options->json, "Answer as JSON: what was read, left out and new");
  verb->footer(
      "One transaction, and again without doubling anything. A row that can't be used is left out "
      "and named\nwith its line; nothing is guessed, and what is empty is unknown.\n\n"
      "Kinds:\n"
      "  accuracy    columns model, input_size, test_set, top1_percent, top5_percent; whole or not "
      "at all\n"
      "  training    a run a row: model, train_kwh, accuracy_percent, … (docs/datasets.md)\n"
      "  codecarbon  emissions.csv as CodeCarbon writes it: a record a run\n"
      "  study       the folder of the inference study's data set: energies of four setups, "
      "accuracies,\n              model statistics\n"
      "  timm        the results folder of timm: accuracies, counts, and throughput with energy as "
      "the\n              device's power limit tells it (modelled)\n\n"
      "Examples:\n"
      "  wattfor import accuracy models/digits/accuracy.csv\n"
      "  wattfor import records.json\n"
      "  wattfor import study DL-Inference-Energy-Efficiency/data\n"
      "  wattfor import timm pytorch-image-models/results\n"
      "  wattfor import training docs/data/training-study.csv\n"
      "  wattfor rank --setup A100_TRT --top 20");
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

}  // namespace wattfor::cli
