#pragma once

#include <span>
#include <string>
#include <string_view>

#include "recording/known_truth.h"
#include "units/quantity.h"

namespace wattfor {

// A figure, as an SVG file, of how wrong windows come out over the period of their load: at each
// period a bar from the 5 to the 95 % quantile of the naive energies' errors, and one of the
// corrected ones'. `marked` are the periods that are named at the top, `length` is a window's. Both
// lists rise; there is a period.
std::string period_errors_svg(std::span<const PeriodErrors> periods,
                              std::span<const Seconds> marked, Seconds length,
                              std::string_view title);

}  // namespace wattfor
