#include "response/identify_counter.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <iterator>

#include "response/identify_publishing.h"
#include "response/quantum.h"
#include "response/update_times.h"

namespace wattfor {
namespace {

constexpr double nearly_every = 0.5;  // of the polls, that show another count
constexpr double likely = 3.0;        // standard errors that a window is off its period, …
constexpr double around = 0.05;       // … and a share of it

// What a program would see that showed the power of the counter's latest period.
std::vector<Update> as_gauge(std::span<const Update> polls, Seconds period) {
  const auto powers = powers_of_counter(polls, period);
  std::vector<Update> shown;
  auto next = powers.begin();
  for (const Update& poll : polls) {
    while (next != powers.end() && next->time <= poll.time) ++next;
    if (next != powers.begin()) shown.push_back({poll.time, std::prev(next)->power});
  }
  return shown;
}

// Its power follows the load's steps as a window of its own period does, that much later.
void take_delay(std::span<const Update> polls, const PowerCourse& load, Identification& found) {
  const Seconds period = found.profile.update_period->value;
  const Identification gauge = identify_from_load(as_gauge(polls, period), load);
  const bool follows = gauge.kind == ResponseKind::boxcar && gauge.profile.window &&
                       abs(gauge.profile.window->value - period) <
                           likely * gauge.profile.window->standard_error + around * period;
  if (follows) {
    found.profile.delay = gauge.profile.delay;
  } else {
    found.notes.emplace_back(
        "delay: the count does not follow the load's steps as one of its period does");
  }
}

}  // namespace

Identification identify_counter(std::span<const Update> polls, const PowerCourse& load) {
  Identification found;
  const auto changes = changes_of(polls);
  if (changes.empty()) {
    found.notes.push_back(fmt::format(
        "kind: the counter stood still over {} polls: it counts nothing here", polls.size()));
    return found;
  }
  found.kind = found.profile.kind = ResponseKind::counter;
  found.profile.quantum = quantum_of(polls);
  if (!found.profile.quantum) {
    found.notes.emplace_back("quantum: the readings are no whole multiples of one step");
  }
  const Seconds interval = usual_interval(polls);
  const auto lattice = fit_lattice(changes);
  const auto moved = static_cast<double>(changes.size()) / static_cast<double>(polls.size());
  if (lattice && interval <= polls_too_slow * lattice->period) {
    found.profile.update_period = {lattice->period, lattice->period_error};
    take_delay(polls, load, found);
  } else if (moved > nearly_every) {
    found.notes.push_back(fmt::format(
        "update period: faster than the polls ({:.3g} ms apart): nearly every one shows another "
        "count",
        in_ms(interval)));
  } else {
    found.notes.push_back(fmt::format(
        "update period: the count changed {} times in {} polls, {}", changes.size(), polls.size(),
        changes.size() < fewest_changes ? "too seldom to tell a beat" : "and not to any beat"));
  }
  return found;
}

std::vector<Update> powers_of_counter(std::span<const Update> polls, Seconds period) {
  std::vector<Update> powers;
  const auto changes = changes_of(polls);
  for (std::size_t i = 1; i < changes.size(); ++i) {
    const Seconds apart = changes[i].middle() - changes[i - 1].middle();
    const double periods = std::round(apart / period);
    if (periods < 1.0) continue;
    // The counts are joules, as numbers.
    const Joules counted((changes[i].power - changes[i - 1].power).value());
    powers.push_back({changes[i].middle(), counted / (periods * period)});
  }
  return powers;
}

}  // namespace wattfor
