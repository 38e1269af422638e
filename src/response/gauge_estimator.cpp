#include "response/gauge_estimator.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "response/launch_phases.h"
#include "response/phase_regression.h"
#include "response/update_times.h"

namespace wattfor {
namespace {

// The longest window found on any board: what is unknown lies between a moment and this.
constexpr Seconds longest_window{1.0};
constexpr double periods_between_updates = 1.5;

// The profile itself; where its window is unknown, those of the windows that boards have.
std::vector<SensorProfile> possible_profiles(const SensorProfile& profile, Seconds update_period) {
  if (profile.is_complete()) return {profile};
  std::vector<SensorProfile> possible;
  for (const Seconds window : {update_period, Seconds(0.0), longest_window}) {
    possible.push_back(profile);
    possible.back().kind = ResponseKind::boxcar;
    possible.back().window = Uncertain<Seconds>{.value = window};
  }
  return possible;
}

// The one figure, as uncertain as both together.
void widen(EstimatedEnergy& energy, const EnergyFigure& other) {
  const auto beyond = [](double far, double near) { return Joules(std::max(0.0, far - near)); };
  const EnergyFigure& own = energy.figure;
  energy.budget.unknown_low += std::max(beyond(own.absolute->low, other.absolute->low),
                                        beyond(own.comparison->low, other.comparison->low));
  energy.budget.unknown_high += std::max(beyond(other.absolute->high, own.absolute->high),
                                         beyond(other.comparison->high, own.comparison->high));
  energy.figure = not_negative(figure_of(own.energy, energy.budget));
}

// Of a window between two updates, neither of which saw it, or after the last one and before the
// next is due; nothing where it is longer than that, or lies in a gap.
std::optional<EstimatedEnergy> between_updates(const UpdateSeries& series, Seconds from, Seconds to,
                                               const PowerBounds& bounds,
                                               const SensorProfile& profile) {
  const auto updates = series.updates();
  const std::size_t after = series.after(from);
  const std::size_t beyond = series.after(to);
  const Seconds duration = to - from;
  const Seconds longest = periods_between_updates * series.period();
  if (after == 0 || duration <= Seconds(0.0) || duration > longest) return std::nullopt;
  const Update& last = updates[after - 1];
  const bool is_last = beyond == updates.size();
  if (is_last ? to - last.time > longest : series.unseen(after - 1, beyond + 1) > Seconds(0.0)) {
    return std::nullopt;
  }
  const Watts power = is_last ? updates.back().power : 0.5 * (last.power + updates[beyond].power);
  const double gain = profile.gain_or_one();
  EstimatedEnergy result = of_board(power * duration, duration, profile);
  ErrorBudget& budget = result.budget;
  budget.unknown_low = std::max(power - bounds.lowest, Watts(0.0)) * duration / gain;
  budget.unknown_high = std::max(bounds.highest - power, Watts(0.0)) * duration / gain;
  result.figure = not_negative(figure_of(result.figure.energy, budget));
  return result;
}

Seconds memory_of(const Kernel& kernel) { return reach_of(kernel) - kernel.delay; }

Seconds mean_batch(std::span<const Seconds> edges) {
  return (edges.back() - edges.front()) / static_cast<double>(edges.size() - 1);
}

// How much earlier or later than its profile says an update may look.
Seconds margin_of(const SensorProfile& profile) { return 2.0 * profile.delay_uncertainty(); }

// The power between runs, and for `padding` before the first and after the last: of the updates
// that see nothing of any of them, nor of `margin` beside one.
Level level_between(const UpdateSeries& series, const Kernel& kernel,
                    std::span<const std::vector<Seconds>> runs, const Padding& padding,
                    Seconds margin) {
  std::vector<Update> beside;
  Seconds from = runs.front().front() - margin - padding.before;
  const auto add_until = [&](Seconds to) {
    const std::size_t last = series.after(to);
    for (std::size_t k = series.after(from); k < last; ++k) beside.push_back(series.updates()[k]);
  };
  for (const std::vector<Seconds>& edges : runs) {
    add_until(edges.front() + kernel.delay - margin);
    from = edges.back() + reach_of(kernel) + margin;
  }
  add_until(from + padding.after);
  Level level = level_of(beside, Watts(0.0));
  level.nearest = level.power;
  return level;
}

// How much updates lack of the phases of runs by chance, or have too much, and what flowed then.
struct Unevenness {
  std::vector<Watts> powers;                  // of the phases
  std::vector<std::vector<Seconds>> lacking;  // of each run, by phase

