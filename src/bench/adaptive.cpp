#include "bench/adaptive.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <random>
#include <utility>
#include <variant>
#include <vector>

#include "bench/stopping_rule.h"
#include "response/launch_phases.h"

namespace wattfor {
namespace {

constexpr int fewest_batches = 5;  // of a replicate, where four such are within the budget
constexpr Seconds shortest_run{0.1};
// That look at nothing else. Longer launches leave time for fewer sets, whose spread then says
// less: of 300 simulated sweeps each, 2 reached 1 % soonest among 1.5 to 4.
constexpr double updates_of_a_launch = 2.0;
constexpr int most_repetitions = 3;  // of sets of a cell in which a sensor missed something

// Whether every sensor of the total was read all through: a set of launches in which one was not
// is biased by that launch, and its others don't tell.
bool is_whole(const std::vector<MeteredRun>& runs) {
  return std::ranges::all_of(runs, [](const MeteredRun& run) {
    return run.energy.total.gross.has_value() &&
           std::ranges::all_of(run.energy.components, [](const ComponentEnergy& component) {
             return !component.in_total || component.gaps.empty();
           });
  });
}

// The replicates of one cell as they come in.
class Replicates {
 public:
  // Of so many launches each.
  Replicates(const Cell& cell, const AdaptiveLimits& limits, int launches)
      : cell_(cell), limits_(limits), launches_(launches), rule_(limits.target) {}

  // False where one of them has no energy.
  bool add(std::vector<MeteredRun> replicate) {
    const auto energy = energy_per_image(replicate, cell_.batch_size);
    if (energy) rule_.add(*energy);
    latest_ = Seconds(replicate.back().marks.end.back() - replicate.front().marks.started);
    std::ranges::move(replicate, std::back_inserter(runs_));
    return energy.has_value();
  }

  // `begin` is when the cell's first measured run, the pilot, started.
  bool enough(Instant begin) const {
    if (runs_.empty()) return false;
    if (cell_.replicates > 0) return rule_.replicates() >= cell_.replicates;
    if (rule_.satisfied() && precise(*result_of(runs_, cell_.batch_size, launches_))) return true;
    const Seconds with_another = Seconds(runs_.back().marks.end.back() - begin) + latest_;
    return rule_.replicates() >= 2 && with_another > limits_.budget;
  }

  CellAttempt finish() const {
    CellAttempt attempt = cell_of(runs_, cell_.batch_size, launches_);
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
  int launches_;
  StoppingRule rule_;
  Seconds latest_{0.0};  // how long the latest replicate took
  std::vector<MeteredRun> runs_;
};

// How long one takes.
Seconds batch_of(const MeteredRun& run) {
  return run.marks.duration() / static_cast<double>(run.marks.batches());
}

// How a part-time gauge asks for a replicate's runs.
struct Launches {
  Seconds period{0.0};  // of its updates
  int count = 1;
  Seconds length{0.0};  // of a run
};

// Nothing where the sensors look all the time, or where not even two replicates of the fewest
// launches fit into the budget. `slowest_update` is that of all sensors in the total.
std::optional<Launches> launches_of(const std::optional<PartTimeBeat>& beat, Seconds batch,
                                    Seconds slowest_update, Seconds budget) {
  if (!beat) return std::nullopt;
  const Seconds wanted = std::max(shortest_run, updates_of_a_launch * slowest_update);
  const Seconds length = std::ceil(wanted / batch) * batch;
  // Each rests, and then waits for its moment.
  const Seconds wait = beat->rest + beat->period / static_cast<double>(beat->launches);
  const auto affordable = static_cast<int>((0.5 * budget - beat->settling) / (length + wait));
  const int count = std::min(beat->launches, affordable);
  if (count < fewest_launches) return std::nullopt;
  return Launches{.period = beat->period, .count = count, .length = length};
}

protocol::Run replicate_run(const MeteredRun& pilot, int batch_size, double target,
                            const ReplicateLengths& lengths,
                            const std::optional<Launches>& launches) {
  protocol::Run run{.batch = batch_size};
  if (launches) {
    run.min_seconds = launches->length.count();
    run.max_seconds = run.min_seconds;
  } else {
    run.min_batches = replicate_batches(pilot, lengths);
    run.min_seconds = replicate_length(pilot, target, lengths).count();
    run.max_seconds = std::max(run.min_seconds, lengths.longest.count());
  }
  return run;
}

using ReplicateRuns = std::variant<std::vector<MeteredRun>, WorkerFailure>;

// `random` in [0, 1) shifts their moments.
ReplicateRuns launched(const RunMeter& run_meter, Worker& worker, const protocol::Run& run,
                       const Launches& launches, double random) {
  const auto phases = launch_phases(launches.count, launches.period, random);
  return run_meter.launches(worker, run, phases);
}

ReplicateRuns after_pause(const RunMeter& run_meter, Worker& worker, const protocol::Run& run,
                          Seconds pause) {
  run_meter.pause(pause);
  auto measured = run_meter.run(worker, run);
  if (auto* failure = std::get_if<WorkerFailure>(&measured)) return std::move(*failure);
  return std::vector{std::get<MeteredRun>(std::move(measured))};
}

}  // namespace

ReplicateLengths replicate_lengths(Seconds slowest_update, Seconds budget) {
  const Seconds pilot = std::min(std::max(shortest_run, 3.0 * slowest_update), budget / 8.0);
  const Seconds longest = (budget - pilot) / 5.0;
  const Seconds shortest = std::min(std::max(shortest_run, 10.0 * slowest_update), longest);
  return {.pilot = pilot, .shortest = shortest, .longest = longest};
}

Seconds replicate_length(const MeteredRun& pilot, double target, const ReplicateLengths& lengths) {
  const auto& gross = pilot.energy.total.gross;
  const auto edges = gross ? relative_half_width(attended(*gross)) : std::nullopt;
  if (!edges) return lengths.shortest;
  return std::clamp(pilot.marks.duration() * (*edges / target), lengths.shortest, lengths.longest);
}

int replicate_batches(const MeteredRun& pilot, const ReplicateLengths& lengths) {
  return static_cast<int>(
      std::clamp(lengths.longest / batch_of(pilot), 1.0, static_cast<double>(fewest_batches)));
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

  const bool long_batch = pilot.marks.duration() > limits.budget / StoppingRule::fewest_replicates;
  const auto beat = long_batch ? std::nullopt : run_meter.part_time_beat();
  const Seconds left = limits.budget - pilot.marks.duration();
  const auto launches = launches_of(beat, batch_of(pilot), update, left);
  run = replicate_run(pilot, cell.batch_size, limits.target, lengths, launches);
  Replicates replicates(cell, limits, launches ? launches->count : 1);
  // A batch this long has averaged its own noise, and there is no time for another.
  bool has_energy = true;
  if (long_batch) has_energy = replicates.add({pilot});

  std::mt19937_64 random(cell.seed + static_cast<std::uint64_t>(cell.batch_size));
  std::uniform_real_distribution<double> phase(0.0, 1.0);
  int repetitions = most_repetitions;
  while (has_energy && !replicates.enough(pilot.marks.started)) {
    auto replicate = launches ? launched(run_meter, worker, run, *launches, phase(random))
                              : after_pause(run_meter, worker, run, phase(random) * update);
    if (auto* failure = std::get_if<WorkerFailure>(&replicate)) return std::move(*failure);
    auto& runs = std::get<std::vector<MeteredRun>>(replicate);
    if (launches && !is_whole(runs) && repetitions-- > 0) continue;
    has_energy = replicates.add(std::move(runs));
  }
  return replicates.finish();
}

}  // namespace wattfor
