#pragma once

#include <string>
#include <vector>

#include "measurement/energy.h"

namespace wattfor {

// What a reader of the figures has to know, a line each: throttling, a clock that fell, heat, gaps
// and faults.
std::vector<std::string> warnings_of(const EnergyReport& report);

}  // namespace wattfor
