#include "analysis/footprint.h"

namespace wattfor {
namespace {

// What so many kilowatt-hours are at `per_kwh` each.
Amount amount_of(const EnergyFigure& energy, double per_kwh) {
  const auto converted = [per_kwh](double joules) {
    return in_kilowatt_hours(Joules(joules)) * per_kwh;
  };
  Amount amount{.value = converted(energy.energy.value()), .interval = std::nullopt};
  if (energy.absolute) {
    amount.interval =
        Interval{.low = converted(energy.absolute->low), .high = converted(energy.absolute->high)};
  }
  return amount;
}

}  // namespace

Footprint footprint_of(const EnergyFigure& measured, std::optional<Seconds> duration,
                       const ElectricityTerms& terms) {
  Footprint footprint{.energy = multiplied(measured, terms.pue),
                      .average_power = std::nullopt,
                      .carbon_g = std::nullopt,
                      .cost = std::nullopt};
  if (duration && *duration > Seconds(0.0)) {
    footprint.average_power = footprint.energy.energy / *duration;
  }
  if (terms.g_per_kwh) footprint.carbon_g = amount_of(footprint.energy, *terms.g_per_kwh);
  if (terms.kwh_price) footprint.cost = amount_of(footprint.energy, *terms.kwh_price);
  return footprint;
}

}  // namespace wattfor
