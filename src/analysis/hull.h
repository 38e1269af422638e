#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/pareto.h"

namespace wattfor {

// The corners of the upper-left convex hull of (log E, A), as places in `points`, from the model of
// least energy to the most accurate one: both rise from each to the next, and the accuracy gained
// per decade of energy falls. Every corner is on the Pareto front. Of points with one energy the
// most accurate counts, of equally accurate ones the one of least energy, of equal ones the first;
// a point on the line between two corners is none. Points whose energy is not above zero, or that
// are not finite, don't count. n·log n.
std::vector<std::size_t> upper_left_hull(std::span<const AccuracyAndEnergy> points);

}  // namespace wattfor
