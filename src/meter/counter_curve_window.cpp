#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <variant>

#include "meter/counter_curve.h"
#include "meter/unwrap.h"

// What a curve's points tell about a window: its energy, its edges and what may be wrong with them.
namespace wattfor {
namespace {

constexpr Watts no_power{0.0};

Seconds positive(Seconds duration) { return std::max(duration, Seconds(0.0)); }

Joules mixed(Joules a, Joules b, double share) { return a + share * (b - a); }

}  // namespace

CurveEnergy CounterCurve::energy(Instant from, Instant to) const {
  CurveEnergy result = occurrences(from, to);
  const auto add_gap = [&](Instant begin, Instant end, const std::string& reason) {
    list_gap(result, from, to, begin, end, reason);
  };
  if (points_.empty()) {
    add_gap(from, to, silence());
    return result;
  }
  const Point& first = points_.front();
  const Point& last = points_.back();
  if (from < first.time) add_gap(from, first.time, "no reading yet");
  if (stuck(to) && !sensor().in_total) return result;
  if (to > last.time) add_gap(last.time, to, silence());
  if (stuck(to)) {
    result.faults.push_back(
        fmt::format("{}: the counter has not moved for {:.1f} s: it is taken as stuck, not as 0 J",
                    sensor().id, Seconds(std::min(to, *last_good()) - last.time).count()));
    return result;
  }

  const Point begin = at(from);
  const Point end = at(to);
  const Unseen lead =
      filled(positive(std::min(to, first.time) - from),
             mean_power(first.time, first.time + ticks(reach())).value_or(no_power));
  const Unseen trail = filled(positive(to - std::max(from, last.time)),
                              mean_power(last.time - ticks(reach()), last.time).value_or(no_power));
  const Seconds duration = to - from;
  const Seconds unseen = end.unseen - begin.unseen + lead.duration + trail.duration;
  if (2.0 * unseen > duration) return result;

  const Watts inside = highest_inside(from, to);
  const Edge opening = edge_at(from, inside);
  const Edge closing = edge_at(to, inside);
  // Two edges in one segment are carried on from both of its ends, and may cross.
  const Joules between = std::max(closing.energy - opening.energy, Joules(0.0));
  const SensorProfile profile = profile_of(sensor());
  const double gain = profile.gain_or_one();
  const Joules counted = between + lead.energy + trail.energy;
  const Joules energy =
      std::max(Joules(0.0), (counted - profile.offset_or_zero() * duration) / gain);
  result.energy = energy;
  result.budget.gain = normal_95 * profile.gain_uncertainty() * energy;
  result.budget.offset = (normal_95 / gain) * (profile.offset_uncertainty() * duration);
  // Both edges are bounds, so they add up.
  result.budget.timing = (opening.half_width + closing.half_width) / gain;
  result.budget.gaps = ((end.doubt - begin.doubt) + lead.doubt + trail.doubt) / gain;
  if (duration > Seconds(0.0)) {
    Watts peak = energy / duration;
    const auto first_inside = std::ranges::lower_bound(points_, from, {}, &Point::time);
    for (auto point = first_inside; point != points_.end() && point->time <= to; ++point) {
      if (point->peak_from >= from) peak = std::max(peak, point->peak / gain);
    }
    result.peak = peak;
  }
  return result;
}

// Interpolated between the points around it; the first or last point beyond them.
CounterCurve::Point CounterCurve::at(Instant time) const {
  const auto next = std::ranges::lower_bound(points_, time, {}, &Point::time);
  if (next == points_.end()) return points_.back();
  if (next == points_.begin()) return points_.front();
  const Point& before = *std::prev(next);
  const double share = Seconds(time - before.time) / Seconds(next->time - before.time);
  Point point = *next;
  point.time = time;
  point.energy = mixed(before.energy, next->energy, share);
  point.doubt = mixed(before.doubt, next->doubt, share);
  point.unseen = before.unseen + share * (next->unseen - before.unseen);
  return point;
}

std::optional<Watts> CounterCurve::mean_power(Instant from, Instant to) const {
  const Point begin = at(from);
  const Point end = at(to);
  const Seconds duration = end.time - begin.time;
  if (duration <= Seconds(0.0)) return std::nullopt;
  return (end.energy - begin.energy) / duration;
}

// Where there is nothing on a side yet, the power between the two readings stands for it, and on a
// reading that of the other side.
CounterCurve::PowersAround CounterCurve::powers_around(Instant previous, Instant next) const {
  const auto between = mean_power(previous, next);
  const auto before = mean_power(previous - ticks(reach()), previous);
  const auto after = mean_power(next, next + ticks(reach()));
  return {.before = before.value_or(between.value_or(after.value_or(no_power))),
          .after = after.value_or(between.value_or(before.value_or(no_power)))};
}

// The most that any power may have been: a device keeps its limit, and else twice what was seen.
Watts CounterCurve::most(Watts power) const {
  const Watts seen = std::max(highest_, power);
  return sensor().power_limit ? std::max(seen, *sensor().power_limit) : 2.0 * seen;
}

// A counter's readings lie up to an update behind, so of a window's energy as much as flows in an
// update may be counted before it or after it, and what is seen may be that of a window so much
// shorter. Where the window is longer than the stretch over which powers are taken anyway, nothing.
Watts CounterCurve::highest_inside(Instant from, Instant to) const {
  const Seconds duration = to - from;
  if (duration >= reach()) return no_power;
  const Point begin = at(from);
  const Point end = at(to);
  const Seconds certain = duration - std::max(begin.age, end.age);
  const Joules seen = end.energy - begin.energy;
  const Watts highest = most(seen / std::max(duration, Seconds(1e-9)));
  return certain > Seconds(0.0) ? std::min(highest, seen / certain) : highest;
}

CounterCurve::Edge CounterCurve::edge_at(Instant time, Watts inside) const {
  time = std::clamp(time, points_.front().time, points_.back().time);
  const auto after = std::ranges::lower_bound(points_, time, {}, &Point::time);
  const Point& next = *after;
  const Point& previous = next.time == time ? next : *std::prev(after);
  const PowersAround powers = powers_around(previous.time, next.time);
  // A counter was written up to its age before it was read: half of that, as the mean age is common
  // to both edges.
  const Watts lowest = std::min(powers.before, powers.after);
  const Watts highest = std::max({powers.before, powers.after, inside});
  const Joules half_width = highest * (0.5 * std::max(previous.age, next.age));
  if (next.time == time) return {.energy = next.energy, .half_width = half_width};
  if (is_hole(previous, next)) {
    Edge edge = edge_in_hole(time, previous, next);
    edge.half_width += half_width;
    return edge;
  }
  const Seconds since = time - previous.time;
  const Seconds until = next.time - time;
  const Seconds nearest = std::min(since, until);
  const Joules forwards = previous.energy + powers.before * since;
  const Joules backwards = next.energy - powers.after * until;
  // The power between the edge and the nearer reading is that of the reading's side where it
  // changes at the edge, as at the begin and the end of work, and that of the other side where it
  // changes at the reading. Where it was neither, the two ways disagree.
  const Joules unexplained(std::abs((forwards - backwards).value()));
  const Joules wrong =
      std::max((highest - lowest) * nearest, (nearest / (since + until)) * unexplained);
  return {.energy = std::clamp(since < until ? forwards : backwards, previous.energy, next.energy),
          .half_width = half_width + wrong};
}

// What was counted in the hole may have flowed on either side of the edge, as far as the device can
// draw it.
CounterCurve::Edge CounterCurve::edge_in_hole(Instant time, const Point& previous,
                                              const Point& next) const {
  const Watts most = implausible_power(sensor());
  const Joules low = std::max(previous.energy, next.energy - most * Seconds(next.time - time));
  const Joules high = std::min(next.energy, previous.energy + most * Seconds(time - previous.time));
  const Joules energy = at(time).energy;
  return {.energy = energy, .half_width = std::max({energy - low, high - energy, Joules(0.0)})};
}

// A stretch in which a counter went on without being read. What is unseen too was filled in, and
// has its doubt.
bool CounterCurve::is_hole(const Point& previous, const Point& next) const {
  return Seconds(next.time - previous.time) > gap_length() && next.unseen == previous.unseen;
}

CounterCurve::Unseen CounterCurve::filled(Seconds duration, Watts power) const {
  return {.duration = duration,
          .energy = power * duration,
          .doubt = std::max(power, most(power) - power) * duration};
}

bool CounterCurve::stands_still(Instant until) const {
  return Seconds(std::min(until, *last_good()) - points_.back().time) > longest_standstill();
}

// What comes after `to` is another window's: a figure does not depend on when it is asked for.
bool CounterCurve::stuck(Instant to) const { return stands_still(to); }

bool CounterCurve::may_stand_still() const {
  return !sensor().in_total && stands_still(*last_good());
}

// Why there is no point after the last one.
std::string CounterCurve::silence() const {
  if (!failure().empty()) return failure();
  if (points_.empty() || *last_good() <= points_.back().time) return "no reading";
  return "the counter had not moved yet";
}

}  // namespace wattfor
