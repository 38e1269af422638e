#include "calibration/phase_recording.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "response/identify_counter.h"

namespace wattfor {
namespace {

// One reading of each update: a gauge's of every period, a counter's mean power over it.
std::vector<Update> updates_between(const Poller& poller, SensorKind kind, Seconds period,
                                    Seconds begin, Seconds end) {
  const auto& polls = poller.polls();
  const auto first = std::ranges::lower_bound(polls, begin, {}, &Update::time);
  const auto last = std::ranges::lower_bound(polls, end, {}, &Update::time);
  if (kind == SensorKind::energy_counter) return powers_of_counter({first, last}, period);
  std::vector<Update> updates;
  Seconds next = begin;
  for (const Update& poll : std::span(first, last)) {
    if (poll.time < next) continue;
    updates.push_back(poll);
    next += period;
  }
  return updates;
}

std::optional<Watts> mean_of(const std::vector<Update>& updates) {
  if (updates.empty()) return std::nullopt;
  Watts sum;
  for (const Update& update : updates) sum += update.power;
  return sum / static_cast<double>(updates.size());
}

}  // namespace

Seconds PhasePlan::each() const {
  return period * (std::ceil(settling / period) + static_cast<double>(updates));
}

Seconds PhasePlan::duration() const {
  return static_cast<double>(phases + 2) * each() + static_cast<double>(phases) * period;
}

std::optional<PhaseRecording> record_phases(Sensor& sensor, CalibrationLoad& load,
                                            const PhasePlan& plan, const RecordingHost& host) {
  const SwitchedOff at_the_end(load);
  const RecordingTime time(host);
  Poller poller(sensor, time, plan.poll);
  // Those between the settling after `launch` and the end of its turn.
  const auto seen_after = [&](Seconds launch) {
    const Seconds settled = plan.period * std::ceil(plan.settling / plan.period);
    return updates_between(poller, sensor.info().kind, plan.period, launch + settled,
                           launch + plan.each());
  };
  const auto going_on = [&](Seconds end) {
    poll_until({&poller}, time, end);
    return host.go_on(std::min(1.0, end / plan.duration()));
  };

  PhaseRecording recording;
  if (!going_on(plan.each())) return std::nullopt;
  const auto low = mean_of(seen_after(Seconds(0.0)));
  for (int phase = 0; phase < plan.phases; ++phase) {
    // The next moment at so much of a period, counted from the recording's begin.
    const double share = static_cast<double>(phase) / plan.phases;
    const Seconds launch = plan.period * (std::ceil(time.now() / plan.period - share) + share);
    for (Seconds at = launch; at < launch + plan.each() - 0.5 * plan.period; at += plan.period) {
      poll_until({&poller}, time, at);
      load.switch_on();
      if (!going_on(at + 0.5 * plan.period)) return std::nullopt;
      load.switch_off();
    }
    poll_until({&poller}, time, launch + plan.each());
    recording.launches.push_back(seen_after(launch));
  }
  const Seconds last = time.now();
  load.switch_on();
  if (!going_on(last + plan.each())) return std::nullopt;
  const auto high = mean_of(seen_after(last));
  if (low && high) recording.swing = *high - *low;
  return recording;
}

}  // namespace wattfor