  // Beyond what a constant `level` adds.
  Joules of_run(std::size_t run, Watts level) const {
    Joules energy{0.0};
    for (std::size_t j = 0; j < powers.size(); ++j) {
      energy += (powers[j] - level) * lacking[run][j];
    }
    return energy;
  }
};

// By the mean power of all runs alone.
Unevenness by_time(std::span<const PaddedEnergy> padded,
                   std::span<const std::vector<Seconds>> runs) {
  Unevenness result;
  Joules energy{0.0};
  Seconds seen{0.0};
  for (std::size_t i = 0; i < runs.size(); ++i) {
    energy += padded[i].energy;
    seen += padded[i].seen;
    result.lacking.push_back({runs[i].back() - runs[i].front() - padded[i].seen});
  }
  result.powers = {seen > Seconds(0.0) ? energy / seen : Watts(0.0)};
  return result;
}

// By the mean powers of so many phases of a batch; nothing where the updates don't tell them apart.
std::optional<Unevenness> by_phases(const UpdateSeries& series, const Kernel& kernel,
                                    std::span<const std::vector<Seconds>> runs,
                                    std::size_t phases) {
  Unevenness result;
  PhaseRegression regression(phases);
  for (const std::vector<Seconds>& edges : runs) {
    const auto run = batch_phases(edges, phases);
    regression.add(series, kernel, run);
    std::vector<Seconds>& lacking = result.lacking.emplace_back(phase_durations(run, phases));
    const auto seen = seen_phases(series, kernel, run, phases);
    for (std::size_t j = 0; j < phases; ++j) lacking[j] -= seen[j];
  }
  auto powers = regression.powers();
  if (!powers) return std::nullopt;
  result.powers = *std::move(powers);
  return result;
}

// By as many phases as can be told apart.
Unevenness unevenness_of(const UpdateSeries& series, const Kernel& kernel,
                         std::span<const PaddedEnergy> padded,
                         std::span<const std::vector<Seconds>> runs) {
  // What an RC filter shows after a run is told by its first update, and updates that were
  // forgotten can't be told apart: `padded` alone knows what those saw.
  const bool each_is_known =
      kernel.kind != ResponseKind::exponential && std::ranges::all_of(runs, [&](const auto& edges) {
        const std::size_t first = series.after(edges.front());
        const std::size_t last = series.after(edges.back() + reach_of(kernel));
        return series.count(first, last) == last - first;
      });
  if (!each_is_known) return by_time(padded, runs);
  Seconds shortest(HUGE_VAL);
  for (const std::vector<Seconds>& edges : runs) shortest = std::min(shortest, mean_batch(edges));
  for (std::size_t phases = phases_of_a_batch(shortest, kernel); phases > 1; --phases) {
    if (auto found = by_phases(series, kernel, runs, phases)) return *std::move(found);
  }
  return by_time(padded, runs);
}

}  // namespace

GaugeEstimator::GaugeEstimator(const SensorProfile& profile, Seconds update_period, Seconds age,
                               const Padding& padding)
    : update_period_(update_period),
      age_(age),
      padding_(padding),
      possible_(possible_profiles(profile, update_period)) {
  if (age == Seconds(0.0)) return;
  for (SensorProfile& possible : possible_) {
    possible.delay = Uncertain<Seconds>{.value = possible.kernel().delay + 0.5 * age,
                                        .standard_error = possible.delay_uncertainty()};
  }
}

Seconds GaugeEstimator::reach() const {
  Seconds longest{0.0};
  for (const SensorProfile& possible : possible_) {
    longest = std::max(longest, reach_of(possible.kernel()));
  }
  return longest;
}

bool GaugeEstimator::looks_part_time() const {
  return possible_.size() == 1 && inattention(possible_.front().kernel(), update_period_) > 0.0;
}

int GaugeEstimator::launches_a_replicate() const {
  if (!looks_part_time()) return 1;
  return wattfor::launches_a_replicate(possible_.front().kernel(), update_period_);
}

WindowFacts GaugeEstimator::facts_of(const UpdateSeries& series, Seconds from, Seconds to,
                                     const PowerBounds& bounds, Seconds phase_error) const {
  return {
      .duration = to - from,
      .update_period = series.period(),
      .time_error = std::max(usual_jitter, age_ / std::sqrt(12.0)),
      .phase_error = phase_error,
      .lowest = bounds.lowest,
      .highest = bounds.highest,
      .most = bounds.most,
  };
}

std::optional<EstimatedEnergy> GaugeEstimator::energy(const UpdateSeries& series, Seconds from,
                                                      Seconds to, const Padding& idle,
                                                      const PowerBounds& bounds,
                                                      Seconds phase_error) const {
  const WindowFacts facts = facts_of(series, from, to, bounds, phase_error);
  if (auto found = by_any(series, from, to, idle, facts)) return found;
  return between_updates(series, from, to, bounds, possible_.front());
}

std::vector<EstimatedEnergy> GaugeEstimator::of_launches(const UpdateSeries& series,
                                                         std::span<const std::vector<Seconds>> runs,
                                                         const PowerBounds& bounds,
                                                         Seconds phase_error) const {
  if (!looks_part_time() || runs.empty()) return {};
  const SensorProfile& profile = possible_.front();
  const Kernel kernel = profile.kernel();
  const Seconds margin = margin_of(profile);
  const Level level = level_between(series, kernel, runs, padding_, margin);
  if (level.updates == 0) return {};
  const auto padded_by = [&](const std::vector<Seconds>& edges, Seconds beside) {
    const Seconds nothing_else{0.0};
    return with_level(
        padded_energy(series, kernel, edges.front() - beside, edges.back() + beside, nothing_else),
        level);
  };
  std::vector<PaddedEnergy> padded;
  for (const std::vector<Seconds>& edges : runs) padded.push_back(padded_by(edges, Seconds(0.0)));
  const Unevenness unevenness = unevenness_of(series, kernel, padded, runs);
  std::vector<EstimatedEnergy> energies;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Seconds from = runs[i].front();
    const Seconds to = runs[i].back();
    const PaddedEnergy around = padded_by(runs[i], margin);
    const Joules beyond_level = around.energy - level.power * around.seen;
    PaddedEnergy told = padded[i];
    told.energy = level.power * (to - from) + beyond_level + unevenness.of_run(i, level.power);
    told.seen = to - from;
    const auto found = figure_of(told, profile, facts_of(series, from, to, bounds, phase_error));
    if (!found) return {};
    energies.push_back(*found);
  }
  return energies;
}

Seconds GaugeEstimator::rest() const {
  return reach() + 2.0 * margin_of(possible_.front()) + 0.5 * update_period_;
}

std::optional<EstimatedEnergy> GaugeEstimator::by_any(const UpdateSeries& series, Seconds from,
                                                      Seconds to, const Padding& idle,
                                                      const WindowFacts& facts) const {
  std::optional<EstimatedEnergy> result;
  for (const SensorProfile& profile : possible_) {
    const Kernel kernel = profile.kernel();
    // What sees nothing of what lies beyond the idle time either.
    const Seconds memory = memory_of(kernel);
    const Padding padding(std::clamp(idle.before - memory, Seconds(0.0), padding_.before),
                          std::clamp(idle.after - memory, Seconds(0.0), padding_.after));
    const auto found = figure_of(padded_energy(series, kernel, from, to, padding), profile, facts);
    if (!found) return std::nullopt;
    if (!result) {
      result = found;
    } else {
      widen(*result, found->figure);
    }
  }
  return result;
}

}  // namespace wattfor
