#pragma once

#include "cli/options.h"
#include "response/identify.h"

namespace wattfor::cli {

struct LiveCalibration {
  Identification found;
  bool simulated = false;  // of no sensor of this machine
};

// Switches a load of its own on and off beside a sensor of this machine, or of a simulated device,
// and tells how it responds; then whether it looks all the time, with a load in step with its
// updates; then gain and offset beside a reference, where there is one. A gain that was stored
// before stays where none is told now. Throws Error{usage} for a sensor that is none, or that no
// load of ours moves; Error{io} where it can hardly be read. A signal that asks to stop ends the
// process, with the load off.
LiveCalibration calibrate_live(const CalibrateOptions& options);

}  // namespace wattfor::cli
