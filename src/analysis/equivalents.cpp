#include "analysis/equivalents.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wattfor {
namespace {

constexpr double months_a_year = 12.0;

constexpr std::string_view ofgem_usage =
    "Ofgem, Average gas and electricity usage: 1 kWh in 26 hours";
constexpr std::string_view ofgem_oven =
    "Ofgem, Average gas and electricity usage: 2 kWh for 30 minutes";
constexpr std::string_view ofgem_dryer =
    "Ofgem, Average gas and electricity usage: 4.5 kWh a cycle";

constexpr std::array things{
    EverydayThing{"hours of a fridge-freezer", kilowatt_hours(1.0 / 26.0), 2023, ofgem_usage},
    EverydayThing{"hours of an electric oven", kilowatt_hours(4.0), 2023, ofgem_oven},
    EverydayThing{"cycles of a tumble dryer", kilowatt_hours(4.5), 2023, ofgem_dryer},
    EverydayThing{"km of an electric car", kilowatt_hours(0.21), 2024,
                  "Weiss et al., Energy Consumption of Electric Vehicles in Europe, Sustainability "
                  "16 (17) 7529: 21 kWh/100 km on the road"},
    EverydayThing{"months of a household in Great Britain", kilowatt_hours(2700.0 / months_a_year),
                  2023, "Ofgem, typical domestic consumption, medium: 2,700 kWh a year"},
    EverydayThing{"months of a household in Germany",
                  kilowatt_hours(128e9 / 41.5e6 / months_a_year), 2020,
                  "BDEW: 128 TWh a year in 41.5 million households"},
    EverydayThing{"months of a household in the USA", kilowatt_hours(10715.0 / months_a_year), 2020,
                  "EIA, How much electricity does an American home use: 10,715 kWh a year"}};

}  // namespace

std::span<const EverydayThing> everyday_things() { return things; }

const EverydayThing& common_thing(Joules least) {
  const EverydayThing* chosen = &*std::ranges::min_element(things, {}, &EverydayThing::each);
  for (const EverydayThing& thing : things) {
    if (thing.each <= least && thing.each > chosen->each) chosen = &thing;
  }
  return *chosen;
}

std::vector<Equivalent> equivalents(Joules electricity) {
  std::vector<Equivalent> list;
  if (!std::isfinite(electricity.value()) || electricity < Joules(0.0)) return list;
  list.reserve(things.size());
  for (const EverydayThing& thing : things) {
    list.push_back({.thing = thing, .amount = electricity / thing.each});
  }
  return list;
}

}  // namespace wattfor
