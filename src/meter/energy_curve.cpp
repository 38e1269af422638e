#include "meter/energy_curve.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "meter/counter_curve.h"
#include "meter/gauge_curve.h"
#include "response/update_times.h"

namespace wattfor {
namespace {

constexpr std::size_t listed_at_most = 100;

// Four readings an update place it within an eighth of its period.
constexpr double readings_an_update = 4.0;
constexpr Seconds shortest_interval{0.005};

}  // namespace

EnergyCurve::EnergyCurve(SensorInfo sensor, Seconds interval)
    : sensor_(std::move(sensor)), interval_(interval) {}

void EnergyCurve::add(const TimedReading& reading) {
  if (const auto* failed = std::get_if<ReadFailure>(&reading.reading)) {
    failure_ = failed->reason;
    gone_ = failed->kind == FailureKind::gone;
    anew_ = anew_ || gone_;
    return;
  }
  if (last_time_ && reading.time <= *last_time_) return;
  last_time_ = reading.time;
  gone_ = false;
  if (take_in(reading, last_good_)) last_good_ = reading.time;
}

void EnergyCurve::interrupt(Instant time, const std::string& reason) {
  failure_ = reason;
  anew_ = true;
  list_fault(time, reason);
}

bool EnergyCurve::settled(Instant time, Instant now) const {
  return gone_ || Seconds(now - time) > lag() || is_settled(time);
}

std::vector<CurveEnergy> EnergyCurve::energies(std::span<const BatchEdges> runs) const {
  std::vector<CurveEnergy> energies;
  energies.reserve(runs.size());
  for (const BatchEdges& run : runs) energies.push_back(energy(run.front(), run.back()));
  return energies;
}

void EnergyCurve::compact(Instant before, std::span<const Instant> edges) {
  std::vector<Instant> sorted(edges.begin(), edges.end());
  std::ranges::sort(sorted);
  const Instant start = join(before, sorted);
  while (!holes_.empty() && holes_.front().to <= start) holes_.pop_front();
  while (!faults_.empty() && faults_.front().time < start) faults_.pop_front();
}

void EnergyCurve::list_hole(Instant from, Instant to, std::string reason) {
  if (!holes_.empty() && holes_.back().to == from && holes_.back().reason == reason) {
    holes_.back().to = to;
    return;
  }
  holes_.push_back({from, to, std::move(reason)});
  if (holes_.size() > listed_at_most) holes_.pop_front();
}

void EnergyCurve::list_fault(Instant time, std::string text) {
  faults_.push_back({time, std::move(text)});
  if (faults_.size() > listed_at_most) faults_.pop_front();
}

void EnergyCurve::refuse(Instant time, const std::string& reason) {
  failure_ = reason;
  list_fault(time, reason);
}

CurveEnergy EnergyCurve::occurrences(Instant from, Instant to) const {
  CurveEnergy result;
  for (const Fault& fault : faults_) {
    if (fault.time >= from && fault.time <= to) result.faults.push_back(fault.text);
  }
  for (const Hole& hole : holes_) list_gap(result, from, to, hole.from, hole.to, hole.reason);
  return result;
}

void EnergyCurve::list_gap(CurveEnergy& result, Instant from, Instant to, Instant begin,
                           Instant end, const std::string& reason) {
  begin = std::max(begin, from);
  end = std::min(end, to);
  if (begin >= end) return;
  result.gaps.push_back({.start = begin - from, .duration = end - begin, .reason = reason});
}

Seconds reading_interval(const SensorInfo& sensor, Seconds interval) {
  const auto period = profile_of(sensor).update_period;
  if (sensor.kind != SensorKind::power_gauge || !period) return interval;
  const Seconds often = std::max(period->value / readings_an_update, shortest_interval);
  return often > polls_too_slow * period->value ? interval : std::min(interval, often);
}

std::unique_ptr<EnergyCurve> curve_of(const SensorInfo& sensor, Seconds interval) {
  if (sensor.kind == SensorKind::energy_counter) {
    return std::make_unique<CounterCurve>(sensor, interval);
  }
  return std::make_unique<GaugeCurve>(sensor, reading_interval(sensor, interval));
}

}  // namespace wattfor
