#include "report/energy_origin.h"

#include <fmt/format.h>

namespace wattfor {

std::vector<std::string> caveats_of(const EnergyOrigins& origins) {
  std::vector<std::string> caveats;
  if (origins.modelled > 0 && origins.modelled == origins.models) {
    caveats.emplace_back("modelled energy: no sensor was read; it follows computing time");
  } else if (origins.modelled > 0) {
    caveats.push_back(fmt::format(
        "modelled energy in {} of {} models, where no sensor was read: it follows computing time",
        origins.modelled, origins.models));
  }
  if (origins.imported > 0) {
    caveats.push_back(fmt::format("{} of {} models were imported from elsewhere", origins.imported,
                                  origins.models));
  }
  return caveats;
}

}  // namespace wattfor
