#pragma once

#include "meter/energy_curve.h"

namespace wattfor::test {

// Half-width of what the edges and gaps of a window leave open, in J.
inline double edge_uncertainty(const CurveEnergy& energy) {
  return (energy.budget.timing + energy.budget.gaps).value();
}

}  // namespace wattfor::test
