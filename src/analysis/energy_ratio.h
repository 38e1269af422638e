#pragma once

#include <optional>

#include "measurement/energy.h"

namespace wattfor {

// How the energies of two models on one setup compare. Each comes from its energy's comparison
// interval; the two are taken as independent, as what the models have in common (the sensor's gain)
// is left out of them. With energies E and F, their intervals [l, h] and [m, n], the sides are
// joined as squares, each side of the result from the sides that pull it there (Donner and Zou,
// "Closed-form confidence intervals for functions of the normal mean and standard deviation",
// Statistical Methods in Medical Research 21, 2012):
//
//   F/E: exp( ln(F/E) − √(ln²(F/m) + ln²(h/E)) ) … exp( ln(F/E) + √(ln²(n/F) + ln²(E/l)) )
//   E−F: E−F − √((E−l)² + (n−F)²)               … E−F + √((h−E)² + (F−m)²)

struct EnergyRatio {
  double factor = 1.0;
  // Absent where a comparison interval is, as in what others published, or reaches down to zero.
  std::optional<Interval> interval;
};

// How many times the energy of `reference` that of `model` is. Undefined where an energy is not
// finite and above zero.
std::optional<EnergyRatio> energy_ratio(const EnergyFigure& model, const EnergyFigure& reference);

struct EnergySaving {
  Joules energy;
  std::optional<Interval> interval;  // absent where a comparison interval is
};

// What each image takes less with `to` than with `from`.
EnergySaving energy_saving(const EnergyFigure& from, const EnergyFigure& to);

// Whether the interval leaves open which of the two needs less; nothing where there is none.
std::optional<bool> is_unsure(const EnergyRatio& ratio);

}  // namespace wattfor
