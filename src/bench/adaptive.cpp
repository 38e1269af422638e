#include "bench/adaptive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
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
// Of the slowest sensor, in a launch. What happens at a launch's edges weighs less in a longer one,
// and beyond so many hardly at all.
constexpr double fewest_updates = 2.0;
constexpr double most_updates = 5.0;
// In a row, of a cell that has a number of replicates to reach and no budget.
constexpr int most_dropped = 5;
// Of the budget, after which a cell that has not got two replicates ends without them.
constexpr double longest_overrun = 1.5;

// Whether what told the total was read all through: a set of launches in which it was not is biased
// by that launch, and its others don't tell.
bool is_whole(const std::vector<MeteredRun>& runs) {
  return std::ranges::all_of(runs, [](const MeteredRun& run) {
    return run.energy.total.gross.has_value() &&
           std::ranges::all_of(run.energy.components, [](const ComponentEnergy& component) {
             return !component.in_total || !component.gross || component.gaps.empty();
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
    dropped_ = 0;
    note_time(replicate);
    std::ranges::move(replicate, std::back_inserter(runs_));
    return energy.has_value();
  }

  // One that tells nothing costs its time all the same.
  void drop(const std::vector<MeteredRun>& replicate) {
    ++dropped_;
    note_time(replicate);
  }

  // `begin` is when the cell's first measured run, the pilot, started.
  bool enough(Instant begin) const {
    if (!last_end_) return false;
    const Seconds spent = *last_end_ - begin;
    if (runs_.empty()) return spent + latest_ > longest_overrun * limits_.budget;
    if (cell_.replicates > 0) {
      return rule_.replicates() >= cell_.replicates || dropped_ >= most_dropped;
    }
    if (rule_.satisfied() && precise(*result_of(runs_, cell_.batch_size, launches_))) return true;
    const bool compares = rule_.replicates() >= 2 || spent > longest_overrun * limits_.budget;
    return compares && spent + latest_ > limits_.budget;
  }

  CellAttempt finish() const {
    if (runs_.empty()) {
      return WorkerFailure{protocol::FailureKind::error,
                           "no energy figure: in each set of launches a sensor of the total was "
                           "not read for a while"};
    }
    CellAttempt attempt = cell_of(runs_, cell_.batch_size, launches_);
    auto* measured = std::get_if<MeasuredCell>(&attempt);
    if (measured == nullptr) return attempt;
    measured->result.precision_reached = precise(measured->result);
    if (!measured->result.precision_reached) measured->warnings.push_back(shortfall(*measured));
    return attempt;
  }

 private:
  void note_time(const std::vector<MeteredRun>& replicate) {
    last_end_ = replicate.back().marks.end.back();
    latest_ = Seconds(*last_end_ - replicate.front().marks.started);
  }

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
  int dropped_ = 0;                  // in a row
  std::optional<Instant> last_end_;  // of the latest replicate, whether it told or not …
  Seconds latest_{0.0};              // … and how long it took
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
  // Each rests, and then waits for its moment.
  const Seconds wait =
      beat->rest + 0.5 * beat->other_period + beat->period / static_cast<double>(beat->launches);
  const Seconds fewest = std::max(shortest_run, fewest_updates * slowest_update);
  const Seconds shortest = std::ceil(fewest / batch) * batch;
  const auto affordable = static_cast<int>((0.5 * budget - beat->settling) / (shortest + wait));
  const int count = std::min(beat->launches, affordable);
  if (count < std::max(fewest_launches, beat->launches / 2)) return std::nullopt;
  // As long as half as many sets again as the fewest leave time for: few sets tell little of their
  // spread.
  const Seconds set = budget / (1.5 * StoppingRule::fewest_replicates);
  const Seconds share = (set - beat->settling) / static_cast<double>(count) - wait;
  const Seconds longest = std::min(share, most_updates * slowest_update);
  const Seconds length = std::max(shortest, std::floor(longest / batch) * batch);
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

// `random`, in [0, 1), shifts their moments.
ReplicateRuns launched(const RunMeter& run_meter, Worker& worker, const protocol::Run& run,
                       const Launches& launches, const std::function<double()>& random) {
  const auto phases = launch_phases(launches.count, launches.period, random());
  return run_meter.launches(worker, run, phases, random);
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

  std::mt19937_64 generator(cell.seed + static_cast<std::uint64_t>(cell.batch_size));
  std::uniform_real_distribution<double> from_0_to_1(0.0, 1.0);
  const std::function<double()> random = [&] { return from_0_to_1(generator); };
  while (has_energy && !replicates.enough(pilot.marks.started)) {
    auto replicate = launches ? launched(run_meter, worker, run, *launches, random)
                              : after_pause(run_meter, worker, run, random() * update);
    if (auto* failure = std::get_if<WorkerFailure>(&replicate)) return std::move(*failure);
    auto& runs = std::get<std::vector<MeteredRun>>(replicate);
    if (launches && !is_whole(runs)) {
      replicates.drop(runs);
    } else {
      has_energy = replicates.add(std::move(runs));
    }
  }
  return replicates.finish();
}

}  // namespace wattfor
