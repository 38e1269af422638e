#include "response/update_times.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace wattfor {
namespace {

constexpr int refinements = 4;
constexpr double periods_to_a_hole = 1.5;  // between two polls

// Of changes around a lattice, in periods. Changes without any beat lie 1/√12 around the best one;
// of a few only, a lattice that fits by chance lies nearer (one in a hundred below this, in 1,000
// simulated sets each of 8 to 200 changes).
double widest_spread(std::size_t changes) {
  const double by_chance = 0.78 * std::pow(static_cast<double>(changes), -0.64);
  return std::min(0.25, 1.0 / std::sqrt(12.0) - by_chance);
}

Seconds median(std::vector<Seconds> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// The usual distance of two changes: the median of those that are not of several periods.
Seconds first_guess(std::span<const Change> changes) {
  std::vector<Seconds> distances;
  for (std::size_t i = 1; i < changes.size(); ++i) {
    distances.push_back(changes[i].middle() - changes[i - 1].middle());
  }
  auto shortest = distances;
  std::ranges::sort(shortest);
  const Seconds short_one = shortest[shortest.size() / 4];
  std::erase_if(distances, [&](Seconds distance) { return distance > 1.5 * short_one; });
  return median(distances);
}

// Numbers each change from the one before it, whose distance is known better than that from the
// first.
std::vector<double> numbers(std::span<const Change> changes, Seconds period) {
  std::vector<double> result{0.0};
  for (std::size_t i = 1; i < changes.size(); ++i) {
    const Seconds distance = changes[i].middle() - changes[i - 1].middle();
    result.push_back(result.back() + std::round(distance / period));
  }
  return result;
}

std::vector<double> numbers(std::span<const Change> changes, const Lattice& lattice) {
  std::vector<double> result;
  for (const Change& change : changes) {
    result.push_back(std::round((change.middle() - lattice.phase) / lattice.period));
  }
  return result;
}

Lattice straight_line(std::span<const Change> changes, const std::vector<double>& k) {
  const auto n = static_cast<double>(changes.size());
  const double origin = changes.front().middle().count();
  double mean_k = 0.0;
  double mean_t = 0.0;
  for (std::size_t i = 0; i < k.size(); ++i) {
    mean_k += k[i] / n;
    mean_t += (changes[i].middle().count() - origin) / n;
  }
  double kk = 0.0;
  double kt = 0.0;
  for (std::size_t i = 0; i < k.size(); ++i) {
    kk += (k[i] - mean_k) * (k[i] - mean_k);
    kt += (k[i] - mean_k) * (changes[i].middle().count() - origin - mean_t);
  }
  const double period = kk > 0.0 ? kt / kk : 0.0;
  const double phase = mean_t - period * mean_k;
  double squares = 0.0;
  for (std::size_t i = 0; i < k.size(); ++i) {
    const double rest = changes[i].middle().count() - origin - phase - period * k[i];
    squares += rest * rest;
  }
  const double variance = squares / std::max(1.0, n - 2.0);
  return {.period = Seconds(period),
          .period_error = Seconds(kk > 0.0 ? std::sqrt(variance / kk) : 0.0),
          .phase = Seconds(origin + phase),
          .spread = Seconds(std::sqrt(variance)),
          .changes = changes.size()};
}

}  // namespace

Seconds usual_interval(std::span<const Update> polls) {
  std::vector<Seconds> intervals;
  for (std::size_t i = 1; i < polls.size(); ++i) {
    intervals.push_back(polls[i].time - polls[i - 1].time);
  }
  return intervals.empty() ? Seconds(0.0) : median(std::move(intervals));
}

std::vector<Change> changes_of(std::span<const Update> polls) {
  std::vector<Change> changes;
  for (std::size_t i = 1; i < polls.size(); ++i) {
    if (polls[i].power == polls[i - 1].power) continue;
    changes.push_back({.after = polls[i - 1].time, .at = polls[i].time, .power = polls[i].power});
  }
  return changes;
}

std::optional<Lattice> fit_lattice(std::span<const Change> changes) {
  if (changes.size() < fewest_changes) return std::nullopt;
  const Seconds guess = first_guess(changes);
  if (guess <= Seconds(0.0)) return std::nullopt;
  Lattice lattice = straight_line(changes, numbers(changes, guess));
  for (int i = 0; i < refinements && lattice.period > Seconds(0.0); ++i) {
    lattice = straight_line(changes, numbers(changes, lattice));
  }
  if (lattice.period <= Seconds(0.0) ||
      lattice.spread > widest_spread(changes.size()) * lattice.period) {
    return std::nullopt;
  }
  return lattice;
}

Lattice lattice_of_period(std::span<const Change> changes, Seconds period) {
  Lattice lattice{.period = period, .spread = period / std::sqrt(12.0), .changes = 1};
  if (changes.empty()) return lattice;
  // Phases lie on a circle: the mean of their directions.
  constexpr double turn = 2.0 * std::numbers::pi;
  double cosine = 0.0;
  double sine = 0.0;
  for (const Change& change : changes) {
    const double angle = turn * (change.middle() / period);
    cosine += std::cos(angle);
    sine += std::sin(angle);
  }
  lattice.phase = period * (std::atan2(sine, cosine) / turn);
  lattice.changes = changes.size();
  double squares = 0.0;
  for (const Change& change : changes) {
    const double off = (change.middle() - lattice.phase) / period;
    const double rest = off - std::round(off);
    // It happened at any moment between two polls.
    const double between = (change.at - change.after) / period;
    squares += rest * rest + between * between / 12.0;
  }
  const double deviation = std::sqrt(squares / static_cast<double>(changes.size()));
  lattice.spread = std::min(lattice.spread, deviation * period);
  return lattice;
}

UpdateSeries updates_of(std::span<const Update> polls, const Lattice& lattice) {
  const Seconds interval = usual_interval(polls);
  if (interval > polls_too_slow * lattice.period) {
    UpdateSeries series(interval);
    for (const Update& poll : polls) series.add(poll.time, poll.power);
    return series;
  }
  UpdateSeries series(lattice.period);
  const auto number_of = [&](Seconds time) {
    return static_cast<long>(std::round((time - lattice.phase) / lattice.period));
  };
  const auto time_of = [&](long k) {
    return lattice.phase + static_cast<double>(k) * lattice.period;
  };
  // Update `next` is the first that has not been added, and `held` what the latest one said. Where
  // that is not known, at first and after a pause, the poll says what was published last.
  long next = 0;
  Watts held;
  const auto begin_with = [&](const Update& poll) {
    const auto latest = static_cast<long>(std::floor((poll.time - lattice.phase) / lattice.period));
    series.add(time_of(latest), poll.power);
    next = latest + 1;
    held = poll.power;
  };
  if (!polls.empty()) begin_with(polls.front());
  for (std::size_t i = 1; i < polls.size(); ++i) {
    const Update& before = polls[i - 1];
    const Update& poll = polls[i];
    if (poll.time - before.time > periods_to_a_hole * lattice.period) {
      begin_with(poll);
      continue;
    }
    if (poll.power != before.power) {
      const long k = number_of(0.5 * (before.time + poll.time));
      for (; next < k; ++next) series.add(time_of(next), held);
      series.add(time_of(k), poll.power);
      next = std::max(next, k + 1);
      held = poll.power;
    }
    // A value that is still the same half a period after an update is due was published again.
    for (; time_of(next) + 0.5 * lattice.period < poll.time; ++next) {
      series.add(time_of(next), held);
    }
  }
  return series;
}

}  // namespace wattfor
