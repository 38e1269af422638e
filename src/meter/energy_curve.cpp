#include "meter/energy_curve.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <variant>

#include "meter/unwrap.h"

namespace wattfor {
namespace {

constexpr double intervals_to_a_gap = 2.5;
constexpr double missed_updates = 3.0;
constexpr std::size_t listed_at_most = 100;

// Power beyond an edge is known to within a half after two updates, which is enough to bridge the
// way to the nearest reading, and a call that is late by a millisecond does not matter after 20.
constexpr double updates_of_far_side = 2.0;
constexpr Seconds shortest_far_side{0.02};

// A counter that is read is taken as stuck after ten of its update periods, but not before a
// second: even an idle device moves it.
constexpr double updates_to_stuck = 10.0;
constexpr Seconds shortest_stuck{1.0};

// The last digits of a power reading are noise: one that repeats itself for a minute is not read
// any more. A gauge that counts in coarse steps has no such digits, and may well repeat: one whose
// smallest change so far was more than a hundredth of what it says, or that has only said whole
// watts.
constexpr Seconds longest_repetition{60.0};
constexpr double updates_to_repetition = 100.0;
constexpr double steps_of_a_fine_gauge = 100.0;

// Of a counter that moves again, the share of what it would have counted at its power before.
constexpr double least_made_up = 0.5;

}  // namespace

EnergyCurve::EnergyCurve(SensorInfo sensor, Seconds interval)
    : sensor_(std::move(sensor)), interval_(interval) {}

void EnergyCurve::add(const TimedReading& reading) {
  if (const auto* failure = std::get_if<ReadFailure>(&reading.reading)) {
    add_failure(*failure);
    return;
  }
  if (last_time_ && reading.time <= *last_time_) return;
  last_time_ = reading.time;
  gone_ = false;
  if (const auto* energy = std::get_if<Joules>(&reading.reading)) {
    add_counter(reading.time, *energy, reading.call);
  } else {
    add_gauge(reading.time, std::get<Watts>(reading.reading));
  }
}

void EnergyCurve::add_failure(const ReadFailure& failure) {
  failure_ = failure.reason;
  gone_ = failure.kind == FailureKind::gone;
  anew_ = anew_ || gone_;
}

void EnergyCurve::interrupt(Instant time, const std::string& reason) {
  failure_ = reason;
  anew_ = true;
  list_fault(time, reason);
}

void EnergyCurve::add_counter(Instant time, Joules value, Seconds call) {
  if (!std::isfinite(value.value()) || value < Joules(0.0)) {
    failure_ = fmt::format("{}: {} J is no count of joules", sensor_.id, value.value());
    list_fault(time, failure_);
    return;
  }
  const Instant last_good = std::exchange(last_good_, time);
  const std::optional<Reading> last = std::exchange(last_value_, value);
  const bool anew = std::exchange(anew_, false);
  if (!last) {
    failure_.clear();
    last_change_ = time;
    begin_at(time);
    points_.back().age += call;
    return;
  }
  if (anew) {
    last_change_ = time;
    append_gap(time, recent_power(), std::exchange(failure_, ""));
    points_.back().age += call;
    return;
  }
  const std::string failed = std::exchange(failure_, "");
  const Joules before = std::get<Joules>(*last);
  const Seconds stood_still = last_good - last_change_;
  const Point& change = points_.back();
  const auto energy = energy_between(sensor_, before, value,
                                     {.since_change = time - change.time + change.age + call,
                                      .since_reading = time - last_good + call});
  if (const auto* fault = std::get_if<CounterFault>(&energy)) {
    last_change_ = time;
    list_fault(time, fault->reason);
    append_gap(time, recent_power(),
               failed.empty() ? fault->reason : fmt::format("{}; {}", failed, fault->reason));
    points_.back().age += call;
    return;
  }
  if (!failed.empty()) list_hole(last_good, time, failed);
  if (value == before) return;
  last_change_ = time;
  const Seconds age = std::min(update_period(), Seconds(time - last_good)) + call;
  if (stood_still > longest_standstill() && sensor_.in_total) {
    add_after_standstill(time, std::get<Joules>(energy), age);
  } else {
    append(time, std::get<Joules>(energy), age);
  }
}

// A counter that was held up and shows all that flowed since has missed nothing; one that goes on
// where it stopped has lost it.
void EnergyCurve::add_after_standstill(Instant time, Joules energy, Seconds age) {
  const Point& change = points_.back();
  const Seconds since = time - change.time;
  const Watts power = recent_power();
  if (points_.size() > 1 && energy >= least_made_up * (power * since)) {
    append(time, energy, age);
    return;
  }
  const std::string reason = fmt::format(
      "{}: the counter stood still for {:.1f} s and went on without what flowed "
      "meanwhile",
      sensor_.id, since.count());
  list_fault(time, reason);
  append_gap(time, power, reason);
}

// Before the last point.
Watts EnergyCurve::recent_power() const {
  const Instant last = points_.back().time;
  return mean_power(last - ticks(reach()), last).value_or(Watts(0.0));
}

void EnergyCurve::add_gauge(Instant time, Watts power) {
  const bool possible = power >= Watts(0.0) && power <= implausible_power(sensor_);
  if (!possible) {
    failure_ = fmt::format("{}: a reading of {} W lies outside 0 … {:.0f} W", sensor_.id,
                           power.value(), implausible_power(sensor_).value());
    list_fault(time, failure_);
    return;
  }
  const bool repeated = repeats_itself();
  const Instant last_good = std::exchange(last_good_, time);
  const std::optional<Reading> last = std::exchange(last_value_, power);
  std::string failure = std::exchange(failure_, "");
  anew_ = false;
  highest_ = std::max(highest_, power);
  if (!last) {
    begin_at(time);
  } else {
    const Seconds duration = time - last_good;
    const Watts mean = 0.5 * (std::get<Watts>(*last) + power);
    if (failure.empty() && duration > gap_length()) {
      failure = fmt::format("not read for {:.3f} s", duration.count());
    }
    if (failure.empty()) {
      append(time, mean * duration, Seconds(0.0));
    } else {
      list_hole(last_good, time, failure);
      append_gap(time, mean, "");
    }
  }
  points_.back().peak = power;
  points_.back().peak_from = time;
  if (!last) {
    last_change_ = time;
    return;
  }
  const Watts said = std::get<Watts>(*last);
  if (said == power) return;
  const Watts step = said < power ? power - said : said - power;
  if (smallest_step_ == Watts(0.0) || step < smallest_step_) smallest_step_ = step;
  if (repeated) {
    repetitions_.push_back({.from = last_change_, .to = last_good, .said = said});
    if (repetitions_.size() > listed_at_most) repetitions_.pop_front();
  }
  last_change_ = time;
}

void EnergyCurve::begin_at(Instant time) {
  points_.assign(1, {.time = time,
                     .energy = Joules(0.0),
                     .unseen = Seconds(0.0),
                     .doubt = Joules(0.0),
                     .age = update_period(),
                     .peak = Watts(0.0),
                     .peak_from = time});
  peak_base_time_ = time;
  peak_base_energy_ = Joules(0.0);
}

void EnergyCurve::append(Instant time, Joules energy, Seconds age) {
  Point point = points_.back();
  point.time = time;
  point.energy += energy;
  point.age = age;
  point.peak = Watts(0.0);
  point.peak_from = time;
  if (sensor_.kind == SensorKind::energy_counter) raise_peak(point);
  points_.push_back(point);
}

void EnergyCurve::append_gap(Instant time, Watts power, std::string reason) {
  if (points_.size() < 2 && sensor_.kind == SensorKind::energy_counter) {
    // Nothing is known of the power so far.
    begin_at(time);
    return;
  }
  if (!reason.empty()) list_hole(points_.back().time, time, std::move(reason));
  const Unseen gap = filled(time - points_.back().time, power);
  append(time, gap.energy, update_period());
  Point& point = points_.back();
  point.unseen += gap.duration;
  point.doubt += gap.doubt;
  point.peak = Watts(0.0);
  peak_base_time_ = time;
  peak_base_energy_ = point.energy;
}

// Between two readings of a counter that lie close together the updates' phase would pass for
// power.
void EnergyCurve::raise_peak(Point& point) {
  const Seconds stretch = point.time - peak_base_time_;
  if (stretch < std::max(peak_span(), 4.0 * point.age)) return;
  point.peak = (point.energy - peak_base_energy_) / stretch;
  point.peak_from = peak_base_time_;
  highest_ = std::max(highest_, point.peak);
  peak_base_time_ = point.time;
  peak_base_energy_ = point.energy;
}

void EnergyCurve::list_hole(Instant from, Instant to, std::string reason) {
  holes_.push_back({from, to, std::move(reason)});
  if (holes_.size() > listed_at_most) holes_.pop_front();
}

void EnergyCurve::list_fault(Instant time, std::string text) {
  faults_.push_back({time, std::move(text)});
  if (faults_.size() > listed_at_most) faults_.pop_front();
}

bool EnergyCurve::settled(Instant time, Instant now) const {
  if (gone_ || Seconds(now - time) > lag()) return true;
  if (points_.empty()) return false;
  if (may_stand_still() && last_good_ >= time) return true;
  if (points_.back().time >= time + ticks(settling())) return true;
  // On a counter's own reading nothing has to be extrapolated.
  return sensor_.kind == SensorKind::energy_counter &&
         std::ranges::binary_search(points_, time, {}, &Point::time);
}

Seconds EnergyCurve::lag() const { return missed_updates * (update_period() + interval_); }

Seconds EnergyCurve::settling() const {
  const Seconds stretch = std::max(shortest_far_side, updates_of_far_side * update_period());
  return std::min(stretch + averaging_window(), lag());
}

std::optional<Instant> EnergyCurve::known_until() const {
  if (points_.empty()) return std::nullopt;
  return may_stand_still() ? last_good_ : points_.back().time;
}

Seconds EnergyCurve::update_period() const { return update_period_of(sensor_); }

Seconds EnergyCurve::averaging_window() const {
  return sensor_.averaging_window.value_or(Seconds(0.0));
}

Seconds EnergyCurve::gap_length() const {
  return intervals_to_a_gap * std::max(interval_, update_period());
}

Seconds EnergyCurve::reach() const {
  return std::max(2.0 * interval_, peak_span()) + averaging_window();
}

Seconds EnergyCurve::peak_span() const { return std::max(0.5 * interval_, 4.0 * update_period()); }

Seconds EnergyCurve::longest_standstill() const {
  return std::max(updates_to_stuck * update_period(), shortest_stuck);
}

bool EnergyCurve::repeats_itself() const {
  if (sensor_.kind != SensorKind::power_gauge || !last_value_) return false;
  const Watts said = std::get<Watts>(*last_value_);
  const bool coarse = smallest_step_ > Watts(0.0) ? said < steps_of_a_fine_gauge * smallest_step_
                                                  : said.value() == std::floor(said.value());
  return !coarse && Seconds(last_good_ - last_change_) >
                        std::max(longest_repetition, updates_to_repetition * update_period());
}

void EnergyCurve::compact(Instant before, std::span<const Instant> edges) {
  if (points_.size() < 3) return;
  std::vector<Instant> sorted(edges.begin(), edges.end());
  std::ranges::sort(sorted);
  const Instant oldest = sorted.empty() ? before : std::min(before, sorted.front());
  // The readings on both sides of an edge, and what lies within reach of those.
  const Seconds kept_around = 2.0 * gap_length() + reach();
  while (points_.size() > 2 && points_[1].time <= oldest - ticks(kept_around)) points_.pop_front();

  const auto holds_an_edge = [&](Instant from, Instant to) {
    const auto edge = std::ranges::lower_bound(sorted, from - ticks(kept_around));
    return edge != sorted.end() && *edge <= to + ticks(kept_around);
  };
  std::deque<Point> kept{points_.front()};
  for (std::size_t i = 1; i < points_.size(); ++i) {
    const Point& point = points_[i];
    const bool joined = i + 1 < points_.size() && points_[i + 1].time < before &&
                        !holds_an_edge(kept.back().time, points_[i + 1].time);
    if (!joined) {
      kept.push_back(point);
      continue;
    }
    Point& next = points_[i + 1];
    next.peak_from = std::min(next.peak_from, point.peak_from);
    next.peak = std::max(next.peak, point.peak);
  }
  points_ = std::move(kept);

  const Instant start = points_.front().time;
  while (!holes_.empty() && holes_.front().to <= start) holes_.pop_front();
  while (!faults_.empty() && faults_.front().time < start) faults_.pop_front();
}

}  // namespace wattfor
