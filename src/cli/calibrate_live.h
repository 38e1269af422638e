#pragma once

#include "cli/options.h"
#include "response/identify.h"

namespace wattfor::cli {

// Switches a load of its own on and off beside a sensor of this machine, or of a simulated device,
// and tells how it responds. Throws Error{usage} for a sensor that is none, or that no load of ours
// moves; Error{io} where it can hardly be read. A signal that asks to stop ends the process, with
// the load off.
Identification calibrate_live(const CalibrateOptions& options);

}  // namespace wattfor::cli
