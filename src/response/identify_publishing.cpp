#include "response/identify_publishing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "response/quantum.h"

namespace wattfor {
namespace {

constexpr std::size_t fewest_rises = 32;
constexpr double restart = 0.5;        // of the readings' range, what a counter falls by at least
constexpr double least_timing = 0.05;  // of the polls' interval

}  // namespace

bool is_counter(std::span<const Update> polls) {
  if (polls.empty()) return false;
  const auto [low, high] = std::ranges::minmax(polls, {}, &Update::power);
  std::size_t rises = 0;
  std::size_t restarts = 0;
  for (std::size_t i = 1; i < polls.size(); ++i) {
    const Watts change = polls[i].power - polls[i - 1].power;
    if (change > Watts(0.0)) ++rises;
    if (change >= Watts(0.0)) continue;
    if (-change < restart * (high.power - low.power)) return false;
    ++restarts;
  }
  return rises >= fewest_rises * (restarts + 1);
}

Publishing identify_publishing(std::span<const Update> polls) {
  Publishing result;
  auto& notes = result.found.notes;
  SensorProfile& profile = result.found.profile;
  profile.quantum = quantum_of(polls);
  if (!profile.quantum) {
    notes.emplace_back("quantum: the readings are no whole multiples of one step");
  }
  const Seconds interval = usual_interval(polls);

  const auto changes = changes_of(polls);
  const auto lattice = fit_lattice(changes);
  if (!lattice) {
    notes.push_back(fmt::format(
        "update period: the reading changed {} times in {} polls, {}", changes.size(), polls.size(),
        changes.size() < fewest_changes ? "too seldom to tell a beat" : "and not to any beat"));
    return result;
  }
  if (interval > polls_too_slow * lattice->period) {
    notes.push_back(
        fmt::format("update period: the reading changes with every poll ({:.3g} ms apart): the "
                    "sensor publishes "
                    "as often or more often; poll it faster",
                    in_ms(interval)));
    return result;
  }
  if (interval <= Seconds(0.0)) {
    notes.emplace_back(
        "response: most readings bear the time of the one before; a log with milliseconds would "
        "tell");
    return result;
  }
  profile.update_period = {lattice->period, lattice->period_error};
  if (is_counter(polls)) {
    result.found.kind = profile.kind = ResponseKind::counter;
    notes.emplace_back(
        "window, attention: readings that only rise are a counter's; whether it looks all the "
        "time, "
        "a load of the update's period at several phases would tell");
    return result;
  }
  // Each change lies evenly between two polls; what is more is the sensor's own jitter.
  const double spread = lattice->spread / interval;
  const double jitter = std::sqrt(std::max(0.0, spread * spread - 1.0 / 12.0));
  result.timing_error = std::max(jitter, least_timing) * interval;
  result.resolution = std::sqrt(12.0) * result.timing_error;
  result.updates = updates_of(polls, *lattice);
  return result;
}

}  // namespace wattfor
