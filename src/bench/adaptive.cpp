#include "bench/adaptive.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "bench/stopping_rule.h"

namespace wattfor {
namespace {

constexpr int fewest_batches = 5;  // of a replicate, where four such are within the budget
constexpr Seconds shortest_run{0.1};

// The replicates of one cell as they come in.
class Replicates {
 public:
  Replicates(const Cell& cell, const AdaptiveLimits& limits)
      : cell_(cell), limits_(limits), rule_(limits.target) {}

  // False where the run has no energy.
  bool add(MeteredRun run) {
    const auto energy = energy_per_image(run, cell_.batch_size);
    if (energy) rule_.add(*energy);
    runs_.push_back(std::move(run));
    return energy.has_value();
  }

  // `begin` is when the cell's first measured run, the pilot, started.
  bool enough(Instant begin) const {
    if (runs_.empty()) return false;
    if (cell_.replicates > 0) return rule_.replicates() >= cell_.replicates;
    if (rule_.satisfied() && precise(*result_of(runs_, cell_.batch_size))) return true;
    const RunMarks& last = runs_.back().marks;
    const Seconds with_another = Seconds(last.end.back() - begin) + last.duration();
    return rule_.replicates() >= 2 && with_another > limits_.budget;
  }

  CellAttempt finish() const {
    CellAttempt attempt = cell_of(runs_, cell_.batch_size);
    auto* measured = std::get_if<MeasuredCell>(&attempt);
    if (measured == nullptr) return attempt;
    measured->result.precision_reached = precise(measured->result);
    if (!measured->result.precision_reached) measured->warnings.push_back(shortfall(*measured));
    return attempt;
  }

 private:
  // Two replicates at least, and both the spread and the edges within the target.
  bool precise(const CellResult& result) const {
    return rule_.within_target() &&
           relative_half_width(result.energy_per_image).value_or(1.0) <= limits_.target;
  }

  std::string shortfall(const MeasuredCell& measured) const {
    if (rule_.replicates() < 2) return "precision unknown: one replicate has no spread";
    const auto width = relative_half_width(measured.result.energy_per_image);
    return fmt::format(
        "precision not reached: {} after {} replicates in {:.3g} s, target ±{:.3g} %",
        width ? fmt::format("±{:.2g} %", 100.0 * *width) : "unknown", rule_.replicates(),
        measured.energy.duration.count(), 100.0 * limits_.target);
  }

  const Cell& cell_;
  const AdaptiveLimits& limits_;
  StoppingRule rule_;
  std::vector<MeteredRun> runs_;
};

}  // namespace

ReplicateLengths replicate_lengths(Seconds slowest_update, Seconds budget) {
  const Seconds pilot = std::min(std::max(shortest_run, 3.0 * slowest_update), budget / 8.0);
  const Seconds longest = (budget - pilot) / 5.0;
  const Seconds shortest = std::min(std::max(shortest_run, 10.0 * slowest_update), longest);
  return {.pilot = pilot, .shortest = shortest, .longest = longest};
}

Seconds replicate_length(const MeteredRun& pilot, double target, const ReplicateLengths& lengths) {
  const auto& gross = pilot.energy.total.gross;
  const auto edges = gross ? relative_half_width(*gross) : std::nullopt;
  if (!edges) return lengths.shortest;
  return std::clamp(pilot.marks.duration() * (*edges / target), lengths.shortest, lengths.longest);
}

int replicate_batches(const MeteredRun& pilot, const ReplicateLengths& lengths) {
  const Seconds batch = pilot.marks.duration() / static_cast<double>(pilot.marks.batches());
  return static_cast<int>(
      std::clamp(lengths.longest / batch, 1.0, static_cast<double>(fewest_batches)));
}

CellAttempt measure_adaptive(const RunMeter& run_meter, Worker& worker, const Cell& cell,
                             const AdaptiveLimits& limits) {
  protocol::Run run{.batch = cell.batch_size, .warm_up = true};
  auto warm_up = run_meter.run(worker, run);
  if (auto* failure = std::get_if<WorkerFailure>(&warm_up)) return std::move(*failure);

  const Seconds update = run_meter.slowest_update();
  const ReplicateLengths lengths = replicate_lengths(update, limits.budget);
  run = {.batch = cell.batch_size, .min_seconds = lengths.pilot.count()};
  auto piloted = run_meter.run(worker, run);
  if (auto* failure = std::get_if<WorkerFailure>(&piloted)) return std::move(*failure);
  const auto& pilot = std::get<MeteredRun>(piloted);

  run.min_seconds = replicate_length(pilot, limits.target, lengths).count();
  run.min_batches = replicate_batches(pilot, lengths);
  run.max_seconds = std::max(run.min_seconds, lengths.longest.count());
  Replicates replicates(cell, limits);
  // A batch this long has averaged its own noise, and there is no time for another.
  bool has_energy = true;
  if (pilot.marks.duration() > limits.budget / StoppingRule::fewest_replicates) {
    has_energy = replicates.add(pilot);
  }

  std::mt19937_64 random(cell.seed + static_cast<std::uint64_t>(cell.batch_size));
  std::uniform_real_distribution<double> phase(0.0, 1.0);
  while (has_energy && !replicates.enough(pilot.marks.started)) {
    if (update > Seconds(0.0)) run_meter.pause(phase(random) * update);
    if (run_meter.interrupted()) return WorkerFailure{protocol::FailureKind::died, "interrupted"};
    auto measured = run_meter.run(worker, run);
    if (auto* failure = std::get_if<WorkerFailure>(&measured)) return std::move(*failure);
    has_energy = replicates.add(std::get<MeteredRun>(std::move(measured)));
  }
  return replicates.finish();
}

}  // namespace wattfor
