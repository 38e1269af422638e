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

// Of a sensor that does not say: the slowest that boards usually are.
constexpr Seconds usual_update_period{0.1};

// A counter that is read is taken as stuck after ten of its update periods, but not before a
// second: even an idle device moves it.
constexpr double updates_to_stuck = 10.0;
constexpr Seconds shortest_stuck{1.0};

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
    append_gap(time, mean_power(later(change.time, -reach()), change.time), fault->reason);
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
    if (failure.empty() && duration > intervals_to_a_gap * std::max(interval_, update_period())) {
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
  const bool known = !points_.empty() && points_.back().time >= time;
  return known || gone_ || Seconds(now - time) > lag();
}

Seconds EnergyCurve::lag() const { return missed_updates * (update_period() + interval_); }

std::optional<Instant> EnergyCurve::known_until() const {
  if (points_.empty()) return std::nullopt;
  return points_.back().time;
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
                             mean_power(first.time, later(first.time, reach())));
  const Unseen trail = filled(positive(to - std::max(from, last.time)),
                              mean_power(later(last.time, -reach()), last.time));
  const Seconds duration = to - from;
  const Seconds unseen = end.unseen - begin.unseen + lead.duration + trail.duration;
  if (2.0 * unseen > duration) return result;

  const Joules energy = end.energy - begin.energy + lead.energy + trail.energy;
  result.energy = energy;
  // All of these are bounds, so they add up.
  result.edge_uncertainty = edge_uncertainty(from) + edge_uncertainty(to) +
                            (end.doubt - begin.doubt) + lead.doubt + trail.doubt;
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

Watts EnergyCurve::mean_power(Instant from, Instant to) const {
  const Point begin = at(from);
  const Point end = at(to);
  const Seconds duration = end.time - begin.time;
  return duration > Seconds(0.0) ? (end.energy - begin.energy) / duration : Watts(0.0);
}

// A counter was written up to its age before it was read: half of that at the power around the
// edge, as the mean age is common to both edges. Between two points the power may have changed
// anywhere: the distance to the nearer one at the change of power around the edge. A gauge lags by
// its averaging window and half an update.
Joules EnergyCurve::edge_uncertainty(Instant edge) const {
  const Instant first = points_.front().time;
  const Instant last = points_.back().time;
  edge = std::clamp(edge, first, last);
  Watts before = mean_power(later(edge, -reach()), edge);
  Watts after = mean_power(edge, later(edge, reach()));
  if (edge == first) before = after;
  if (edge == last) after = before;
  const Watts change(std::abs((after - before).value()));

  const auto next = std::ranges::lower_bound(points_, edge, {}, &Point::time);
  const auto previous = next == points_.begin() ? next : std::prev(next);
  const Seconds distance = std::min<Seconds>(next->time - edge, edge - previous->time);
  const Seconds to_nearest = next->time == edge ? Seconds(0.0) : distance;
  if (sensor_.kind == SensorKind::energy_counter) {
    const Seconds age = std::max(previous->age, next->age);
    return std::max(before, after) * (0.5 * age) + change * to_nearest;
  }
  const Seconds response = 0.5 * update_period() + sensor_.averaging_window.value_or(Seconds(0.0));
  return change * (response + to_nearest);
}

EnergyCurve::Unseen EnergyCurve::filled(Seconds duration, Watts power) const {
  Watts most = std::max(highest_, power);
  most = sensor_.power_limit ? std::max(most, *sensor_.power_limit) : 2.0 * most;
  return {.duration = duration,
          .energy = power * duration,
          .doubt = std::max(power, most - power) * duration};
}

bool EnergyCurve::stuck(Instant to) const {
  if (sensor_.kind != SensorKind::energy_counter || points_.back().time >= to) return false;
  return Seconds(last_good_ - points_.back().time) >
         std::max(updates_to_stuck * update_period(), shortest_stuck);
}

// Why there is no point after the last one.
std::string EnergyCurve::silence() const {
  if (!failure_.empty()) return failure_;
  if (points_.empty() || last_good_ <= points_.back().time) return "no reading";
  return "the counter had not moved yet";
}

Seconds EnergyCurve::update_period() const {
  return sensor_.update_period.value_or(usual_update_period);
}

Seconds EnergyCurve::reach() const {
  return std::max(2.0 * interval_, peak_span()) + sensor_.averaging_window.value_or(Seconds(0.0));
}

Seconds EnergyCurve::peak_span() const { return std::max(0.5 * interval_, 4.0 * update_period()); }

void EnergyCurve::compact(Instant before, std::span<const Instant> edges) {
  if (points_.size() < 3) return;
  std::vector<Instant> sorted(edges.begin(), edges.end());
  std::ranges::sort(sorted);
  const Instant oldest = sorted.empty() ? before : std::min(before, sorted.front());
  while (points_.size() > 2 && points_[1].time <= later(oldest, -reach())) points_.pop_front();

  const auto holds_an_edge = [&](Instant from, Instant to) {
    const auto edge = std::ranges::lower_bound(sorted, later(from, -reach()));
    return edge != sorted.end() && *edge <= later(to, reach());
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
