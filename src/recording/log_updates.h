#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/update_series.h"
#include "response/update_times.h"
#include "units/quantity.h"

namespace wattfor {

// A log's polls as what the sensor published.
struct LogUpdates {
  UpdateSeries series;
  // The beat of the log's changes; nothing where it has none.
  std::optional<Lattice> lattice = std::nullopt;
  // Where the log was written no faster than the sensor publishes, each of its lines is taken for
  // an update: how long before it that was published is then unknown.
  bool one_a_poll = false;
  Seconds poll_interval{0.0};  // the usual one
};

// The sensor's clock and the log's drift apart: their lattice is fitted anew every few hundred
// changes, and after each pause of the log. `usual_period` is the sensor's, where it is known: it
// stands in where the log shows no beat, or a slower one, as it does where values repeat.
LogUpdates updates_of_log(std::span<const Update> polls, std::optional<Seconds> usual_period);

}  // namespace wattfor
