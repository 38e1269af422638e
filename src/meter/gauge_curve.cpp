#include "meter/gauge_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <variant>

#include "meter/unwrap.h"

namespace wattfor {
namespace {

constexpr std::size_t repetitions_at_most = 100;

// The time on each side of a window that tells the power there, and for which its figure waits: two
// updates of a slow gauge and up to four of a quick one. What lies further away may be other work.
constexpr double fewest_updates = 2.0;
constexpr double most_updates = 4.0;
constexpr Seconds quick{0.4};
constexpr double updates_missed = 3.0;

// The last digits of a power reading are noise: one that repeats itself for a minute is not read
// any more. A gauge that counts in coarse steps has no such digits, and may well repeat: one whose
// smallest change so far was more than a hundredth of what it says, or that has only said whole
// watts.
constexpr Seconds longest_repetition{60.0};
constexpr double updates_to_repetition = 100.0;
constexpr double steps_of_a_fine_gauge = 100.0;

std::optional<Seconds> known_period(const SensorInfo& sensor) {
  const auto period = profile_of(sensor).update_period;
  if (!period || period->value <= Seconds(0.0)) return std::nullopt;
  return period->value;
}

Seconds padding_of(Seconds period) {
  return std::max(fewest_updates * period, std::min(most_updates * period, quick));
}

GaugeEstimator estimator_of(const SensorInfo& sensor, const PublishedUpdates& updates) {
  const Seconds period = updates.period();
  const Seconds age = updates.one_a_poll() ? update_period_of(sensor) : Seconds(0.0);
  return {profile_of(sensor), period, age, padding_of(period)};
}

}  // namespace

GaugeCurve::GaugeCurve(const SensorInfo& sensor, Seconds interval)
    : EnergyCurve(sensor, interval),
      updates_(known_period(sensor), interval),
      estimator_(estimator_of(sensor, updates_)) {}

bool GaugeCurve::take_in(const TimedReading& reading, std::optional<Instant> previous) {
  const Instant time = reading.time;
  const auto power = std::get<Watts>(reading.reading);
  const Watts most = implausible_power(sensor());
  if (!(power >= Watts(0.0) && power <= most)) {
    refuse(time, fmt::format("{}: a reading of {} W lies outside 0 … {:.0f} W", sensor().id,
                             power.value(), most.value()));
    return false;
  }
  if (!start_) {
    start_ = time;
    last_power_ = power;
    last_change_ = time;
  }
  std::string reason = take_failure();
  const bool anew = take_anew();
  if (previous) {
    if (anew || Seconds(time - *previous) > updates_.longest_silence()) {
      list_hole(*previous, time, reason.empty() ? "not read" : std::move(reason));
    }
  }
  highest_ = std::max(highest_, power);
  note_repetition(time, power);
  updates_.add(since_start(time), power);
  return true;
}

void GaugeCurve::note_repetition(Instant time, Watts power) {
  if (power == last_power_) return;
  if (repeats_itself()) {
    repetitions_.push_back({.from = last_change_, .to = *last_good(), .said = last_power_});
    if (repetitions_.size() > repetitions_at_most) repetitions_.pop_front();
  }
  const Watts step = std::max(power, last_power_) - std::min(power, last_power_);
  if (smallest_step_ == Watts(0.0) || step < smallest_step_) smallest_step_ = step;
  last_power_ = power;
  last_change_ = time;
}

bool GaugeCurve::repeats_itself() const {
  if (!last_good()) return false;
  const bool coarse = smallest_step_ > Watts(0.0)
                          ? last_power_ < steps_of_a_fine_gauge * smallest_step_
                          : last_power_.value() == std::floor(last_power_.value());
  return !coarse && Seconds(*last_good() - last_change_) >
                        std::max(longest_repetition, updates_to_repetition * update_period());
}

bool GaugeCurve::is_settled(Instant time) const {
  return last_good() && *last_good() >= time + ticks(settling());
}

Seconds GaugeCurve::settling() const { return estimator_.reach() + padding_of(updates_.period()); }

Seconds GaugeCurve::lag() const {
  return settling() + updates_missed * (updates_.period() + interval());
}

std::optional<PartTimeBeat> GaugeCurve::part_time_beat(Instant now) const {
  const auto beat = updates_.beat();
  const int launches = estimator_.launches_a_replicate();
  if (!start_ || !beat || launches <= 1) return std::nullopt;
  const double periods = (since_start(now) - beat->phase) / beat->period;
  return PartTimeBeat{.period = beat->period,
                      .since_update = (periods - std::floor(periods)) * beat->period,
                      .launches = launches,
                      .rest = estimator_.rest(),
                      .settling = settling()};
}

CurveEnergy GaugeCurve::energy(Instant from, Instant to) const {
  CurveEnergy result = occurrences(from, to);
  if (!start_) {
    list_gap(result, from, to, from, to, silence());
    return result;
  }
  list_gap(result, from, to, from, *start_, "no reading yet");
  if (Seconds(to - *last_good()) > updates_.longest_silence()) {
    list_gap(result, from, to, *last_good(), to, silence());
  }

  const Seconds begin = since_start(from);
  const Seconds end = since_start(to);
  const PublishedUpdates::Told told = updates_.told();
  constexpr Seconds always(std::numeric_limits<double>::infinity());
  const auto found = estimator_.energy(told.series, begin, end, always, bounds(), told.phase_error);
  if (!found) return result;
  result.energy = found->figure.energy;
  result.budget = found->budget;
  for (const Repetition& past : repetitions_) add_repetition(past, from, to, result);
  if (repeats_itself()) {
    add_repetition({last_change_, *last_good(), last_power_}, from, to, result);
  }
  const SensorProfile profile = profile_of(sensor());
  const Watts highest = told.series.highest(told.series.after(begin), told.series.after(end));
  result.peak = std::max((highest - profile.offset_or_zero()) / profile.gain_or_one(),
                         *result.energy / Seconds(to - from));
  return result;
}

std::vector<CurveEnergy> GaugeCurve::energies(std::span<const BatchEdges> runs) const {
  std::vector<CurveEnergy> energies = EnergyCurve::energies(runs);
  // What was missed is known of a window alone.
  const bool missed = std::ranges::any_of(energies, [](const CurveEnergy& each) {
    return !each.energy || each.budget.gaps > Joules(0.0);
  });
  if (missed) return energies;
  std::vector<std::vector<Seconds>> edges(runs.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const Instant edge : runs[i]) edges[i].push_back(since_start(edge));
  }
  const PublishedUpdates::Told updates = updates_.told();
  const auto told = estimator_.of_launches(updates.series, edges, bounds(), updates.phase_error);
  for (std::size_t i = 0; i < told.size(); ++i) {
    CurveEnergy& run = energies[i];
    run.energy = told[i].figure.energy;
    run.budget = told[i].budget;
    run.peak = std::max(*run.peak, *run.energy / (edges[i].back() - edges[i].front()));
  }
  return energies;
}

