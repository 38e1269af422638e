#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/equivalents.h"

// Electricity in everyday things, as text and as JSON.
namespace wattfor {

// "hours of an electric oven (2023, 4 kWh each)"
std::string words_of(const EverydayThing& thing);

// "- 12.3 hours of an electric oven (2023, 4 kWh each)", a line a thing.
std::vector<std::string> equivalent_lines(Joules electricity);

// [{"amount":…, "thing":…, "kwh_each":…, "year":…, "source":…}, …]
nlohmann::json equivalents_json(Joules electricity);

}  // namespace wattfor
