#pragma once

#include <span>
#include <string_view>

namespace wattfor {

// What a kilowatt-hour from a country's grid emits: a year's mean over what the country generated,
// fuel and plants over their life cycle; electricity that it imported is not in it.
struct GridIntensity {
  std::string_view alpha2;  // ISO 3166-1
  std::string_view alpha3;
  std::string_view country;  // in English
  double g_per_kwh = 0.0;    // grams of CO2 equivalent over 100 years
  int year = 0;
};

// To be named beside every figure that rests on the table.
inline constexpr std::string_view grid_intensity_source =
    "Our World in Data, based on Ember and the Energy Institute, CC BY 4.0";

// Every country of which the source has a figure, by alpha-3 code (grid_intensity_table.h).
std::span<const GridIntensity> grid_intensities();

// The country of a code or an English name, whatever the case of its ASCII letters; some other
// names in use ("UK", "Czech Republic") are known, too. Null where there is none.
const GridIntensity* find_grid(std::string_view region);

}  // namespace wattfor
