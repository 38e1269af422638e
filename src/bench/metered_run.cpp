#include "bench/metered_run.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/error.h"

namespace wattfor {
namespace {

constexpr Seconds glance{0.005};  // between two looks at a window that is not final yet
constexpr Seconds nap{0.05};      // between two looks at an interruption

WorkerFailure interruption() { return {protocol::FailureKind::died, "interrupted"}; }

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

void RunMeter::pause_until_next(std::vector<Seconds>& phases) const {
  const auto beat = meter_.part_time_beat();
  const auto wait = [&beat](Seconds phase) {
    if (!beat) return Seconds(0.0);
    const double periods = (phase - beat->since_update) / beat->period;
    return (periods - std::floor(periods)) * beat->period;
  };
  const auto next = std::ranges::min_element(phases, {}, wait);
  pace_.pause(wait(*next));
  phases.erase(next);
}

class RunMeter::OpenRun {
 public:
  OpenRun(Meter& meter, RunMarks marks, std::optional<WindowId> window)
      : meter_(&meter), marks_(std::move(marks)), window_(window) {}
  OpenRun(OpenRun&& other) noexcept
      : meter_(other.meter_),
        marks_(std::move(other.marks_)),
        window_(std::exchange(other.window_, std::nullopt)) {}
  OpenRun& operator=(OpenRun&&) = delete;
  ~OpenRun() {
    if (window_) meter_->release(*window_);
  }

  const RunMarks& marks() const { return marks_; }
  // None of a run that never said that it had started.
  const std::optional<WindowId>& window() const { return window_; }

 private:
  Meter* meter_;
  RunMarks marks_;
  std::optional<WindowId> window_;
};

std::variant<RunMeter::OpenRun, WorkerFailure> RunMeter::place(Worker& worker,
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
  OpenRun open(meter_, marks == nullptr ? RunMarks{} : std::move(*marks), window);
  if (marks == nullptr) return std::get<WorkerFailure>(std::move(answer));
  if (unplaced) return *std::move(unplaced);
  return open;
}

template <class Ask>
auto RunMeter::settled(Ask ask) const {
  // The meter promises the figure within its lag; a bound all the same, so that nothing hangs.
  Seconds patience = meter_.lag() + Seconds(5.0);
  auto answer = ask();
  while (!answer && patience > Seconds(0.0) && !interrupted()) {
    pace_.pause(glance);
    patience -= glance;
    answer = ask();
  }
  return answer;
}

std::variant<MeteredRun, WorkerFailure> RunMeter::run(Worker& worker,
                                                      const protocol::Run& run) const {
  auto placed = place(worker, run);
  if (auto* failure = std::get_if<WorkerFailure>(&placed)) return std::move(*failure);
  const auto& open = std::get<OpenRun>(placed);
  if (!open.window()) return MeteredRun{.marks = open.marks(), .energy = {}};
  auto energy = settled_report(*open.window());
  if (!energy) return interruption();
  return MeteredRun{.marks = open.marks(), .energy = *std::move(energy)};
}

std::variant<std::vector<MeteredRun>, WorkerFailure> RunMeter::launches(
    Worker& worker, const protocol::Run& run, std::span<const Seconds> phases) const {
  std::vector<OpenRun> open;
  std::vector<Launch> launches;
  std::vector<Seconds> left(phases.begin(), phases.end());
  while (!left.empty()) {
    pause_until_next(left);
    if (interrupted()) return interruption();
    auto placed = place(worker, run);
    if (auto* failure = std::get_if<WorkerFailure>(&placed)) return std::move(*failure);
    open.push_back(std::get<OpenRun>(std::move(placed)));
    if (!open.back().window()) continue;
    const RunMarks& marks = open.back().marks();
    launches.push_back({.window = *open.back().window(), .edges = {marks.started}});
    std::ranges::copy(marks.end, std::back_inserter(launches.back().edges));
  }
  std::vector<MeteredRun> runs;
  runs.reserve(open.size());
  for (const OpenRun& each : open) runs.push_back({.marks = each.marks(), .energy = {}});
  if (launches.size() < open.size()) return runs;
  const auto reports = settled([&] { return meter_.reports(launches); });
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (interrupted()) return interruption();
    runs[i].energy = reports ? (*reports)[i] : meter_.so_far(launches[i].window);
  }
  return runs;
}

std::optional<EnergyReport> RunMeter::idle(Seconds duration) const {
  const WindowId window = meter_.begin();
  pace_.pause(duration);
  meter_.end(window);
  auto report = settled_report(window);
  meter_.release(window);
  return report;
}

std::optional<EnergyReport> RunMeter::settled_report(WindowId window) const {
  auto report = settled([&] { return meter_.report(window); });
  if (!report && !interrupted()) report = meter_.so_far(window);
  return report;
}

}  // namespace wattfor
