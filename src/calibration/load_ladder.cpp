#include "calibration/load_ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "response/update_times.h"

namespace wattfor {
namespace {

constexpr double least_explained = 0.9;
constexpr double least_gain = 0.5;  // as a profile's may be
constexpr double greatest_gain = 2.0;

// The mean power from `begin` to `end`; nothing where there are no readings, or a counter counted
// too seldom.
std::optional<Watts> mean_power(const Poller& poller, SensorKind kind, Seconds begin, Seconds end) {
  const auto& all = poller.polls();
  const auto first = std::ranges::lower_bound(all, begin, {}, &Update::time);
  const auto last = std::ranges::lower_bound(all, end, {}, &Update::time);
  const std::span polls(first, last);
  if (kind == SensorKind::energy_counter) {
    const auto changes = changes_of(polls);
    if (changes.size() < 2) return std::nullopt;
    // The counts are joules, as numbers.
    const Joules counted((changes.back().power - changes.front().power).value());
    return counted / (changes.back().middle() - changes.front().middle());
  }
  if (polls.empty()) return std::nullopt;
  Watts sum;
  for (const Update& poll : polls) sum += poll.power;
  return sum / static_cast<double>(polls.size());
}

}  // namespace

std::optional<std::vector<LoadLevel>> record_ladder(Sensor& sensor, Sensor& reference,
                                                    const LoadOfShare& load, const LadderPlan& plan,
                                                    const RecordingHost& host) {
  const RecordingTime time(host);
  Poller poller(sensor, time, plan.poll);
  Poller reference_poller(reference, time, plan.poll_reference);
  std::vector<LoadLevel> levels;
  for (int step = 0; step < 2 * plan.levels; ++step) {
    const int level = step < plan.levels ? step : 2 * plan.levels - 1 - step;
    std::unique_ptr<CalibrationLoad> working;
    std::optional<SwitchedOff> at_the_end;
    if (level > 0) {
      working = load(static_cast<double>(level) / (plan.levels - 1));
      at_the_end.emplace(*working);
      working->switch_on();
    }
    const Seconds begin = time.now() + plan.settling;
    poll_until({&poller, &reference_poller}, time, begin + plan.dwell);
    const auto seen = mean_power(poller, sensor.info().kind, begin, begin + plan.dwell);
    const auto truth =
        mean_power(reference_poller, reference.info().kind, begin, begin + plan.dwell);
    if (seen && truth) levels.push_back({.reference = *truth, .sensor = *seen});
    if (!host.go_on(static_cast<double>(step + 1) / (2 * plan.levels))) return std::nullopt;
  }
  return levels;
}

bool sees_more(const SensorInfo& reference, const SensorInfo& sensor) {
  return reference.domain != sensor.domain || reference.domain_index != sensor.domain_index;
}

std::string take_gain(const std::vector<LoadLevel>& levels, const SensorInfo& reference,
                      const SensorInfo& sensor, SensorProfile& profile) {
  const auto fit = fit_gain(levels);
  if (!fit) {
    return fmt::format(
        "gain, offset: {} could be read at {} levels of the load, or stayed where "
        "it was: too little for a line",
        reference.id, levels.size());
  }
  const SensorProfile truth = profile_of(reference);
  // The reference reads truth = g·power + o.
  const double gain = fit->gain.value * truth.gain_or_one();
  if (fit->explained < least_explained || gain < least_gain || gain > greatest_gain) {
    return fmt::format(
        "gain, offset: {} explains {:.0f} % of the sensor's levels with a gain of "
        "{:.3g}, expected at least {:.0f} % and {} to {}: is it of this device?",
        reference.id, 100.0 * fit->explained, gain, 100.0 * least_explained, least_gain,
        greatest_gain);
  }
  const double relative =
      std::hypot(fit->gain.standard_error / fit->gain.value, truth.gain_uncertainty());
  profile.gain = {gain, gain * relative};
  if (sees_more(reference, sensor)) {
    profile.offset = {Watts(0.0), sensor.offset_uncertainty};
    return fmt::format(
        "gain: {} sees more than this sensor: only the differences between levels "
        "count, what the supply loses and what else draws more under load is in "
        "the gain, and the offset is not told: 0 ± {:.2g} W is what it may be",
        reference.id, sensor.offset_uncertainty.value());
  }
  profile.offset = {fit->offset.value + fit->gain.value * truth.offset_or_zero(),
                    Watts(std::hypot(fit->offset.standard_error.value(),
                                     (fit->gain.value * truth.offset_uncertainty()).value()))};
  return fmt::format("gain, offset: against {}, whose own gain is known to ± {:.2g} %",
                     reference.id, 100.0 * truth.gain_uncertainty());
}

}  // namespace wattfor
