#pragma once

#include <string>

#include "measurement/measurement.h"

namespace wattfor {

// One line on one cell of a sweep as it ends: "digits_mlp_s  batch 32  1.21 µJ ±0.8 %  812,000
// images/s", or why there is no figure. Without the newline.
std::string cell_line(const Measurement& cell);

}  // namespace wattfor
