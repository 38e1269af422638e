#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "response/identify.h"
#include "response/update_series.h"
#include "response/update_times.h"
#include "units/quantity.h"

namespace wattfor {

// What a sensor published, and when: the ground of every identification.
struct Publishing {
  Identification found;  // period, quantum, and of a counter its kind
  // The updates, where they can be told apart; else `found.notes` says why not, and there is no
  // more to identify.
  std::optional<UpdateSeries> updates;
  Seconds timing_error{0.0};  // of an update's time, standard deviation
  Seconds resolution{0.0};    // the range over which such times lie: √12 of it
};

Publishing identify_publishing(std::span<const Update> polls);

// Readings that only rise, but where a counter starts again, are a counter's. A gauge's noise goes
// both ways.
bool is_counter(std::span<const Update> polls);

// For notes.
inline double in_ms(Seconds duration) { return 1e3 * duration.count(); }

}  // namespace wattfor
