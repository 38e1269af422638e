#include "report/equivalents_view.h"

#include <fmt/format.h>

#include "document/numbers.h"

namespace wattfor {

std::string words_of(const EverydayThing& thing) {
  return fmt::format("{} ({}, {:.3g} kWh each)", thing.name, thing.year,
                     in_kilowatt_hours(thing.each));
}

std::vector<std::string> equivalent_lines(Joules electricity) {
  std::vector<std::string> lines;
  for (const Equivalent& each : equivalents(electricity)) {
    lines.push_back(fmt::format("- {} {}", plain_number(each.amount), words_of(each.thing)));
  }
  return lines;
}

nlohmann::json equivalents_json(Joules electricity) {
  nlohmann::json list = nlohmann::json::array();
  for (const Equivalent& each : equivalents(electricity)) {
    list.push_back({{"amount", each.amount},
                    {"thing", std::string(each.thing.name)},
                    {"kwh_each", in_kilowatt_hours(each.thing.each)},
                    {"year", each.thing.year},
                    {"source", std::string(each.thing.source)}});
  }
  return list;
}

}  // namespace wattfor
