#include "bench/power_log.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "meter/window_report.h"

namespace wattfor {
void PowerLog::add(Instant time, const Reading& reading) {
  if (std::holds_alternative<ReadFailure>(reading)) return;
  if (!last_) {
    points_.push_back({.time = time, .energy = Joules(0.0)});
  } else if (const auto* power = std::get_if<Watts>(&reading)) {
    if (*power != std::get<Watts>(*last_)) {
      const Point& before = points_.back();
      points_.push_back({time, before.energy + *power * Seconds(time - before.time)});
    }
  } else {
    Joules difference = std::get<Joules>(reading) - std::get<Joules>(*last_);
    if (difference < Joules(0.0) && info_.counter_range) difference += *info_.counter_range;
    if (difference < Joules(0.0)) {
      // It was reset: what came before can't be joined to what follows.
      points_.assign(1, {.time = time, .energy = Joules(0.0)});
    } else if (difference > Joules(0.0)) {
      points_.push_back({time, points_.back().energy + difference});
    }
  }
  last_ = reading;
  last_seen_ = time;
}

std::optional<Joules> PowerLog::energy_between(Instant begin, Instant end) const {
  const auto before = energy_at(begin);
  const auto after = energy_at(end);
  if (!before || !after) return std::nullopt;
  return *after - *before;
}

std::optional<Joules> PowerLog::energy_at(Instant time) const {
  if (points_.empty() || time < points_.front().time) return std::nullopt;
  const auto next = std::ranges::lower_bound(points_, time, {}, &Point::time);
  if (next == points_.end()) {
    const auto* power = std::get_if<Watts>(&*last_);
    if (power == nullptr || time > last_seen_) return std::nullopt;
    return points_.back().energy + *power * Seconds(time - points_.back().time);
  }
  if (next->time == time) return next->energy;
  const Point& before = *std::prev(next);
  const double share = Seconds(time - before.time) / Seconds(next->time - before.time);
  return before.energy + (next->energy - before.energy) * share;
}

void PowerLogs::add(const Sample& sample) {
  if (!sample.sensor->in_total || !is_in(scope_, kind_of(sample.sensor->domain))) return;
  const std::lock_guard lock(mutex_);
  logs_.try_emplace(sample.sensor, *sample.sensor).first->second.add(sample.time, sample.reading);
}

void PowerLogs::clear() {
  const std::lock_guard lock(mutex_);
  logs_.clear();
}

std::optional<Joules> PowerLogs::energy_between(Instant begin, Instant end) const {
  const std::lock_guard lock(mutex_);
  if (logs_.empty()) return std::nullopt;
  Joules sum;
  for (const auto& [sensor, log] : logs_) {
    const auto energy = log.energy_between(begin, end);
    if (!energy) return std::nullopt;
    sum += *energy;
  }
  return sum;
}

}  // namespace wattfor
