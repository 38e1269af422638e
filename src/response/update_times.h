#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// When a sensor published, told from what a program read that asked more often than that: a reading
// that differs from the one before was published between the two.

struct Change {
  Seconds after{0.0};  // the reading before it …
  Seconds at{0.0};     // … and the one that shows it
  Watts power;
  Seconds middle() const { return 0.5 * (after + at); }
};

std::vector<Change> changes_of(std::span<const Update> polls);

// The median time between two polls; 0 of fewer than two.
Seconds usual_interval(std::span<const Update> polls);

// Polls that are further apart than this many updates don't show when each was published.
inline constexpr double polls_too_slow = 0.75;
// Fewer changes tell no beat.
inline constexpr std::size_t fewest_changes = 8;

// Publications at phase + k·period.
struct Lattice {
  Seconds period{0.0};
  Seconds period_error{0.0};  // standard error
  Seconds phase{0.0};
  Seconds spread{
      0.0};  // of the changes around it, standard deviation: the polls' interval and jitter
  std::size_t changes = 0;
  // Standard error: the beat itself is known as well as many changes tell it.
  Seconds phase_error() const { return spread / std::sqrt(static_cast<double>(changes)); }
};

// Standard deviation of the moments at which a sensor publishes, around its beat.
inline constexpr Seconds usual_jitter{0.0005};

// The straight line through the times of the changes, whose numbers k are whole: a value that was
// published twice leaves one out. Nothing for fewer than 8 changes, or where they follow no beat
// (the spread is more than a quarter of the period, and less for few changes).
std::optional<Lattice> fit_lattice(std::span<const Change> changes);

// The lattice of that period, whose phase is the mean of the changes'. Of no changes its phase is 0
// and anything possible.
Lattice lattice_of_period(std::span<const Change> changes, Seconds period);

// What was published, at the times of the lattice; a value that did not change was published again.
// Where the polls are further apart than 1.5 periods nothing is known, and nothing is added. Where
// they are no faster than the updates, every poll is taken for one: `series.period()` is then the
// polls' own.
UpdateSeries updates_of(std::span<const Update> polls, const Lattice& lattice);

}  // namespace wattfor
