#include "response/gauge_estimator.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <variant>

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
  EstimatedEnergy result;
  const Joules energy = (power - profile.offset_or_zero()) * duration / gain;
  ErrorBudget& budget = result.budget;
  budget.gain = normal_95 * profile.gain_uncertainty() * energy;
  budget.offset = (normal_95 / gain) * (profile.offset_uncertainty() * duration);
  budget.unknown_low = std::max(power - bounds.lowest, Watts(0.0)) * duration / gain;
  budget.unknown_high = std::max(bounds.highest - power, Watts(0.0)) * duration / gain;
  result.figure = not_negative(figure_of(energy, budget));
  return result;
}

// Of one of so many runs, all by the same powers: what is wrong with these is so with each run's
// energy, and adds up linearly. As the parts of a sum add up in squares, each has that much more.
EstimatedEnergy energy_of(const PhasePowers& powers, Seconds duration, std::size_t runs,
                          const SensorProfile& profile) {
  const double gain = profile.gain_or_one();
  const Joules energy = (powers.energy - profile.offset_or_zero() * duration) / gain;
  const double common = std::sqrt(static_cast<double>(runs));
  EstimatedEnergy result;
  ErrorBudget& budget = result.budget;
  budget.gain = normal_95 * profile.gain_uncertainty() * energy;
  budget.offset = (normal_95 / gain) * (profile.offset_uncertainty() * duration);
  budget.unattended_low = (normal_95 * common / gain) * powers.standard_error;
  budget.unattended_high = budget.unattended_low;
  result.figure = not_negative(figure_of(energy, budget));
  return result;
}

// The moment up to which updates may begin to look, so that they look at all of a batch alike: of
// launches at stratified moments, whole batches after the run's begin. That of a run too short for
// one is its end.
Seconds last_view(std::span<const Seconds> edges, const Kernel& kernel) {
  const Seconds window = reach_of(kernel) - kernel.delay;
  const auto beyond = std::ranges::upper_bound(edges, edges.back() - window);
  if (beyond - edges.begin() < 2) return edges.back();
  return *(beyond - 1);
}

// Empty where the updates don't tell so many phases of a batch apart.
std::vector<EstimatedEnergy> by_phases(const UpdateSeries& series,
                                       std::span<const std::vector<Seconds>> runs,
                                       std::size_t phases, const SensorProfile& profile) {
  const Kernel kernel = profile.kernel();
  PhaseRegression regression(phases);
  std::vector<std::vector<PhaseStretch>> stretches;
  for (const std::vector<Seconds>& edges : runs) {
    stretches.push_back(batch_phases(edges, phases));
    regression.add(series, kernel, stretches.back(), last_view(edges, kernel));
  }
  std::vector<EstimatedEnergy> energies;
  for (const std::vector<PhaseStretch>& run : stretches) {
    const auto found = regression.solve(run);
    const auto* powers = std::get_if<PhasePowers>(&found);
    if (powers == nullptr) return {};
    energies.push_back(energy_of(*powers, run.back().to - run.front().from, runs.size(), profile));
  }
  return energies;
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

int GaugeEstimator::launches_a_replicate() const {
  const Kernel kernel = possible_.front().kernel();
  if (possible_.size() > 1 || inattention(kernel, update_period_) <= 0.0) return 1;
  return wattfor::launches_a_replicate(kernel, update_period_);
}

std::optional<EstimatedEnergy> GaugeEstimator::energy(const UpdateSeries& series, Seconds from,
                                                      Seconds to, const Padding& idle,
                                                      const PowerBounds& bounds,
                                                      Seconds phase_error) const {
  const WindowFacts facts{
      .duration = to - from,
      .update_period = series.period(),
      .time_error = std::max(usual_jitter, age_ / std::sqrt(12.0)),
      .phase_error = phase_error,
      .lowest = bounds.lowest,
      .highest = bounds.highest,
      .most = bounds.most,
  };
  if (auto found = by_any(series, from, to, idle, facts)) return found;
  return between_updates(series, from, to, bounds, possible_.front());
}

std::vector<EstimatedEnergy> GaugeEstimator::of_batches(
    const UpdateSeries& series, std::span<const std::vector<Seconds>> runs) const {
  if (launches_a_replicate() <= 1 || runs.empty()) return {};
  const Kernel kernel = possible_.front().kernel();
  Seconds shortest(HUGE_VAL);
  for (const std::vector<Seconds>& edges : runs) shortest = std::min(shortest, usual_batch(edges));
  for (std::size_t phases = phases_of_a_batch(shortest, kernel); phases > 0; --phases) {
    auto energies = by_phases(series, runs, phases, possible_.front());
    if (!energies.empty()) return energies;
  }
  return {};
}

std::optional<EstimatedEnergy> GaugeEstimator::by_any(const UpdateSeries& series, Seconds from,
                                                      Seconds to, const Padding& idle,
                                                      const WindowFacts& facts) const {
  std::optional<EstimatedEnergy> result;
  for (const SensorProfile& profile : possible_) {
    const Kernel kernel = profile.kernel();
    // What sees nothing of what lies beyond the idle time either.
    const Seconds blur = reach_of(kernel) - kernel.delay;
    const Padding padding(std::clamp(idle.before - blur, Seconds(0.0), padding_.before),
                          std::clamp(idle.after - blur, Seconds(0.0), padding_.after));
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
