#include "response/error_budget.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wattfor {
namespace {

constexpr double deviations = 1.96;  // of a 95 % interval
constexpr double least_seen = 0.5;   // of a window

// Updates whose deviation tells something.
constexpr std::size_t enough_updates = 3;

// Of a window, what its updates lack of its length and is no chance: an update that is missing at
// its edge. A part-time gauge may lack one that it never looked for.
constexpr double periods_missing = 0.5;
constexpr double periods_by_chance = 1.5;

double squared(Joules energy) { return energy.value() * energy.value(); }

Watts distance(Watts a, Watts b) { return Watts(std::abs((a - b).value())); }

// Of one update, from the quieter side.
Watts noise_of(const PaddedEnergy& padded, const SensorProfile& profile) {
  std::optional<Watts> least;
  for (const Level* level : {&padded.before, &padded.after}) {
    if (level->updates < enough_updates) continue;
    least = std::min(least.value_or(level->deviation), level->deviation);
  }
  const Watts rounding(profile.quantum.value_or(0.0) / std::sqrt(12.0));
  return std::max(least.value_or(rounding), rounding);
}

// How far the power right beside the window may be from its level, which is the mean of what was
// seen some time before or after. Without updates of its own it is a guess, as wrong as half of the
// step to the window's mean, or as the updates in the window scatter.
Watts doubt_of(const Level& level, const Level& other, const PaddedEnergy& padded, Watts mean) {
  if (level.updates == 0 || (level.updates < enough_updates && other.updates < enough_updates)) {
    const auto steps = std::max<double>(1.0, static_cast<double>(padded.updates));
    const Watts scatter(std::sqrt(padded.squared_steps / steps) / std::numbers::sqrt2);
    return std::max(0.5 * distance(level.power, mean), scatter);
  }
  const Watts deviation =
      level.updates < enough_updates ? std::max(level.deviation, other.deviation) : level.deviation;
  return std::sqrt(1.0 + 1.0 / static_cast<double>(level.updates)) * deviation;
}

// How far the kernel's whole shift is unknown: a window that is too long by some looks as if it
// were late by half of that.
Seconds delay_error(const SensorProfile& profile) {
  const double window = profile.window ? profile.window->standard_error.count() : 0.0;
  return Seconds(std::hypot(profile.delay_uncertainty().count(), 0.5 * window));
}

// A kernel that is taken to be late by `error` too little or too much moves both edges of the
// window, and leaves out some of an update at one of them where the next one is due within `error`.
Joules misplaced(const PaddedEnergy& padded, Seconds error, Seconds update_period, Watts mean) {
  const Joules moved = distance(padded.before.power, padded.after.power) * error;
  const double chance = std::min(1.0, error / (3.0 * update_period));
  const Watts step =
      std::max(distance(padded.before.power, mean), distance(padded.after.power, mean));
  const Joules cut = std::sqrt(chance) * (step * error);
  return Joules(std::hypot(moved.value(), cut.value()));
}

}  // namespace

std::optional<EstimatedEnergy> figure_of(const PaddedEnergy& padded, const SensorProfile& profile,
                                         const WindowFacts& window) {
  const double inattentive = inattention(profile.kernel(), window.update_period);
  const Seconds missing = window.duration - padded.seen;
  const double spared = inattentive > 0.0 ? periods_by_chance : periods_missing;
  Seconds unseen = padded.unseen;
  if (missing > spared * window.update_period) unseen += missing;
  const Seconds looked = padded.seen - padded.unseen;
  if (window.duration <= Seconds(0.0) || padded.updates == 0 ||
      looked < least_seen * window.duration) {
    return std::nullopt;
  }

  const double whole = window.duration / padded.seen;
  const Joules read = whole * padded.energy;
  const Watts mean = read / window.duration;
  const double gain = profile.gain_or_one();
  EstimatedEnergy result;
  result.figure.energy = (read - profile.offset_or_zero() * window.duration) / gain;

  // Up to here in what was read, from here on in what flowed.
  const double scale = deviations * whole / gain;
  ErrorBudget& budget = result.budget;
  budget.gain = deviations * profile.gain_uncertainty() * result.figure.energy;
  budget.offset = (deviations / gain) * (profile.offset_uncertainty() * window.duration);
  budget.noise = scale * std::sqrt(static_cast<double>(padded.updates)) *
                 (noise_of(padded, profile) * window.update_period);
  const Joules before = doubt_of(padded.before, padded.after, padded, mean) * padded.weight_before;
  const Joules after = doubt_of(padded.after, padded.before, padded, mean) * padded.weight_after;
  budget.levels = scale * Joules(std::hypot(before.value(), after.value()));
  const Joules jitter = Watts(std::sqrt(padded.squared_steps)) * window.time_error;
  const Joules late = misplaced(padded, delay_error(profile), window.update_period, mean);
  budget.timing = scale * Joules(std::hypot(jitter.value(), late.value()));
  budget.gaps = std::max(mean, window.most - mean) * unseen / gain;
  const auto unattended = [&](Watts way) {
    return inattentive * (std::max(way, Watts(0.0)) * window.duration) / gain;
  };
  budget.unattended_low = unattended(mean - window.lowest);
  budget.unattended_high = unattended(window.highest - mean);

  const auto interval = [&](double variance) {
    const Joules chance(std::sqrt(variance));
    const Joules energy = result.figure.energy;
    const Joules low = energy - chance - budget.gaps - budget.unattended_low;
    const Joules high = energy + chance + budget.gaps + budget.unattended_high;
    return Interval{.low = std::max(0.0, low.value()), .high = high.value()};
  };
  const double common = squared(budget.noise) + squared(budget.levels) + squared(budget.timing);
  result.figure.comparison = interval(common);
  result.figure.absolute = interval(common + squared(budget.gain) + squared(budget.offset));
  return result;
}

}  // namespace wattfor
