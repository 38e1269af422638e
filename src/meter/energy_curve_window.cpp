#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <variant>

#include "meter/energy_curve.h"
#include "meter/unwrap.h"

// What a curve's points tell about a window: its energy, its edges and what may be wrong with them.
namespace wattfor {
namespace {

constexpr Watts no_power{0.0};

Seconds positive(Seconds duration) { return std::max(duration, Seconds(0.0)); }

Joules mixed(Joules a, Joules b, double share) { return a + share * (b - a); }

}  // namespace

CurveEnergy EnergyCurve::energy(Instant from, Instant to) const {
  CurveEnergy result;
  const auto list_gap = [&](Instant begin, Instant end, const std::string& reason) {
    begin = std::max(begin, from);
    end = std::min(end, to);
    if (begin >= end) return;
    result.gaps.push_back({.start = begin - from, .duration = end - begin, .reason = reason});
  };
  for (const Fault& fault : faults_) {
    if (fault.time >= from && fault.time <= to) result.faults.push_back(fault.text);
  }
  if (points_.empty()) {
    list_gap(from, to, silence());
    return result;
  }

  const Point& first = points_.front();
  const Point& last = points_.back();
  if (from < first.time) list_gap(from, first.time, "no reading yet");
  for (const Hole& hole : holes_) list_gap(hole.from, hole.to, hole.reason);
  if (stuck(to) && !sensor_.in_total) return result;
  if (to > last.time) list_gap(last.time, to, silence());
  if (stuck(to)) {
    result.faults.push_back(
        fmt::format("{}: the counter has not moved for {:.1f} s: it is taken as stuck, not as 0 J",
                    sensor_.id, Seconds(std::min(to, last_good_) - last.time).count()));
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

  const Edge opening = edge_at(from);
  const Edge closing = edge_at(to);
  // Two edges in one segment are carried on from both of its ends, and may cross.
  const Joules between = std::max(closing.energy - opening.energy, Joules(0.0));
  const Joules energy = between + lead.energy + trail.energy;
  result.energy = energy;
  // All of these are bounds, so they add up.
  result.edge_uncertainty = opening.half_width + closing.half_width + (end.doubt - begin.doubt) +
                            lead.doubt + trail.doubt;
  if (sensor_.kind == SensorKind::power_gauge) {
    const Watts begin_power = power_at(from);
    const Watts end_power = power_at(to);
    const Watts change = std::max(begin_power, end_power) - std::min(begin_power, end_power);
    result.edge_uncertainty += 0.5 * (averaging_window() + update_period()) * change;
  }
  for (const Repetition& past : repetitions_) add_repetition(past, from, to, result);
  if (repeats_itself()) {
    add_repetition({last_change_, last_good_, std::get<Watts>(*last_value_)}, from, to, result);
  }
  if (duration > unseen) {
    result.unattended = (1.0 - attention()) * filled(duration - unseen, energy / duration).doubt;
  }
  if (duration > Seconds(0.0)) {
    Watts peak = energy / duration;
    const auto inside = std::ranges::lower_bound(points_, from, {}, &Point::time);
    for (auto point = inside; point != points_.end() && point->time <= to; ++point) {
      if (point->peak_from >= from) peak = std::max(peak, point->peak);
    }
    result.peak = peak;
  }
  return result;
}

// Interpolated between the points around it; the first or last point beyond them.
EnergyCurve::Point EnergyCurve::at(Instant time) const {
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

std::optional<Watts> EnergyCurve::mean_power(Instant from, Instant to) const {
  const Point begin = at(from);
  const Point end = at(to);
  const Seconds duration = end.time - begin.time;
  if (duration <= Seconds(0.0)) return std::nullopt;
  return (end.energy - begin.energy) / duration;
}

EnergyCurve::Edge EnergyCurve::edge_at(Instant time) const {
  time = std::clamp(time, points_.front().time, points_.back().time);
  const auto after = std::ranges::lower_bound(points_, time, {}, &Point::time);
  const Point& next = *after;
  const Point& previous = next.time == time ? next : *std::prev(after);
  const PowersAround powers = powers_around(previous.time, next.time);
  return sensor_.kind == SensorKind::energy_counter ? counter_edge(time, previous, next, powers)
                                                    : gauge_edge(time, previous, next, powers);
}

// Where there is nothing on a side yet, the power between the two readings stands for it, and on a
// reading that of the other side.
EnergyCurve::PowersAround EnergyCurve::powers_around(Instant previous, Instant next) const {
  const auto between = mean_power(previous, next);
  const auto before = mean_power(previous - ticks(reach()), previous);
  const auto after = mean_power(next, next + ticks(reach()));
  return {.before = before.value_or(between.value_or(after.value_or(no_power))),
          .after = after.value_or(between.value_or(before.value_or(no_power)))};
}

EnergyCurve::Edge EnergyCurve::counter_edge(Instant time, const Point& previous, const Point& next,
                                            const PowersAround& powers) const {
  // A counter was written up to its age before it was read: half of that, as the mean age is common
  // to both edges.
  const Joules half_width =
      std::max(powers.before, powers.after) * (0.5 * std::max(previous.age, next.age));
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
      std::max(powers.change() * nearest, (nearest / (since + until)) * unexplained);
  return {.energy = std::clamp(since < until ? forwards : backwards, previous.energy, next.energy),
          .half_width = half_width + wrong};
}

// What was counted in the hole may have flowed on either side of the edge, as far as the device can
// draw it.
EnergyCurve::Edge EnergyCurve::edge_in_hole(Instant time, const Point& previous,
                                            const Point& next) const {
  const Watts most = implausible_power(sensor_);
  const Joules low = std::max(previous.energy, next.energy - most * Seconds(next.time - time));
  const Joules high = std::min(next.energy, previous.energy + most * Seconds(time - previous.time));
  const Joules energy = at(time).energy;
  return {.energy = energy, .half_width = std::max({energy - low, high - energy, Joules(0.0)})};
}

// Between two readings a gauge's power is taken to change steadily: a step at the edge makes that
// wrong by less than half of the time between them. It also lags by its averaging window and half
// an update.
EnergyCurve::Edge EnergyCurve::gauge_edge(Instant time, const Point& previous, const Point& next,
                                          const PowersAround& powers) const {
  const Seconds response = 0.5 * update_period() + averaging_window();
  return {.energy = at(time).energy,
          .half_width = powers.change() * (response + 0.5 * Seconds(next.time - previous.time))};
}

// A stretch in which a counter went on without being read. What is unseen too was filled in, and
// has its doubt.
bool EnergyCurve::is_hole(const Point& previous, const Point& next) const {
  return Seconds(next.time - previous.time) > gap_length() && next.unseen == previous.unseen;
}

EnergyCurve::Unseen EnergyCurve::filled(Seconds duration, Watts power) const {
  Watts most = std::max(highest_, power);
  most = sensor_.power_limit ? std::max(most, *sensor_.power_limit) : 2.0 * most;
  return {.duration = duration,
          .energy = power * duration,
          .doubt = std::max(power, most - power) * duration};
}

bool EnergyCurve::stands_still(Instant until) const {
  return sensor_.kind == SensorKind::energy_counter &&
         Seconds(std::min(until, last_good_) - points_.back().time) > longest_standstill();
}

// What comes after `to` is another window's: a figure does not depend on when it is asked for.
bool EnergyCurve::stuck(Instant to) const { return stands_still(to); }

bool EnergyCurve::may_stand_still() const { return !sensor_.in_total && stands_still(last_good_); }

Watts EnergyCurve::power_at(Instant time) const {
  time = std::clamp(time, points_.front().time, points_.back().time);
  return mean_power(time - ticks(reach()), time)
      .value_or(mean_power(time, time + ticks(reach())).value_or(no_power));
}

void EnergyCurve::add_repetition(const Repetition& repetition, Instant from, Instant to,
                                 CurveEnergy& result) const {
  const Seconds overlap = std::min(to, repetition.to) - std::max(from, repetition.from);
  if (overlap <= Seconds(0.0)) return;
  result.edge_uncertainty += filled(overlap, repetition.said).doubt;
  result.faults.push_back(
      fmt::format("{}: it has said exactly {:.6g} W for {:.0f} s: it may be stuck", sensor_.id,
                  repetition.said.value(), Seconds(repetition.to - repetition.from).count()));
}

// The share of the time at which the sensor looks.
double EnergyCurve::attention() const {
  if (sensor_.kind == SensorKind::energy_counter) return 1.0;
  return std::min(1.0, averaging_window() / std::max(update_period(), interval_));
}

// Why there is no point after the last one.
std::string EnergyCurve::silence() const {
  if (!failure_.empty()) return failure_;
  if (points_.empty() || last_good_ <= points_.back().time) return "no reading";
  return "the counter had not moved yet";
}

}  // namespace wattfor
