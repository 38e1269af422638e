#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "cli/verb_arguments.h"

namespace wattfor::cli {

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
  verb->add_option("--set", options->facts,
                   "A fact of the training that it is, in the words below; may be given often")
      ->allow_extra_args(false)
      ->type_name("WORD=VALUE");
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
      "The command may say where its epochs and other windows begin and end: `wattfor mark "
      "--help`. "
      "Its\nrecord then has the energy of each, and `wattfor extrapolate` tells from the first "
      "what "
      "all take.\n\n"
      "Facts:\n"
      "  model, task, dataset, metric  names\n"
      "  epochs_total=N                as planned, of the whole training\n"
      "  data_fraction=SHARE           of the data that is trained on: 0.01 is 1 %\n"
      "  batch_size=N                  samples in a step\n"
      "  accuracy=SHARE                0.761; or accuracy_percent=76.1\n"
      "  phase=NAME                    training, pre-training, fine-tuning, testing\n"
      "  builds_on=ID[:N]              the record of what it was pre-trained by, shared over N "
      "uses\n\n"
      "Exit status:\n"
      "  126    the command is not executable\n"
      "  127    there is no such command\n"
      "  other  the command's own; 1 and 2 are wattfor's where the command was never started\n\n"
      "Examples:\n"
      "  wattfor run -- python train.py --epochs 3\n"
      "  wattfor run --meter redfish:https://bmc -- python train.py\n"
      "  wattfor run --name resnet50 --json energy.json -- ./infer model.onnx\n"
      "  wattfor run --set model=resnet50 --set data_fraction=0.01 -- ./train.sh");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_mark(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<MarkOptions>();
  auto* verb =
      app.add_subcommand("mark", "Say, under `wattfor run`, where an epoch or a window ends");
  verb->add_option("mark", options->words, "What to mark, in the words below")
      ->required()
      ->type_name("MARK...");
  verb->footer(
      "Marks:\n"
      "  epoch [N]              epoch N ends here; it began where the one before ended\n"
      "  begin epoch [N]        where an epoch begins, where something lies between two\n"
      "  end epoch              its end\n"
      "  begin NAME, end NAME   a window of any name; windows nest and overlap\n"
      "  step [N]               N steps are done since the run began; without N, one more\n"
      "  set WORD=VALUE...      facts of the training (`wattfor run --help`)\n\n"
      "The time of a mark is that of this call's end; from a program of yours, one such line to "
      "the "
      "Unix\nsocket that $WATTFOR_MARKS names is faster, and is answered `ok` or `error: …`.\n\n"
      "Outside of `wattfor run` it does nothing, says so on standard error, and succeeds: a script "
      "runs\nwith and without.\n\n"
      "Examples:\n"
      "  for epoch in 1 2 3; do ./train_epoch.sh; wattfor mark epoch $epoch; done\n"
      "  wattfor mark begin validation; ./validate.sh; wattfor mark end validation\n"
      "  wattfor mark set accuracy=0.761 dataset=ImageNet\n"
      "  echo epoch | socat - UNIX-CONNECT:$WATTFOR_MARKS");
  verb->callback([options, &chosen] { chosen = *options; });
}

void add_sweep(CLI::App& app, std::optional<Verb>& chosen) {
  const auto options = std::make_shared<SweepOptions>();
  auto* verb = app.add_subcommand("sweep", "Energy per image of models over batch sizes");
  verb->add_option("models", options->models,
                   "Model files, or names that the worker knows, e.g. timm:resnet50")
      ->required()
      ->type_name("FILE");
  verb->add_option(
          "--worker", options->worker,
          "The runtime: onnxruntime, torch, null, or wattfor-worker-NAME beside the program or on "
          "the PATH")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--runtime-library", options->runtime_library,
                   "The runtime's shared library [found in the environment, .venv, the system]")
      ->type_name("FILE");
  verb->add_option("--mode", options->mode,
                   "How the runtime runs a model; torch: eager, compile, cuda-graphs, tensorrt")
      ->type_name("NAME");
  verb->add_option("--worker-option", options->worker_options,
                   "What else the worker takes, e.g. channels_last=true; again for each")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--device", options->device,
                   "Where to run, e.g. cuda:0; of onnxruntime also tensorrt:0")
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
  verb->add_option(
          "--worker-timeout", options->worker_timeout_s,
          "A worker silent for longer is given up [60; with --mode or TensorRT, which may compile, "
          "600]")
      ->check(between(0.1, 1e6))
      ->type_name("S");
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
      "  wattfor sweep resnet50.onnx --threads 4 --batch-sizes 1,8,32 --target 0.5%\n"
      "  wattfor sweep timm:resnet50 'timm:vit_*' --worker torch --device cuda --mode compile");
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

}  // namespace wattfor::cli
