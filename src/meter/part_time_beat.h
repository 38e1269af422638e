#pragma once

#include "units/quantity.h"

namespace wattfor {

// When a gauge that looks part of the time publishes, and how to launch work on it so that several
// launches together see what one can't (response/launch_phases.h).
struct PartTimeBeat {
  Seconds period{0.0};
  Seconds since_update{0.0};  // since the latest publication, or one that was due
  Seconds reach{0.0};         // how long each looks back
  int launches = 1;           // of a replicate
  Seconds settling{0.0};      // between a window's end and its figure
};

}  // namespace wattfor
