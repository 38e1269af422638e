#include "response/error_budget.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wattfor {
namespace {

constexpr double least_seen = 0.5;  // of a window

// Updates whose deviation tells something.
constexpr std::size_t enough_updates = 3;
// Two deviations of the same noise hardly differ by more than this factor.
constexpr double alike = 2.0;

// Of a window, what its updates lack of its length and is no chance: an update that is missing at
// its edge. A part-time gauge may lack one that it never looked for.
constexpr double periods_missing = 0.5;
constexpr double periods_by_chance = 1.5;

double squared(Joules energy) { return energy.value() * energy.value(); }

Watts distance(Watts a, Watts b) { return Watts(std::abs((a - b).value())); }

// A deviation that was found from few updates may be too small: as much wider as Student's t is
// than the normal distribution (Abramowitz and Stegun 26.7.5, of the 97.5 % quantile).
Watts widened(Watts deviation, double degrees) {
  return (1.0 + 1.21 / degrees + 1.44 / (degrees * degrees)) * deviation;
}

double degrees_of(const Level& level) { return static_cast<double>(level.updates) - 1.0; }

// Of one update. Beside the window only the sensor should change: of two sides that differ the
// louder one had something else going on.
Watts noise_of(const PaddedEnergy& padded, const SensorProfile& profile) {
  const Watts rounding(profile.quantum.value_or(0.0) / std::sqrt(12.0));
  const bool louder_after =
      padded.before.updates >= enough_updates &&
      (padded.after.updates < enough_updates || padded.before.deviation <= padded.after.deviation);
  const Level& quiet = louder_after ? padded.before : padded.after;
  const Level& loud = louder_after ? padded.after : padded.before;
  if (quiet.updates < enough_updates) return rounding;
  Watts noise = quiet.deviation;
  double degrees = degrees_of(quiet);
  if (loud.updates >= enough_updates && loud.deviation <= alike * quiet.deviation) {
    const double more = degrees_of(loud);
    noise = Watts(std::sqrt((degrees * noise.value() * noise.value() +
                             more * loud.deviation.value() * loud.deviation.value()) /
                            (degrees + more)));
    degrees += more;
  }
  return std::max(widened(noise, degrees), rounding);
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

// What else may have gone on beside the work within the sensor's averaging window, and is taken for
// the work's: the update next to the work, whose window it all was in, says so much more than the
// others on that side. Of an exponential kernel the past is known.
Joules beside(const Level& level, const SensorProfile& profile) {
  if (profile.kernel().kind != ResponseKind::boxcar || level.updates == 0) return Joules(0.0);
  return distance(level.nearest, level.power) * width_of(profile.kernel());
}

// √Σ(p(t_k) − p(t_k − T))² of the power itself, by which an update that comes early or late is
// wrong. A load that alternates faster than the updates shows less in them: it may change by as
// much as a power of that mean between those limits can.
Watts change_between(const PaddedEnergy& padded, const WindowFacts& window, Watts mean) {
  const double below = std::max(0.0, (mean - window.lowest).value());
  const double above = std::max(0.0, (window.highest - mean).value());
  const double hidden = 2.0 * below * above * static_cast<double>(padded.updates);
  return Watts(std::sqrt(std::max(padded.squared_steps, hidden)));
}

// How far the kernel's whole shift is unknown: a window that is too long by some looks as if it
// were late by half of that.
Seconds delay_error(const SensorProfile& profile) {
  const double error = profile.window ? profile.window->standard_error.count() : 0.0;
  const double window = std::isfinite(error) ? error : 0.0;
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

EnergyFigure figure_of(Joules energy, const ErrorBudget& budget) {
  const auto interval = [&](double variance) {
    const Joules chance(std::sqrt(variance));
    return Interval{
        .low = (energy - chance - budget.gaps - budget.unattended_low - budget.unknown_low).value(),
        .high =
            (energy + chance + budget.gaps + budget.unattended_high + budget.unknown_high).value()};
  };
  const double own = squared(budget.noise) + squared(budget.levels) + squared(budget.timing);
  return {
      .energy = energy,
      .absolute = interval(own + squared(budget.gain) + squared(budget.offset)),
      .comparison = interval(own),
      .unattended = {.low = budget.unattended_low.value(), .high = budget.unattended_high.value()}};
}

EstimatedEnergy of_board(Joules read, Seconds duration, const SensorProfile& profile) {
  const double gain = profile.gain_or_one();
  EstimatedEnergy result;
  const Joules energy = (read - profile.offset_or_zero() * duration) / gain;
  result.figure.energy = std::max(Joules(0.0), energy);
  result.budget.gain = normal_95 * profile.gain_uncertainty() * result.figure.energy;
  result.budget.offset = (normal_95 / gain) * (profile.offset_uncertainty() * duration);
  return result;
}

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
  EstimatedEnergy result = of_board(read, window.duration, profile);

  // Up to here in what was read, from here on in what flowed.
  const double scale = normal_95 * whole / gain;
  ErrorBudget& budget = result.budget;
  budget.noise = scale * std::sqrt(static_cast<double>(padded.updates)) *
                 (noise_of(padded, profile) * window.update_period);
  const Joules before = doubt_of(padded.before, padded.after, padded, mean) * padded.weight_before;
  const Joules after = doubt_of(padded.after, padded.before, padded, mean) * padded.weight_after;
  const Joules work_before = beside(padded.before, profile);
  const Joules work_after = beside(padded.after, profile);
  budget.levels =
      std::max(scale * Joules(std::hypot(before.value(), after.value())),
               (whole / gain) * Joules(std::hypot(work_before.value(), work_after.value())));
  const Joules jitter = change_between(padded, window, mean) * window.time_error;
  const Seconds shift(std::hypot(delay_error(profile).count(), window.phase_error.count()));
  const Joules late = misplaced(padded, shift, window.update_period, mean);
  const Joules tail = distance(padded.after.power, mean) * window.fall;
  budget.timing = scale * Joules(std::hypot(jitter.value(), late.value(), tail.value()));
  budget.gaps = std::max(mean, window.most - mean) * unseen / gain;
  const auto unattended = [&](Watts way) {
    return inattentive * (std::max(way, Watts(0.0)) * window.duration) / gain;
  };
  budget.unattended_low = unattended(mean - window.lowest);
  budget.unattended_high = unattended(window.highest - mean);

  result.figure = figure_of(result.figure.energy, budget);
  // No less than nothing flows, whatever a calibrated offset makes of a small reading.
  result.figure = not_negative(result.figure);
  return result;
}

}  // namespace wattfor
