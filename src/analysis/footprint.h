#pragma once

#include <optional>

#include "measurement/energy.h"
#include "units/quantity.h"

namespace wattfor {

// What electricity emits and costs where it is used. Nothing is assumed: what is not known here is
// not known of the footprint.
struct ElectricityTerms {
  // Power Usage Effectiveness: what the data centre draws for each joule of its computers; 1 where
  // their own energy is meant.
  double pue = 1.0;
  std::optional<double> g_per_kwh = std::nullopt;  // grams of CO2 equivalent
  std::optional<double> kwh_price = std::nullopt;  // in any currency
};

// A number with the 95 % interval that the energy brings along.
struct Amount {
  double value = 0.0;
  std::optional<Interval> interval = std::nullopt;
};

// Of some energy on those terms. The intervals are the energy's alone: how far the intensity of a
// grid, a PUE or a tariff is off is not known.
struct Footprint {
  EnergyFigure energy;                                // times the PUE
  std::optional<Watts> average_power = std::nullopt;  // times the PUE, too
  std::optional<Amount> carbon_g = std::nullopt;      // grams of CO2 equivalent
  std::optional<Amount> cost = std::nullopt;
};

// `duration` is that of the energy; without one there is no power.
Footprint footprint_of(const EnergyFigure& measured, std::optional<Seconds> duration,
                       const ElectricityTerms& terms);

}  // namespace wattfor
