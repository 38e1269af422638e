#include "c_api/energy_handle.h"

#include <fmt/format.h>

#include <limits>
#include <memory>
#include <utility>

#include "c_api/guarded.h"
#include "measurement/json.h"

namespace wattfor::c_api {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double joules_of(const std::optional<EnergyFigure>& figure) {
  return figure ? figure->energy.value() : unknown;
}

wattfor_interval interval_of(const wattfor_energy* energy,
                             std::optional<Interval> EnergyFigure::* which) {
  if (energy == nullptr || !energy->gross) return {unknown, unknown};
  const std::optional<Interval>& interval = *energy->gross.*which;
  return interval ? wattfor_interval{interval->low, interval->high}
                  : wattfor_interval{unknown, unknown};
}

// What both kinds of components have.
template <class Component>
wattfor_energy component_of(const Component& component, const wattfor_energy& whole,
                            std::size_t place) {
  wattfor_energy energy;
  energy.name = component.name;
  energy.scope = component.name;
  energy.basis = component.basis;
  energy.gross = component.gross;
  energy.duration = whole.duration;
  energy.is_final = whole.is_final;
  energy.record = whole.record.at("components").at(place);
  return energy;
}

std::string name_of_window(const MarkedWindow& window) {
  switch (window.kind) {
    case WindowKind::epoch:
      return fmt::format("epoch {}", window.epoch);
    case WindowKind::named:
      return window.name;
    case WindowKind::startup:
    case WindowKind::between:
      break;
  }
  return std::string(name_of(window.kind));
}

wattfor_basis basis_of(Basis basis) {
  switch (basis) {
    case Basis::measured:
      return WATTFOR_MEASURED;
    case Basis::modelled:
      return WATTFOR_MODELLED;
    case Basis::simulated:
      return WATTFOR_SIMULATED;
    case Basis::missing:
      break;
  }
  return WATTFOR_MISSING;
}

}  // namespace

std::unique_ptr<wattfor_energy> no_energy(std::string name) {
  auto energy = std::make_unique<wattfor_energy>();
  energy->name = std::move(name);
  energy->is_final = false;
  energy->record = nlohmann::json::object();
  return energy;
}

std::unique_ptr<wattfor_energy> energy_of(const EnergyReport& report, std::string name,
                                          bool is_final) {
  auto energy = std::make_unique<wattfor_energy>();
  energy->name = std::move(name);
  energy->scope = report.total.scope;
  energy->basis = report.total.basis;
  energy->gross = report.total.gross;
  energy->net = report.total.net;
  energy->duration = report.duration;
  energy->is_final = is_final;
  energy->record = to_json(report);
  energy->components.reserve(report.components.size());
  for (const ComponentEnergy& each : report.components) {
    wattfor_energy component = component_of(each, *energy, energy->components.size());
    component.net = each.net;
    component.is_in_total = each.in_total;
    energy->components.push_back(std::move(component));
  }
  return energy;
}

std::unique_ptr<wattfor_energy> energy_of(const MarkedWindow& window, const std::string& scope,
                                          bool is_final) {
  auto energy = std::make_unique<wattfor_energy>();
  energy->name = name_of_window(window);
  energy->scope = scope;
  energy->basis = window.basis;
  energy->gross = window.gross;
  energy->net = window.net;
  energy->duration = window.duration;
  energy->is_final = is_final;
  energy->record = to_json(window);
  energy->record["scope"] = scope;
  energy->components.reserve(window.components.size());
  for (const WindowComponent& each : window.components) {
    energy->components.push_back(component_of(each, *energy, energy->components.size()));
  }
  return energy;
}

}  // namespace wattfor::c_api

namespace c_api = wattfor::c_api;

const char* wattfor_energy_name(const wattfor_energy* energy) {
  return energy == nullptr ? "" : energy->name.c_str();
}

double wattfor_energy_joules(const wattfor_energy* energy) {
  return energy == nullptr ? c_api::unknown : c_api::joules_of(energy->gross);
}

wattfor_interval wattfor_energy_interval(const wattfor_energy* energy) {
  return c_api::interval_of(energy, &wattfor::EnergyFigure::absolute);
}

wattfor_interval wattfor_energy_comparison_interval(const wattfor_energy* energy) {
  return c_api::interval_of(energy, &wattfor::EnergyFigure::comparison);
}

double wattfor_energy_net_joules(const wattfor_energy* energy) {
  return energy == nullptr ? c_api::unknown : c_api::joules_of(energy->net);
}

double wattfor_energy_duration_s(const wattfor_energy* energy) {
  return energy == nullptr || !energy->duration ? c_api::unknown : energy->duration->count();
}

wattfor_basis wattfor_energy_basis(const wattfor_energy* energy) {
  return energy == nullptr ? WATTFOR_MISSING : c_api::basis_of(energy->basis);
}

// The names are literals, and so end with a zero.
const char* wattfor_basis_name(wattfor_basis basis) {
  for (const wattfor::Basis each : wattfor::enumerators<wattfor::Basis>) {
    if (c_api::basis_of(each) == basis) return wattfor::name_of(each).data();
  }
  return "";
}

const char* wattfor_energy_scope(const wattfor_energy* energy) {
  return energy == nullptr ? "" : energy->scope.c_str();
}

int wattfor_energy_is_final(const wattfor_energy* energy) {
  return energy != nullptr && energy->is_final ? 1 : 0;
}

size_t wattfor_energy_component_count(const wattfor_energy* energy) {
  return energy == nullptr ? 0 : energy->components.size();
}

const wattfor_energy* wattfor_energy_component(const wattfor_energy* energy, size_t index) {
  return index < wattfor_energy_component_count(energy) ? &energy->components[index] : nullptr;
}

int wattfor_energy_is_in_total(const wattfor_energy* energy) {
  return energy != nullptr && energy->is_in_total ? 1 : 0;
}

wattfor_status wattfor_energy_json(const wattfor_energy* energy, char** json) {
  return c_api::guarded([&] {
    char*& answer = c_api::required(json, "where to put the JSON");
    answer = nullptr;
    const wattfor_energy& asked = c_api::required(energy, "the energy");
    answer = c_api::copied_for_caller(wattfor::dump(asked.record));
  });
}

void wattfor_energy_free(wattfor_energy* energy) { delete energy; }
