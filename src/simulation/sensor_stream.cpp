#include "simulation/sensor_stream.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wattfor {
namespace {

double rounded(double value, double quantum) {
  return quantum > 0.0 ? std::round(value / quantum) * quantum : value;
}

double counted(Joules energy, const SensorModel& sensor) {
  double value = sensor.gain * energy.value();
  if (sensor.quantum > 0.0) value = std::floor(value / sensor.quantum) * sensor.quantum;
  if (sensor.counter_range) {
    const double range = sensor.counter_range->value();
    value -= range * std::floor(value / range);
  }
  return value;
}

}  // namespace

std::string_view name_of(StreamFault fault) {
  switch (fault) {
    case StreamFault::missed:
      return "missed";
    case StreamFault::duplicated:
      return "duplicated";
    case StreamFault::stuck:
      return "stuck";
    case StreamFault::scope_change:
      return "scope_change";
  }
  return "";
}

SensorStream::SensorStream(SensorModel sensor, std::uint64_t seed, Seconds from)
    : sensor_(std::move(sensor)),
      random_(seed),
      k_(static_cast<long>(std::ceil((from - sensor_.phase) / period()))) {}

// Every update draws its numbers in the same order, so that a stream does not depend on how often
// it is asked.
std::optional<Publication> SensorStream::next(const PowerCourse& course, Seconds now) {
  while (true) {
    if (!drawn_) {
      const Seconds due = sensor_.phase + static_cast<double>(k_) * period();
      const Seconds jittered = due + random_.normal() * sensor_.period_jitter;
      time_ = last_value_ ? std::max(time_, jittered) : jittered;
      drawn_ = true;
    }
    if (time_ > now) return std::nullopt;
    drawn_ = false;
    ++k_;
    double value = value_at(course, time_ - sensor_.kernel.delay);
    const auto happens = [&](StreamFault fault) {
      const double chance = random_.uniform();
      const StreamFaultSpan* span = fault_at(time_, fault);
      return span && chance < span->probability;
    };
    const bool stuck = happens(StreamFault::stuck);
    const bool duplicated = happens(StreamFault::duplicated);
    const bool missed = happens(StreamFault::missed);
    if (const StreamFaultSpan* mixed = fault_at(time_, StreamFault::scope_change)) {
      value *= mixed->factor;
    }
    if ((stuck || duplicated) && last_value_) value = *last_value_;
    if (missed && last_value_) continue;
    last_value_ = value;
    return Publication{time_, value};
  }
}

Seconds SensorStream::sees_from() const {
  const Seconds latest = time_ - sensor_.kernel.delay;
  if (!last_value_) return Seconds(-HUGE_VAL);
  switch (sensor_.kernel.kind) {
    case ResponseKind::boxcar:
      return latest - sensor_.kernel.window;
    case ResponseKind::exponential:
      return std::min(latest, shown_at_.value_or(latest));
    case ResponseKind::counter:
    case ResponseKind::instantaneous:
      break;
  }
  return latest;
}

double SensorStream::value_at(const PowerCourse& course, Seconds looked) {
  const Kernel& kernel = sensor_.kernel;
  // A kernel without length is a moment.
  Watts power = course.power_at(looked);
  switch (kernel.kind) {
    case ResponseKind::counter:
      return counted(course.energy(course.start(), looked), sensor_);
    case ResponseKind::boxcar:
      if (kernel.window > Seconds(0.0)) {
        power = course.energy(looked - kernel.window, looked) / kernel.window;
      }
      break;
    case ResponseKind::exponential:
      if (kernel.time_constant > Seconds(0.0)) power = filtered(course, looked);
      break;
    case ResponseKind::instantaneous:
      break;
  }
  power = sensor_.gain * power + sensor_.offset + random_.normal() * sensor_.noise;
  return rounded(power.value(), sensor_.quantum);
}

// Exact: each piece of the course moves the filter towards the piece's power.
Watts SensorStream::filtered(const PowerCourse& course, Seconds looked) {
  if (looked <= course.start()) return course.before();
  if (!shown_at_) {
    shown_ = course.before();
    shown_at_ = course.start();
  }
  const auto move_to = [&](Seconds time, Watts towards) {
    shown_ += -std::expm1(-(time - *shown_at_) / sensor_.kernel.time_constant) * (towards - shown_);
    shown_at_ = time;
  };
  // By its time: what a number counts from may have been forgotten.
  const auto edges = course.edges();
  auto edge = std::ranges::upper_bound(edges, *shown_at_);
  const auto power_before = [&] {
    return course.powers()[static_cast<std::size_t>(edge - edges.begin()) - 1];
  };
  for (; edge != edges.end() && *edge <= looked; ++edge) move_to(*edge, power_before());
  move_to(looked, edge != edges.end() ? power_before() : course.after());
  return shown_;
}

const StreamFaultSpan* SensorStream::fault_at(Seconds time, StreamFault fault) const {
  const auto found = std::ranges::find_if(sensor_.faults, [&](const StreamFaultSpan& span) {
    return span.fault == fault && time >= span.from && time < span.from + span.duration;
  });
  return found == sensor_.faults.end() ? nullptr : &*found;
}

std::vector<Publication> publications(const PowerCourse& course, const SensorModel& sensor,
                                      Seconds from, Seconds to, Random& random) {
  SensorStream stream(sensor, random.seed(), from);
  std::vector<Publication> published;
  while (const auto publication = stream.next(course, to)) published.push_back(*publication);
  return published;
}

std::vector<Publication> polled(const std::vector<Publication>& published, Seconds from, Seconds to,
                                Seconds interval, Seconds lateness, Random& random) {
  std::vector<Publication> seen;
  auto next = published.begin();
  const auto polls = static_cast<long>((to - from) / interval) + 1;
  for (long i = 0; i < polls; ++i) {
    const Seconds time = from + static_cast<double>(i) * interval + random.uniform() * lateness;
    while (next != published.end() && next->time <= time) ++next;
    if (next != published.begin()) seen.push_back({time, (next - 1)->value});
  }
  return seen;
}

}  // namespace wattfor
