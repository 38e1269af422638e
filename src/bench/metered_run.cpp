#include "bench/metered_run.h"

#include <algorithm>
#include <chrono>
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

// What `ask` answers once the sensors have caught up; nothing where it is interrupted before that.
template <class Ask>
auto once_settled(const Meter& meter, const Pace& pace, const Ask& ask) {
  // The meter promises the figure within its lag; a bound all the same, so that nothing hangs.
  Seconds patience = meter.lag() + Seconds(5.0);
  auto answer = ask();
  while (!answer && patience > Seconds(0.0) && !pace.interrupted()) {
    pace.pause(glance);
    patience -= glance;
    answer = ask();
  }
  return answer;
}

// Batches that nothing tells apart; workers put them under one mark.
constexpr auto shortest_batch = std::chrono::milliseconds(1);

// A mark may stand for several batches, which are taken to be equally long.
Launch launch_of(WindowId window, const RunMarks& marks) {
  Launch launch{.window = window, .between_batches = {}};
  Instant begin = marks.started;
  for (std::size_t i = 0; i < marks.end.size(); ++i) {
    const auto batch = (marks.end[i] - begin) / marks.count[i];
    for (std::int64_t k = 1; k < marks.count[i] && batch >= shortest_batch; ++k) {
      launch.between_batches.push_back(begin + k * batch);
    }
    if (i + 1 < marks.end.size()) launch.between_batches.push_back(marks.end[i]);
    begin = marks.end[i];
  }
  return launch;
}

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

// A window that is released when this goes.
class RunMeter::HeldWindow {
 public:
  HeldWindow(Meter& meter, WindowId id) : meter_(&meter), id_(id) {}
  HeldWindow(HeldWindow&& other) noexcept
      : meter_(std::exchange(other.meter_, nullptr)), id_(other.id_) {}
  HeldWindow& operator=(HeldWindow&&) = delete;
  ~HeldWindow() {
    if (meter_ != nullptr) meter_->release(id_);
  }
  WindowId id() const { return id_; }

 private:
  Meter* meter_;
  WindowId id_;
};

// The window is absent where the worker never said that it had started.
struct RunMeter::RunInWindow {
  RunMarks marks;
  std::optional<HeldWindow> window;
};

std::variant<RunMeter::RunInWindow, WorkerFailure> RunMeter::run_in_window(
    Worker& worker, const protocol::Run& run) const {
  if (interrupted()) return interruption();
  std::optional<HeldWindow> window;
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
  auto answer = worker.run(run, [&](Instant started) {
    place([&] { window.emplace(meter_, meter_.begin_at(started)); });
  });
  auto* marks = std::get_if<RunMarks>(&answer);
  if (marks == nullptr) return std::get<WorkerFailure>(std::move(answer));
  if (window) place([&] { meter_.end_at(window->id(), marks->end.back()); });
  if (unplaced) return *std::move(unplaced);
  return RunInWindow{.marks = std::move(*marks), .window = std::move(window)};
}

std::variant<MeteredRun, WorkerFailure> RunMeter::run(Worker& worker,
                                                      const protocol::Run& run) const {
  auto placed = run_in_window(worker, run);
  if (auto* failure = std::get_if<WorkerFailure>(&placed)) return std::move(*failure);
  auto& [marks, window] = std::get<RunInWindow>(placed);
  if (!window) return MeteredRun{.marks = std::move(marks), .energy = {}};
  auto energy = settled_report(window->id());
  if (!energy) return interruption();
  return MeteredRun{.marks = std::move(marks), .energy = *std::move(energy)};
}

std::variant<std::vector<MeteredRun>, WorkerFailure> RunMeter::launches(
    Worker& worker, const protocol::Run& run, std::span<const Seconds> phases,
    const std::function<double()>& random) const {
  std::vector<MeteredRun> runs;
  std::vector<HeldWindow> windows;
  std::vector<Launch> told;
  std::vector<Seconds> left(phases.begin(), phases.end());
  while (!left.empty()) {
    auto beat = part_time_beat();
    if (beat && !runs.empty()) {
      pause(beat->rest + random() * beat->other_period);
      beat = part_time_beat();
    }
    if (!beat) {
      return WorkerFailure{protocol::FailureKind::error, "the gauge tells no beat any more"};
    }
    const auto next =
        std::ranges::min_element(left, {}, [&](Seconds phase) { return beat->until(phase); });
    pause(beat->until(*next));
    left.erase(next);
    auto placed = run_in_window(worker, run);
    if (auto* failure = std::get_if<WorkerFailure>(&placed)) return std::move(*failure);
    auto& [marks, window] = std::get<RunInWindow>(placed);
    if (window) {
      told.push_back(launch_of(window->id(), marks));
      windows.push_back(*std::move(window));
    }
    runs.push_back({.marks = std::move(marks), .energy = {}});
  }
  if (told.size() < runs.size()) return runs;
  const auto reports = once_settled(meter_, pace_, [&] { return meter_.report_together(told); });
  if (!reports && interrupted()) return interruption();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    runs[i].energy = reports ? (*reports)[i] : meter_.so_far(told[i].window);
  }
  return runs;
}

std::optional<EnergyReport> RunMeter::idle(Seconds duration) const {
  const HeldWindow window(meter_, meter_.begin());
  pace_.pause(duration);
  meter_.end(window.id());
  return settled_report(window.id());
}

std::optional<EnergyReport> RunMeter::settled_report(WindowId window) const {
  auto report = once_settled(meter_, pace_, [&] { return meter_.report(window); });
  if (!report && !interrupted()) report = meter_.so_far(window);
  return report;
}

}  // namespace wattfor
