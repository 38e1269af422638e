#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "analysis/footprint.h"
#include "analysis/grid_intensity.h"

namespace wattfor {

// What somebody says of the electricity that is used, on the command line or in the configuration.
struct ElectricitySettings {
  // A country's code or name; beside an intensity, any place.
  std::optional<std::string> region = std::nullopt;
  std::optional<double> g_per_kwh = std::nullopt;  // the grid's intensity, in CO2 equivalent
  std::optional<double> pue = std::nullopt;
  std::optional<double> kwh_price = std::nullopt;
  std::optional<std::string> currency = std::nullopt;

  bool operator==(const ElectricitySettings&) const = default;
};

// What was made of that.
struct Electricity {
  ElectricityTerms terms = {};
  const GridIntensity* grid = nullptr;  // of the region, where that is a country of the table
  bool is_own_intensity = false;        // said by the user, not the grid's of the table
  std::string place = {};               // in words; empty where no region was said
  std::string currency = {};            // empty where none was said
  bool is_pue_said = false;
};

// The file of the user's settings: $WATTFOR_CONFIG, else wattfor/config.json in $XDG_CONFIG_HOME,
// else in ~/.config. Nothing where none of these is set.
std::optional<std::filesystem::path> configuration_file();

// Settings as the configuration's text says them, a JSON object with any of the keys region,
// intensity_g_per_kwh, pue, kwh_price, currency. Throws Error{invalid_input} naming file and key.
ElectricitySettings parse_configuration(const std::string& text, const std::string& file);

// The configuration's; none of them where there is no file. Throws Error{not_found} where
// $WATTFOR_CONFIG names one that is not there.
ElectricitySettings configured_settings();

// What is said on the command line, with what the configuration says of the rest; a region that is
// said takes the place of the configuration's intensity, too. Throws Error{usage} naming the option
// where a number lies outside its limits or no country is called so.
Electricity electricity_of(const ElectricitySettings& said, const ElectricitySettings& configured);

// Where the intensity comes from: "Germany 2023, Our World in Data, …"; "as given"; empty where
// there is none.
std::string intensity_origin(const Electricity& electricity);

// "12.3 EUR"; the number alone where no currency was said.
std::string money_text(double amount, const std::string& currency);

// How somebody who said no region gets carbon.
std::string how_to_say_a_region();

// {"pue", "region", "country_iso_code", "intensity_g_per_kwh", "intensity_year",
//  "intensity_source", "kwh_price", "currency"}
nlohmann::json to_json(const Electricity& electricity);

}  // namespace wattfor
