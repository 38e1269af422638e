#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "base/uuid.h"
#include "cli/metered_command.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "measurement/warnings.h"
#include "meter/machine.h"
#include "report/run_summary.h"
#include "sensor/meter_spec.h"
#include "store/store.h"
#include "tracking/heartbeat.h"
#include "tracking/kept_record.h"
#include "tracking/mark_socket.h"
#include "tracking/node_run.h"
#include "tracking/told_facts.h"
#include "tracking/tracked_run.h"

namespace wattfor::cli {
namespace {

constexpr int not_found_status = 127;
constexpr int not_executable_status = 126;
constexpr auto longest_wait = std::chrono::seconds(1);

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

// Waits for the child and hands signals on to it.
ExitStatus attend(Subprocess& child, SignalQueue& signals) {
  while (true) {
    if (const auto ended = child.wait_for(std::chrono::milliseconds(0))) return *ended;
    const auto signal = signals.wait(longest_wait);
    // What the terminal sends (Ctrl-C) has reached the child already.
    if (signal && signal->number != SIGCHLD && !signal->from_terminal) {
      child.signal(signal->number);
    }
  }
}

// What is left to do with a finished record must not fail the command that was measured: its status
// is the answer, so a failure is said and the rest still done.
template <class Action>
void attempt(const Action& action) {
  try {
    action();
  } catch (const std::exception& error) {
    log(LogLevel::warning, error.what());
  }
}

// The marks' socket, named to the command by its environment. A command can do without.
void offer_marks(std::optional<MarkSocket>& marks) {
  try {
    marks.emplace();
    setenv(marks_variable, marks->path().c_str(), 1);
  } catch (const Error& error) {
    log(LogLevel::warning,
        fmt::format("the command can't mark its epochs and windows: {}", error.what()));
    unsetenv(marks_variable);
  }
}

// Where the record is, for the end of the summary.
std::string kept_text(const std::optional<KeptRecord>& kept) {
  if (!kept) return "the record could not be kept\n";
  if (kept->in_store) return fmt::format("record {} in {}\n", kept->id, kept->file.string());
  return fmt::format(
      "warning: {}\nrecord {} is in {} instead: bring it in with `wattfor import {}`\n",
      kept->failure, kept->id, kept->file.string(), kept->file.string());
}

Measurement draft_of(const RunOptions& options) {
  Measurement draft;
  draft.name = options.name.empty() ? joined(options.command) : options.name;
  draft.wattfor_version = WATTFOR_VERSION;
  draft.settings = {{"interval_ms", fmt::format("{}", options.interval_ms)},
                    {"idle_seconds", fmt::format("{}", options.idle_seconds)}};
  draft.command = Command{.arguments = options.command};
  return draft;
}

// Keeps the record first, and shows it last: whoever reads the summary may have left.
void finish(NodeRun& run, MeteredCommand& metered, ExitStatus status, Store& store,
            const RunOptions& options) {
  Measurement record = metered.finish();
  record.command->exit_status = status.signal ? 128 + status.signal : status.code;
  if (!run.is_shared()) {
    std::ranges::copy(warnings_of_tasks(*record.context), std::back_inserter(record.warnings));
  }
  const auto kept = keep(record, &store);
  run.let_go();
  if (options.json_file) {
    attempt([&] { write_file(*options.json_file, dump(to_json(record), 2) + "\n"); });
  }
  say(run_summary(record, terminal_width(stderr)) + kept_text(kept));
}

// Another process of the job has measured it.
void part(NodeRun& run, const RunOptions& options) {
  std::string text = "wattfor: this node is measured by " + run.owner_text();
  for (const auto& output : {options.json_file, options.trace_file}) {
    if (output) text += fmt::format("; nothing is written to {}", *output);
  }
  say(wrapped_text(text, terminal_width(stderr)));
  run.let_go();
}

}  // namespace

int run_verb(const RunOptions& options) {
  SignalQueue signals;
  std::signal(SIGPIPE, SIG_IGN);  // a summary that nobody reads must not cost the record
  const SystemClock clock;
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  Store store(store_path(options.db), StoreAccess::write);
  for (const auto& output : {options.json_file, options.trace_file}) {
    if (output) refuse_as_output(*output, store.path());
  }
  const Measurement draft = draft_of(options);
  TrainingFacts facts;
  for (const std::string& fact : options.facts) tell(facts, fact);

  const NodeRun::Place place = NodeRun::this_process(store.path(), Seconds(options.idle_seconds));
  std::optional<MarkSocket> marks;
  offer_marks(marks);  // before there are threads
  std::shared_ptr<MeteredCommand> metered;
  bool is_at_rest = true;  // until the command begins
  const auto begin = [&](const std::string& before) -> std::shared_ptr<TrackedRun> {
    Measurement record = draft;
    record.id = random_uuid();
    if (!before.empty()) record.warnings.push_back(continuation_warning(before));
    MeteredDevices devices = devices_of(options.simulate, roots);
    refuse_silent_meters(devices.found.obstacles);
    metered = std::make_shared<MeteredCommand>(options, clock, roots, std::move(devices),
                                               std::move(record));
    if (options.idle_seconds > 0.0 && is_at_rest) {
      metered->measure_idle(signals, options.idle_seconds);
    }
    TrackedRun& begun = metered->begin();
    // The record of the one that died.
    if (!before.empty()) attempt([&] { store.adopt_interrupted(); });
    return {metered, &begun};
  };
  const auto look_up = [&signals] {
    const auto signal = signals.wait(std::chrono::milliseconds(0));
    if (signal && signal->number != SIGCHLD) throw StoppedAtRest(signal->number);
  };
  std::optional<NodeRun> run;
  try {
    // Ranks that were given no name may differ in their words: --local_rank=3.
    run.emplace(clock, place, options.name, std::move(facts), begin, look_up);
  } catch (const StoppedAtRest& stopped) {
    metered.reset();
    marks.reset();  // nothing else is left behind
    die_by(stopped.signal());
  }

  is_at_rest = false;
  ExitStatus status;
  try {
    Subprocess child(options.command, Streams::inherited);
    const Heartbeat checkpoints(checkpoint_period, [&] {
      run->look();
      if (const auto tracked = run->measured()) tracked->checkpoint(store);
    });
    std::optional<MarkServer> server;
    if (marks) server.emplace(*marks, [&run](const ProgramMark& mark) { run->take(mark); });
    status = attend(child, signals);
    server.reset();
    marks.reset();
    // A checkpoint that waits for the store is no part of it.
    run->end();
    if (run->measured()) metered->end_work();
  } catch (const Error& error) {
    const bool not_found = error.code() == ErrorCode::not_found;
    if (!not_found && error.code() != ErrorCode::permission_denied) throw;
    say(fmt::format("wattfor: {}\n", printable_lines(error.what())));
    return not_found ? not_found_status : not_executable_status;
  }
  attempt([&] {
    run->measured() ? finish(*run, *metered, status, store, options) : part(*run, options);
  });
  if (metered) attempt([&] { metered->stop(); });
  if (status.signal) die_by(status.signal);
  return status.code;
}

}  // namespace wattfor::cli
