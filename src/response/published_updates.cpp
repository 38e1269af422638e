#include "response/published_updates.h"

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

// Some 20 s of updates each 100 ms, in which clocks drift by less than a poll's interval; and what
// a gauge that hardly changes may take of memory until then.
constexpr std::size_t changes_of_a_piece = 200;
constexpr std::size_t polls_of_a_piece = 2000;
// After it the beat may have moved.
constexpr Seconds pause{2.0};
// Of fewer changes a beat of their own is less well known than the sensor's period.
constexpr std::size_t changes_for_a_beat = 16;
// A beat further from the sensor's period, relatively, is that of every second update or of a load.
constexpr double same_beat = 0.25;
// Changes further from a beat, in periods, follow another one.
constexpr double follows = 0.2;

constexpr double early = 0.75;  // poll intervals
constexpr double late = 1.5;    // periods

bool stands_for_updates(std::optional<Seconds> usual_period, Seconds poll_interval) {
  return !usual_period || poll_interval > polls_too_slow * *usual_period;
}

// Root mean square distance from the beat, in periods.
double distance_from(const Lattice& beat, const std::vector<Change>& changes) {
  double squares = 0.0;
  for (const Change& change : changes) {
    const double off = (change.middle() - beat.phase) / beat.period;
    squares += (off - std::round(off)) * (off - std::round(off));
  }
  return changes.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(changes.size()));
}

// An older beat at these polls: its phase is as much less well known as its period times the
// periods since it was fitted.
Lattice carried_on(Lattice beat, const std::vector<Update>& polls) {
  if (polls.empty()) return beat;
  const double periods = (polls.back().time - beat.phase) / beat.period;
  const double drifted = std::abs(periods) * beat.period_error.count();
  const double error = std::hypot(beat.phase_error().count(), drifted);
  beat.spread = Seconds(error * std::sqrt(static_cast<double>(beat.changes)));
  return beat;
}

}  // namespace

PublishedUpdates::PublishedUpdates(std::optional<Seconds> usual_period, Seconds poll_interval)
    : one_a_poll_(stands_for_updates(usual_period, poll_interval)),
      poll_interval_(poll_interval),
      settled_(one_a_poll_ ? poll_interval : *usual_period) {}

void PublishedUpdates::add(Seconds time, Watts power) {
  if (one_a_poll_) {
    const auto updates = settled_.updates();
    if (updates.empty() || time - updates.back().time >= early * poll_interval_) {
      settled_.add(time, power);
    }
    return;
  }
  if (!polls_.empty()) {
    if (time <= polls_.back().time) return;
    // What changed over a pause did so at no known time, and would bend the beat.
    if (time - polls_.back().time > std::max(pause, longest_silence())) {
      settle();
      polls_.clear();
    } else if (power != polls_.back().power) {
      ++changes_;
    }
  }
  polls_.push_back({time, power});
  if (changes_ >= changes_of_a_piece || polls_.size() >= polls_of_a_piece) {
    settle();
    polls_.assign(1, {time, power});
  }
}

Seconds PublishedUpdates::longest_silence() const { return late * period(); }

PublishedUpdates::Told PublishedUpdates::told() const {
  Told told{.series = settled_};
  if (one_a_poll_) return told;
  const Lattice beat = lattice();
  const UpdateSeries latest = updates_of(polls_, beat);
  for (const Update& update : latest.updates()) {
    told.series.add_or_amend(update.time, update.power);
  }
  told.phase_error = beat.phase_error();
  told.series.set_period(beat.period);
  if (usual_interval(polls_) > polls_too_slow * beat.period) {
    // Read more slowly than planned: each was published up to a period before.
    told.phase_error = std::max(told.phase_error, 0.5 * beat.period);
  }
  return told;
}

std::optional<Lattice> PublishedUpdates::beat() const {
  if (one_a_poll_) return std::nullopt;
  return lattice();
}

void PublishedUpdates::settle() {
  const Lattice beat = lattice();
  const UpdateSeries latest = updates_of(polls_, beat);
  for (const Update& update : latest.updates()) {
    settled_.add_or_amend(update.time, update.power);
  }
  if (changes_ >= changes_for_a_beat) beat_ = beat;
  changes_ = 0;
}

Lattice PublishedUpdates::lattice() const {
  const std::vector<Change> changes = changes_of(polls_);
  if (changes.size() >= changes_for_a_beat) {
    const auto own = fit_lattice(changes);
    if (own && std::abs(own->period / period() - 1.0) <= same_beat) return *own;
  }
  if (beat_ && distance_from(*beat_, changes) <= follows) return carried_on(*beat_, polls_);
  return lattice_of_period(changes, period());
}

}  // namespace wattfor
