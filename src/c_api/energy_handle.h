#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "measurement/energy.h"
#include "measurement/training.h"
#include "units/quantity.h"
#include "wattfor/wattfor.h"

// An energy, as C asks for it: of a whole, or of one of its components.
struct wattfor_energy {
  std::string name;
  std::string scope;
  wattfor::Basis basis = wattfor::Basis::missing;
  std::optional<wattfor::EnergyFigure> gross;
  std::optional<wattfor::EnergyFigure> net;
  std::optional<wattfor::Seconds> duration = std::nullopt;
  bool is_final = true;
  bool is_in_total = true;
  nlohmann::json record;
  std::vector<wattfor_energy> components;
};

namespace wattfor::c_api {

// Of what another process measures, which has not told it.
std::unique_ptr<wattfor_energy> no_energy(std::string name);

std::unique_ptr<wattfor_energy> energy_of(const EnergyReport& report, std::string name,
                                          bool is_final);
// `scope` is that of its run.
std::unique_ptr<wattfor_energy> energy_of(const MarkedWindow& window, const std::string& scope,
                                          bool is_final);

}  // namespace wattfor::c_api
