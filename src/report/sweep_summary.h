#pragma once

#include <span>
#include <string>

#include "measurement/measurement.h"

namespace wattfor {

// The end of a sweep: a line a model with its best batch size and the energy of an image, and below
// each cell that failed with its reason. `cells` are the records of a sweep's cells.
std::string sweep_summary(std::span<const Measurement> cells, int width);

}  // namespace wattfor
