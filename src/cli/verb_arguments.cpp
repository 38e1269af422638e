#include "cli/verb_arguments.h"

#include <fmt/format.h>

namespace wattfor::cli {

CLI::Validator between(double least, double most) {
  const auto refuse = [least, most](const std::string& text) -> std::string {
    double value = 0.0;
    const bool inside = CLI::detail::lexical_cast(text, value) && value >= least && value <= most;
    return inside ? "" : fmt::format("'{}' is not between {} and {}", text, least, most);
  };
  return CLI::Validator(refuse, fmt::format("{:g} - {:g}", least, most));
}

CLI::Validator not_negative() {
  return CLI::Validator(
      [](const std::string& text) {
        return text.starts_with('-') ? "'" + text + "' is negative" : "";
      },
      "");
}

void add_db(CLI::App* verb, std::optional<std::string>& db) {
  verb->add_option("--db", db, "The store's file [$WATTFOR_DB, else the XDG data folder]")
      ->type_name("FILE");
}

void add_simulate(CLI::App* verb, std::optional<std::string>& file) {
  verb->add_option("--simulate", file,
                   "Meter the simulated device that this JSON file describes instead of this "
                   "machine's;\nits figures have the basis `simulated` (docs/simulation.md)")
      ->type_name("FILE");
}

void add_meters(CLI::App* verb, std::vector<std::string>& meters) {
  verb->add_option("--meter", meters,
                   "A meter of the whole machine at its plug: csv:FILE, redfish:URL, ipmi or "
                   "shelly:URL; may be given again")
      ->type_name("SPEC")
      ->allow_extra_args(false);
}

std::vector<CLI::Option*> add_electricity(CLI::App* verb, ElectricitySettings& settings) {
  return {
      verb->add_option("--region", settings.region,
                       "Say what it emits, by this country's grid: its ISO 3166 code or "
                       "English name;\nno country is guessed [the configuration's]")
          ->type_name("CODE"),
      verb->add_option("--intensity,--grid-g-per-kwh", settings.g_per_kwh,
                       "The same by this intensity: grams of CO2 equivalent a kWh "
                       "[the region's]")
          ->type_name("G"),
      verb->add_option("--pue", settings.pue,
                       "What the data centre draws for each joule of its computers: power and "
                       "energy are\nmultiplied with it [the configuration's, else 1]")
          ->type_name("X"),
      verb->add_option("--kwh-price", settings.kwh_price, "Say what it costs [the configuration's]")
          ->type_name("X"),
      verb->add_option("--currency", settings.currency,
                       "What the price is in [the configuration's]")
          ->type_name("NAME")};
}

}  // namespace wattfor::cli
