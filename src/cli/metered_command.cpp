#include "cli/metered_command.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <iterator>
#include <utility>

#include "meter/machine.h"
#include "sensor/host_job.h"

namespace wattfor::cli {
namespace {

Measurement with_devices(Measurement draft, const DiscoveryRoots& roots, const ProbeResult& found) {
  draft.machine = describe_machine(roots, found.devices);
  for (const auto& warnings : {without_power(found.devices), found.warnings}) {
    std::ranges::copy(warnings, std::back_inserter(draft.warnings));
  }
  return draft;
}

}  // namespace

MeteredCommand::MeteredCommand(const RunOptions& options, const Clock& clock,
                               const DiscoveryRoots& roots, MeteredDevices metered,
                               Measurement draft)
    : clock_(clock),
      draft_(with_devices(std::move(draft), roots, metered.found)),
      load_(std::move(metered.load)),
      surroundings_(roots, environment_variable),
      meter_(std::move(metered.found.devices), clock,
             {.interval = Seconds(options.interval_ms / 1e3)}) {
  if (options.trace_file) {
    trace_.emplace(*options.trace_file, clock.now());
    meter_.observe([this](const Sample& sample) { trace_->write(sample); });
  }
  meter_.sample();  // a reading before the window, however short the command is
  meter_.start();
}

void MeteredCommand::measure_idle(SignalQueue& signals, double seconds) {
  const WindowId window = meter_.begin();
  const Instant end = clock_.now() + ticks(Seconds(seconds));
  while (clock_.now() < end) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock_.now());
    const auto signal = signals.wait(left);
    if (signal && signal->number != SIGCHLD) throw StoppedAtRest(signal->number);
  }
  meter_.end(window);
  meter_.set_idle(meter_.wait(window));
  meter_.release(window);
}

TrackedRun& MeteredCommand::begin() {
  run_.emplace(meter_, clock_, surroundings_, std::move(draft_));
  if (load_) load_->begin_work(clock_.now());
  return *run_;
}

void MeteredCommand::end_work() {
  if (load_) load_->end_work(clock_.now());
}

void MeteredCommand::stop() {
  meter_.stop();
  if (trace_) trace_->close();
}

}  // namespace wattfor::cli
