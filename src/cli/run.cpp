#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <functional>
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
#include "measurement/warnings.h"
#include "meter/machine.h"
#include "meter/meter.h"
#include "meter/surroundings.h"
#include "report/run_summary.h"
#include "sensor/meter_spec.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

constexpr int not_found_status = 127;
constexpr int not_executable_status = 126;
constexpr auto checkpoint_period = std::chrono::seconds(1);

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

// Waits for the child, hands signals on to it, and checkpoints the record once a second.
ExitStatus attend(Subprocess& child, const Clock& clock, SignalQueue& signals,
                  const std::function<void()>& checkpoint) {
  Instant next = clock.now() + checkpoint_period;
  while (true) {
    if (const auto ended = child.wait_for(std::chrono::milliseconds(0))) return *ended;
    const Instant now = clock.now();
    if (now >= next) {
      checkpoint();
      next = now + checkpoint_period;
    }
    const auto signal = signals.wait(std::chrono::ceil<std::chrono::milliseconds>(next - now));
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

  Measurement record;
  record.id = random_uuid();
  record.name = options.name.empty() ? joined(options.command) : options.name;
  record.wattfor_version = WATTFOR_VERSION;
  record.settings = {{"interval_ms", fmt::format("{}", options.interval_ms)},
                     {"idle_seconds", fmt::format("{}", options.idle_seconds)}};
  MeteredDevices metered = devices_of(options.simulate, roots);
  refuse_silent_meters(metered.found.obstacles);
  auto& devices = metered.found.devices;
  record.machine = describe_machine(roots, devices);
  record.warnings = without_power(devices);
  std::ranges::copy(metered.found.warnings, std::back_inserter(record.warnings));
  const Surroundings surroundings(roots, environment_variable);

  std::optional<TraceFile> trace;  // outlives the meter, whose threads write to it
  if (options.trace_file) trace.emplace(*options.trace_file, clock.now());
  Meter meter(std::move(devices), clock, {.interval = Seconds(options.interval_ms / 1e3)});
  if (trace) {
    meter.observe([&trace](const Sample& sample) { trace->write(sample); });
  }
  meter.sample();  // a reading before the window, however short the command is
  meter.start();
  if (options.idle_seconds > 0.0) {
    if (const auto signal = measure_idle(meter, clock, signals, options.idle_seconds))
      die_by(*signal);
  }

  const SurroundingsNow before = surroundings.look(meter);
  record.context = surroundings.between(before, before);  // for the checkpoints
  record.started_at = utc_now();
  const WindowId window = meter.begin();
  if (metered.load) metered.load->begin_work(clock.now());
  ExitStatus status;
  try {
    Subprocess child(options.command, Streams::inherited);
    status = attend(child, clock, signals, [&] {
      record.energy = meter.so_far(window);
      record.command = Command{.arguments = options.command};
      attempt([&] { store.checkpoint(record); });
    });
  } catch (const Error& error) {
    const bool not_found = error.code() == ErrorCode::not_found;
    if (!not_found && error.code() != ErrorCode::permission_denied) throw;
    say(fmt::format("wattfor: {}\n", printable_lines(error.what())));
    return not_found ? not_found_status : not_executable_status;
  }
  meter.end(window);
  if (metered.load) metered.load->end_work(clock.now());
  record.energy = meter.wait(window);
  attempt([&] { record.context = surroundings.between(before, surroundings.look(meter)); });
  meter.stop();
  std::ranges::copy(warnings_of(record.energy), std::back_inserter(record.warnings));
  std::ranges::copy(warnings_of(*record.context, record.machine, record.energy),
                    std::back_inserter(record.warnings));
  record.command = Command{.arguments = options.command,
                           .exit_status = status.signal ? 128 + status.signal : status.code};

  // Kept first, and shown last: whoever reads the summary may have left.
  std::string kept;
  attempt([&] {
    store.add(record);
    kept = fmt::format("record {} in {}\n", record.id, store.path().string());
  });
  if (options.json_file) {
    attempt([&] { write_file(*options.json_file, dump(to_json(record), 2) + "\n"); });
  }
  if (trace) attempt([&] { trace->close(); });
  say(run_summary(record, terminal_width(stderr)) + kept);
  if (status.signal) die_by(status.signal);
  return status.code;
}

}  // namespace wattfor::cli
