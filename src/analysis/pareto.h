#pragma once

#include <span>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// A model as a point: what it gives and what it takes.
struct AccuracyAndEnergy {
  double accuracy_percent = 0.0;
  Joules energy;
};

// True for each point on the Pareto front: no other has an accuracy at least as high and an energy
// at most as high with one of them strict. Equal points are on it together; a point that is not a
// number is never on it and keeps none off. n·log n.
std::vector<bool> pareto_front(std::span<const AccuracyAndEnergy> points);

}  // namespace wattfor
