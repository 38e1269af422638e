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

constexpr Watts no_power{0.0};

Instant later(Instant time, Seconds by) {
  return time + std::chrono::duration_cast<Instant::duration>(by);
}

Seconds positive(Seconds duration) { return std::max(duration, Seconds(0.0)); }

Joules mixed(Joules a, Joules b, double share) { return a + share * (b - a); }

}  // namespace

EnergyCurve::EnergyCurve(SensorInfo sensor, Seconds interval)
    : sensor_(std::move(sensor)), interval_(interval) {}

void EnergyCurve::add(const TimedReading& reading) {
  if (const auto* failure = std::get_if<ReadFailure>(&reading.reading)) {
    add_failure(*failure);
    return;
  }
  if (gone_ || (last_time_ && reading.time <= *last_time_)) return;
  last_time_ = reading.time;
  if (const auto* energy = std::get_if<Joules>(&reading.reading)) {
    add_counter(reading.time, *energy, reading.call);
  } else {
    add_gauge(reading.time, std::get<Watts>(reading.reading));
  }
}

void EnergyCurve::add_failure(const ReadFailure& failure) {
  failure_ = failure.reason;
  gone_ = gone_ || failure.kind == FailureKind::gone;
}

void EnergyCurve::add_counter(Instant time, Joules value, Seconds call) {
  if (!std::isfinite(value.value()) || value < Joules(0.0)) {
    failure_ = fmt::format("{}: {} J is no count of joules", sensor_.id, value.value());
    list_fault(time, failure_);
    return;
  }
  const Instant last_good = std::exchange(last_good_, time);
  const std::optional<Reading> last = std::exchange(last_value_, value);
  if (!last) {
    failure_.clear();
    begin_at(time);
    points_.back().age += call;
    return;
  }
  if (!failure_.empty()) list_hole(last_good, time, std::exchange(failure_, ""));

  const Joules before = std::get<Joules>(*last);
  if (value == before) return;
  const Point& change = points_.back();
  const auto energy = energy_between(sensor_, before, value,
                                     {.since_change = time - change.time + change.age + call,
                                      .since_reading = time - last_good + call});
  if (const auto* fault = std::get_if<CounterFault>(&energy)) {
    list_fault(time, fault->reason);
    append_gap(time, mean_power(later(change.time, -reach()), change.time).value_or(no_power),
               fault->reason);
    points_.back().age += call;
    return;
  }
  const Seconds age = std::min(update_period(), Seconds(time - last_good)) + call;
  append(time, std::get<Joules>(energy), age);
}

void EnergyCurve::add_gauge(Instant time, Watts power) {
  const bool possible = power >= Watts(0.0) && power <= implausible_power(sensor_);
  if (!possible) {
    failure_ = fmt::format("{}: a reading of {} W lies outside 0 … {:.0f} W", sensor_.id,
                           power.value(), implausible_power(sensor_).value());
    list_fault(time, failure_);
    return;
  }
  const Instant last_good = std::exchange(last_good_, time);
  const std::optional<Reading> last = std::exchange(last_value_, power);
  std::string failure = std::exchange(failure_, "");
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
  if (points_.back().time >= later(time, settling())) return true;
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
  if (stuck(to) && may_stand_still()) return result;
  if (to > last.time) list_gap(last.time, to, silence());
  if (stuck(to)) {
    result.faults.push_back(
        fmt::format("{}: the counter has not moved for {:.1f} s: it is taken as stuck, not as 0 J",
                    sensor_.id, Seconds(last_good_ - last.time).count()));
    return result;
  }

  const Point begin = at(from);
  const Point end = at(to);
  const Unseen lead = filled(positive(std::min(to, first.time) - from),
                             mean_power(first.time, later(first.time, reach())).value_or(no_power));
  const Unseen trail = filled(positive(to - std::max(from, last.time)),
                              mean_power(later(last.time, -reach()), last.time).value_or(no_power));
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
  const auto before = mean_power(later(previous, -reach()), previous);
  const auto after = mean_power(next, later(next, reach()));
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

bool EnergyCurve::stands_still() const {
  return sensor_.kind == SensorKind::energy_counter &&
         Seconds(last_good_ - points_.back().time) >
             std::max(updates_to_stuck * update_period(), shortest_stuck);
}

bool EnergyCurve::stuck(Instant to) const { return points_.back().time < to && stands_still(); }

bool EnergyCurve::may_stand_still() const { return !sensor_.in_total && stands_still(); }

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

void EnergyCurve::compact(Instant before, std::span<const Instant> edges) {
  if (points_.size() < 3) return;
  std::vector<Instant> sorted(edges.begin(), edges.end());
  std::ranges::sort(sorted);
  const Instant oldest = sorted.empty() ? before : std::min(before, sorted.front());
  // The readings on both sides of an edge, and what lies within reach of those.
  const Seconds kept_around = 2.0 * gap_length() + reach();
  while (points_.size() > 2 && points_[1].time <= later(oldest, -kept_around)) points_.pop_front();

  const auto holds_an_edge = [&](Instant from, Instant to) {
    const auto edge = std::ranges::lower_bound(sorted, later(from, -kept_around));
    return edge != sorted.end() && *edge <= later(to, kept_around);
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
