#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/subprocess.h"
#include "base/uuid.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "cli/trace_file.h"
#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "meter/machine.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "report/run_summary.h"
#include "sensor/meter_spec.h"
#include "store/store.h"
#include "tracking/heartbeat.h"
#include "tracking/kept_record.h"
#include "tracking/mark_socket.h"
#include "tracking/told_facts.h"
#include "tracking/tracked_run.h"

namespace wattfor::cli {
namespace {

constexpr int not_found_status = 127;
constexpr int not_executable_status = 126;
constexpr auto checkpoint_period = std::chrono::seconds(1);
constexpr auto longest_wait = std::chrono::seconds(1);

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

// Measures idle power before the command. The signal that asks to stop meanwhile: nothing has run
// yet.
std::optional<int> measure_idle(Meter& meter, const Clock& clock, SignalQueue& signals,
                                double seconds) {
  const WindowId window = meter.begin();
  const Instant end = clock.now() + milliseconds_of(seconds);
  while (clock.now() < end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock.now());
    const auto signal = signals.wait(left);
    if (signal && signal->number != SIGCHLD) return signal->number;
  }
  meter.end(window);
  meter.set_idle(meter.wait(window));
  meter.release(window);
  return std::nullopt;
}

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

  Measurement draft;
  draft.id = random_uuid();
  draft.name = options.name.empty() ? joined(options.command) : options.name;
  draft.wattfor_version = WATTFOR_VERSION;
  draft.settings = {{"interval_ms", fmt::format("{}", options.interval_ms)},
                    {"idle_seconds", fmt::format("{}", options.idle_seconds)}};
  draft.command = Command{.arguments = options.command};
  for (const std::string& fact : options.facts) {
    if (!draft.training) draft.training.emplace();
    tell(*draft.training, fact);
  }
  MeteredDevices metered = devices_of(options.simulate, roots);
  refuse_silent_meters(metered.found.obstacles);
  auto& devices = metered.found.devices;
  draft.machine = describe_machine(roots, devices);
  draft.warnings = without_power(devices);
  std::ranges::copy(metered.found.warnings, std::back_inserter(draft.warnings));
  const Surroundings surroundings(roots, environment_variable);

  std::optional<MarkSocket> marks;
  offer_marks(marks);              // before there are threads
  std::optional<TraceFile> trace;  // outlives the meter, whose threads write to it
  if (options.trace_file) trace.emplace(*options.trace_file, clock.now());
  Meter meter(std::move(devices), clock, {.interval = Seconds(options.interval_ms / 1e3)});
  if (trace) {
    meter.observe([&trace](const Sample& sample) { trace->write(sample); });
  }
  meter.sample();  // a reading before the window, however short the command is
  meter.start();
  if (options.idle_seconds > 0.0) {
    if (const auto signal = measure_idle(meter, clock, signals, options.idle_seconds)) {
      marks.reset();  // nothing else is left behind
      die_by(*signal);
    }
  }

  TrackedRun run(meter, clock, surroundings, std::move(draft));
  if (metered.load) metered.load->begin_work(clock.now());
  ExitStatus status;
  try {
    Subprocess child(options.command, Streams::inherited);
    const Heartbeat checkpoints(checkpoint_period, [&] { run.checkpoint(store); });
    std::optional<MarkServer> server;
    if (marks) server.emplace(*marks, [&run](const ProgramMark& mark) { run.take(mark); });
    status = attend(child, signals);
    server.reset();
    marks.reset();
    run.end();  // a checkpoint that waits for the store is no part of it
    if (metered.load) metered.load->end_work(clock.now());
  } catch (const Error& error) {
    const bool not_found = error.code() == ErrorCode::not_found;
    if (!not_found && error.code() != ErrorCode::permission_denied) throw;
    say(fmt::format("wattfor: {}\n", printable_lines(error.what())));
    return not_found ? not_found_status : not_executable_status;
  }
  attempt([&] {
    Measurement record = run.finish();
    record.command->exit_status = status.signal ? 128 + status.signal : status.code;
    // Kept first, and shown last: whoever reads the summary may have left.
    const auto kept = keep(record, &store);
    if (options.json_file) {
      attempt([&] { write_file(*options.json_file, dump(to_json(record), 2) + "\n"); });
    }
    say(run_summary(record, terminal_width(stderr)) + kept_text(kept));
  });
  meter.stop();
  if (trace) attempt([&] { trace->close(); });
  if (status.signal) die_by(status.signal);
  return status.code;
}

}  // namespace wattfor::cli
