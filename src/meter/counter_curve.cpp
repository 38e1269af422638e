#include "meter/counter_curve.h"

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

// Power beyond an edge is known to within a half after two updates, which is enough to bridge the
// way to the nearest reading, and a call that is late by a millisecond does not matter after 20.
constexpr double updates_of_far_side = 2.0;
constexpr Seconds shortest_far_side{0.02};

// A counter that is read is taken as stuck after ten of its update periods, but not before a
// second: even an idle device moves it.
constexpr double updates_to_stuck = 10.0;
constexpr Seconds shortest_stuck{1.0};

// Of a counter that moves again, the share of what it would have counted at its power before.
constexpr double least_made_up = 0.5;

}  // namespace

bool CounterCurve::take_in(const TimedReading& reading, std::optional<Instant> previous) {
  const Instant time = reading.time;
  const Seconds call = reading.call;
  const auto value = std::get<Joules>(reading.reading);
  if (!std::isfinite(value.value()) || value < Joules(0.0)) {
    refuse(time, fmt::format("{}: {} J is no count of joules", sensor().id, value.value()));
    return false;
  }
  const std::optional<Joules> before = std::exchange(last_value_, value);
  const bool anew = take_anew();
  const std::string failed = take_failure();
  if (!before) {
    last_change_ = time;
    begin_at(time);
    points_.back().age += call;
    return true;
  }
  if (anew) {
    last_change_ = time;
    append_gap(time, recent_power(), failed);
    points_.back().age += call;
    return true;
  }
  const Seconds stood_still = *previous - last_change_;
  const Point& change = points_.back();
  const auto energy = energy_between(sensor(), *before, value,
                                     {.since_change = time - change.time + change.age + call,
                                      .since_reading = time - *previous + call});
  if (const auto* fault = std::get_if<CounterFault>(&energy)) {
    last_change_ = time;
    list_fault(time, fault->reason);
    append_gap(time, recent_power(),
               failed.empty() ? fault->reason : fmt::format("{}; {}", failed, fault->reason));
    points_.back().age += call;
    return true;
  }
  if (!failed.empty()) list_hole(*previous, time, failed);
  if (value == *before) return true;
  last_change_ = time;
  const Seconds age = std::min(update_period(), Seconds(time - *previous)) + call;
  if (stood_still > longest_standstill() && sensor().in_total) {
    add_after_standstill(time, std::get<Joules>(energy), age);
  } else {
    append(time, std::get<Joules>(energy), age);
  }
  return true;
}

// A counter that was held up and shows all that flowed since has missed nothing; one that goes on
// where it stopped has lost it.
void CounterCurve::add_after_standstill(Instant time, Joules energy, Seconds age) {
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
      sensor().id, since.count());
  list_fault(time, reason);
  append_gap(time, power, reason);
}

// Before the last point.
Watts CounterCurve::recent_power() const {
  const Instant last = points_.back().time;
  return mean_power(last - ticks(reach()), last).value_or(Watts(0.0));
}

void CounterCurve::begin_at(Instant time) {
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

void CounterCurve::append(Instant time, Joules energy, Seconds age) {
  Point point = points_.back();
  point.time = time;
  point.energy += energy;
  point.age = age;
  point.peak = Watts(0.0);
  point.peak_from = time;
  raise_peak(point);
  points_.push_back(point);
}

void CounterCurve::append_gap(Instant time, Watts power, std::string reason) {
  if (points_.size() < 2) {
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
void CounterCurve::raise_peak(Point& point) {
  const Seconds stretch = point.time - peak_base_time_;
  if (stretch < std::max(peak_span(), 4.0 * point.age)) return;
  point.peak = (point.energy - peak_base_energy_) / stretch;
  point.peak_from = peak_base_time_;
  highest_ = std::max(highest_, point.peak);
  peak_base_time_ = point.time;
  peak_base_energy_ = point.energy;
}

bool CounterCurve::is_settled(Instant time) const {
  if (points_.empty()) return false;
  if (may_stand_still() && *last_good() >= time) return true;
  if (points_.back().time >= time + ticks(settling())) return true;
  // On the counter's own reading nothing has to be extrapolated.
  return std::ranges::binary_search(points_, time, {}, &Point::time);
}

// Three updates and intervals.
Seconds CounterCurve::lag() const { return missed_updates * (update_period() + interval()); }

Seconds CounterCurve::settling() const {
  const Seconds stretch = std::max(shortest_far_side, updates_of_far_side * update_period());
  return std::min(stretch, lag());
}

std::optional<Instant> CounterCurve::known_until() const {
  if (points_.empty()) return std::nullopt;
  return may_stand_still() ? *last_good() : points_.back().time;
}

Seconds CounterCurve::gap_length() const {
  return intervals_to_a_gap * std::max(interval(), update_period());
}

Seconds CounterCurve::reach() const { return std::max(2.0 * interval(), peak_span()); }

Seconds CounterCurve::peak_span() const {
  return std::max(0.5 * interval(), 4.0 * update_period());
}

Seconds CounterCurve::longest_standstill() const {
  return std::max(updates_to_stuck * update_period(), shortest_stuck);
}

Instant CounterCurve::join(Instant before, std::span<const Instant> edges) {
  if (points_.empty()) return before;
  if (points_.size() < 3) return points_.front().time;
  const Instant oldest = edges.empty() ? before : std::min(before, edges.front());
  // The readings on both sides of an edge, and what lies within reach of those.
  const Seconds kept_around = 2.0 * gap_length() + reach();
  while (points_.size() > 2 && points_[1].time <= oldest - ticks(kept_around)) points_.pop_front();

  const auto holds_an_edge = [&](Instant from, Instant to) {
    const auto edge = std::ranges::lower_bound(edges, from - ticks(kept_around));
    return edge != edges.end() && *edge <= to + ticks(kept_around);
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

  return points_.front().time;
}

}  // namespace wattfor