void GaugeCurve::add_repetition(const Repetition& repetition, Instant from, Instant to,
                                CurveEnergy& result) const {
  const Seconds overlap = std::min(to, repetition.to) - std::max(from, repetition.from);
  if (overlap <= Seconds(0.0)) return;
  const Watts beyond = std::max(repetition.said, bounds().most - repetition.said);
  result.budget.gaps += beyond * overlap;
  result.faults.push_back(
      fmt::format("{}: it has said exactly {:.6g} W for {:.0f} s: it may be stuck", sensor().id,
                  repetition.said.value(), Seconds(repetition.to - repetition.from).count()));
}

// Nothing says that the lowest reading so far is that of idle.
PowerBounds GaugeCurve::bounds() const {
  const auto limit = sensor().power_limit;
  const Watts most = limit ? std::max(highest_, *limit) : 2.0 * highest_;
  return {.lowest = Watts(0.0), .highest = most, .most = most};
}

std::string GaugeCurve::silence() const { return failure().empty() ? "no reading" : failure(); }

Instant GaugeCurve::join(Instant before, std::span<const Instant> edges) {
  if (!start_) return before;
  // What sees some of an edge, and the power on both of its sides.
  const Seconds around =
      estimator_.reach() + 2.0 * updates_.longest_silence() + padding_of(updates_.period());
  const Seconds recent = since_start(before);
  updates_.thin([&](Seconds time) {
    if (time >= recent) return true;
    const auto edge = std::ranges::lower_bound(edges, *start_ + ticks(time - around));
    return edge != edges.end() && since_start(*edge) <= time + around;
  });
  return edges.empty() ? before : std::min(before, edges.front());
}

}  // namespace wattfor
