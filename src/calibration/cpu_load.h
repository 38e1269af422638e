#pragma once

#include <memory>
#include <vector>

#include "calibration/calibration_load.h"

namespace wattfor {

// One thread on each of these processors, by their numbers, that multiplies and adds in vector
// registers while it is on and sleeps while it is off. Throws Error{usage} for none, and for a
// processor that this process may not run on.
std::unique_ptr<CalibrationLoad> cpu_load(const std::vector<int>& processors);

// The processors that this process may run on.
std::vector<int> allowed_processors();

}  // namespace wattfor
