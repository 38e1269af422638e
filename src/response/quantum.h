#pragma once

#include <optional>
#include <span>

#include "response/update_series.h"

namespace wattfor {

// The step that every reading is a whole number of, told from the differences between them, so that
// an offset does no harm: their greatest common divisor, with the rounding of decimal text and of
// floating point forgiven. Nothing where there are fewer than 3 different readings, or where they
// have no common step that is coarser than that rounding.
std::optional<double> quantum_of(std::span<const Update> readings);

}  // namespace wattfor
