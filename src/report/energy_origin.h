#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measurement/energy.h"

namespace wattfor {

// Where the energies of the models that are shown come from.
struct EnergyOrigins {
  std::size_t models = 0;
  std::size_t modelled = 0;
  std::size_t imported = 0;  // measured, or modelled, elsewhere
};

// Of anything with a basis and is_imported.
template <class Models>
EnergyOrigins origins_of(const Models& models) {
  EnergyOrigins origins;
  for (const auto& each : models) {
    ++origins.models;
    if (each.basis == Basis::modelled) ++origins.modelled;
    if (each.is_imported) ++origins.imported;
  }
  return origins;
}

// A sentence each; none where all was measured here.
std::vector<std::string> caveats_of(const EnergyOrigins& origins);

}  // namespace wattfor
