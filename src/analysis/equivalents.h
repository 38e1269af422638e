#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// An amount of electricity that a person knows from home.
struct EverydayThing {
  std::string_view name;  // of many: "hours of a fridge-freezer"
  Joules each;
  int year = 0;  // of the figure
  std::string_view source;
};

// docs/equivalents.md has the same table with what was computed from what.
std::span<const EverydayThing> everyday_things();

struct Equivalent {
  EverydayThing thing;
  double amount = 0.0;
};

// The one to tell several amounts of electricity in, so that they compare: the greatest of which
// the `least` of them is one or more; the smallest thing where there is none.
const EverydayThing& common_thing(Joules least);

// The electricity in each of the things; nothing where it is not finite or below zero.
std::vector<Equivalent> equivalents(Joules electricity);

}  // namespace wattfor
