#pragma once

#include <cmath>

#include "units/quantity.h"

namespace wattfor {

// When a gauge that looks part of the time publishes, and how to launch work on it so that several
// launches together see what one can't (response/launch_phases.h).
struct PartTimeBeat {
  Seconds period{0.0};
  Seconds since_update{0.0};  // since the latest publication, or one that was due
  int launches = 1;           // of a replicate
  Seconds rest{0.0};          // between two launches, for the power beside them to be told
  Seconds settling{0.0};      // between a window's end and its figure
  // The longest period of a gauge in the total that looks part of the time, too, at another beat: 0
  // where there is none. It is met at random moments where launches come at random times.
  Seconds other_period{0.0};

  // Until the next moment that lies so long after a publication.
  Seconds until(Seconds phase) const {
    const double periods = (phase - since_update) / period;
    return (periods - std::floor(periods)) * period;
  }
};

}  // namespace wattfor
