#pragma once

#include <string>

#include "report/footprint_view.h"

namespace wattfor {

// A paragraph for a paper: what was measured, on what, how (sensors, basis, scope), the 95 %
// interval, PUE, what it emitted by which intensity of which year and source, and what is missing.
// One line.
std::string footprint_statement(const FootprintView& view);

}  // namespace wattfor
