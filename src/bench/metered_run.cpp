#include "bench/metered_run.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr Seconds glance{0.005};  // between two looks at a window that is not final yet
constexpr Seconds nap{0.05};      // between two looks at an interruption

}  // namespace

Pace sleeping_pace(std::function<bool()> interrupted) {
  const auto sleep = [interrupted](Seconds duration) {
    for (Seconds left = duration; left > Seconds(0.0) && !interrupted(); left -= nap) {
      std::this_thread::sleep_for(std::min(left, nap));
    }
  };
  return {.pause = sleep, .interrupted = std::move(interrupted)};
}

RunMeter::RunMeter(Meter& meter, Pace pace) : meter_(meter), pace_(std::move(pace)) {}

Seconds RunMeter::slowest_update() const {
  Seconds slowest{0.0};
  for (const auto& device : meter_.devices()) {
    for (const auto& sensor : device->sensors()) {
      const SensorInfo& info = sensor->info();
      if (info.in_total) slowest = std::max(slowest, update_period_of(info));
    }
  }
  return slowest;
}

void RunMeter::pause_until(Seconds phase) const {
  const auto beat = meter_.part_time_beat();
  if (!beat) return;
  const double periods = (phase - beat->since_update) / beat->period;
  pace_.pause((periods - std::floor(periods)) * beat->period);
}

std::variant<MeteredRun, WorkerFailure> RunMeter::run(Worker& worker,
                                                      const protocol::Run& run) const {
  std::optional<WindowId> window;
  std::optional<WorkerFailure> unplaced;
  // A mark that reaches us too late, after this process was stopped for a while, costs the cell.
  const auto place = [&unplaced](const auto& edge) {
    try {
      edge();
    } catch (const Error& error) {
      unplaced = {protocol::FailureKind::error,
                  std::string("the run can't be placed in time: ") + error.what()};
    }
  };
  auto answer =
      worker.run(run, [&](Instant started) { place([&] { window = meter_.begin_at(started); }); });
  auto* marks = std::get_if<RunMarks>(&answer);
  if (marks != nullptr && window) place([&] { meter_.end_at(*window, marks->end.back()); });
  if (marks == nullptr || unplaced) {
    if (window) meter_.release(*window);
    return marks == nullptr ? std::get<WorkerFailure>(std::move(answer)) : *unplaced;
  }
  if (!window) return MeteredRun{.marks = std::move(*marks), .energy = {}};
  auto energy = settled(*window);
  if (!energy) return WorkerFailure{protocol::FailureKind::died, "interrupted"};
  return MeteredRun{.marks = std::move(*marks), .energy = *std::move(energy)};
}

std::optional<EnergyReport> RunMeter::idle(Seconds duration) const {
  const WindowId window = meter_.begin();
  pace_.pause(duration);
  meter_.end(window);
  return settled(window);
}

std::optional<EnergyReport> RunMeter::settled(WindowId window) const {
  // The meter promises the figure within its lag; a bound all the same, so that nothing hangs.
  Seconds patience = meter_.lag() + Seconds(5.0);
  auto report = meter_.report(window);
  while (!report && patience > Seconds(0.0) && !interrupted()) {
    pace_.pause(glance);
    patience -= glance;
    report = meter_.report(window);
  }
  if (!report && !interrupted()) report = meter_.so_far(window);
  meter_.release(window);
  return report;
}

}  // namespace wattfor
