#include "meter/window_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "meter/cross_checks.h"

namespace wattfor {
namespace {

void fill_figures(ComponentEnergy& component, const SensorInfo& sensor, const CurveEnergy& found,
                  Seconds duration, const IdlePowers& idle) {
  const Joules gross = *found.energy;
  component.basis = basis_of(sensor);
  component.gross = not_negative(figure_of(gross, found.budget));
  component.peak_power = found.peak;
  if (duration > Seconds(0.0)) component.average_power = gross / duration;

  const auto idling = idle.find(sensor.id);
  if (idling == idle.end()) return;
  const auto& [power, uncertainty] = idling->second;
  const Joules net = gross - power * duration;
  ErrorBudget budget = found.budget;
  // A model's idle power is as much of a guess as its full one: what is wrong with the two does not
  // cancel, as a sensor's gain and offset do.
  if (component.basis != Basis::modelled) {
    if (gross > Joules(0.0)) budget.gain = (std::abs(net.value()) / gross.value()) * budget.gain;
    budget.offset = Joules(0.0);
  }
  budget.levels = Joules(std::hypot(budget.levels.value(), (uncertainty * duration).value()));
  component.idle_power = power;
  component.net = figure_of(net, budget);
}

struct ComponentOfSensor {
  ComponentEnergy component;
  const SensorInfo* sensor = nullptr;  // that the figure is of
};

// `found` are those of one domain and index, one in the total first if there is any.
ComponentOfSensor component_energy(const std::vector<const SensorEnergy*>& found, Seconds duration,
                                   const IdlePowers& idle) {
  const auto has_figure =
      std::ranges::find_if(found, [](const auto* each) { return each->energy.energy.has_value(); });
  const auto used = has_figure == found.end() ? 0 : std::distance(found.begin(), has_figure);
  const SensorInfo& sensor = *found[used]->sensor;
  const CurveEnergy& energy = found[used]->energy;

  ComponentEnergy component;
  component.name = component_name(sensor);
  component.kind = kind_of(sensor.domain);
  component.in_total = found.front()->sensor->in_total;
  component.assumption = sensor.assumption;
  component.shared_with = sensor.shared_with;
  component.gaps = energy.gaps;
  component.faults = energy.faults;
  // What is wrong with another sensor of the same thing may be so with this one; what befell both
  // is said once.
  for (const SensorEnergy* each : found) {
    for (const std::string& fault : each->energy.faults) {
      if (std::ranges::find(component.faults, fault) == component.faults.end()) {
        component.faults.push_back(fault);
      }
    }
  }
  if (used != 0) {
    component.faults.push_back(
        fmt::format("{} has no figure: {} stands in for it", found.front()->sensor->id, sensor.id));
  }
  component.sensors.push_back(sensor.id);
  for (const SensorEnergy* other : found) {
    if (other->sensor != &sensor) component.sensors.push_back(other->sensor->id);
  }
  if (!energy.energy) return {std::move(component), &sensor};
  fill_figures(component, sensor, energy, duration, idle);
  const SensorFigure figure{.sensor = &sensor, .gross = *component.gross};
  const auto note = [&](std::optional<std::string> fault) {
    if (fault) component.faults.push_back(*std::move(fault));
  };
  for (const SensorEnergy* other : found) {
    if (other == found[used] || !other->energy.energy) continue;
    note(contradiction(figure, {.sensor = other->sensor,
                                .gross = figure_of(*other->energy.energy, other->energy.budget)}));
  }
  note(above_enforced_limit(figure, duration));
  return {std::move(component), &sensor};
}

}  // namespace

Basis basis_of(const SensorInfo& sensor) {
  if (sensor.simulated) return Basis::simulated;
  return sensor.assumption.empty() ? Basis::measured : Basis::modelled;
}

ComponentKind kind_of(Domain domain) {
  switch (domain) {
    case Domain::cpu_package:
    case Domain::cpu_core:
    case Domain::cpu_uncore:
      return ComponentKind::cpu;
    case Domain::dram:
      return ComponentKind::dram;
    case Domain::gpu:
    case Domain::gpu_memory:
      return ComponentKind::gpu;
    case Domain::module:
    case Domain::platform:
    case Domain::battery:
    case Domain::wall:
    case Domain::other:
      break;
  }
  return ComponentKind::other;
}

IdlePowers idle_powers(const EnergyReport& idle) {
  IdlePowers powers;
  for (const ComponentEnergy& component : idle.components) {
    if (!component.average_power || component.sensors.empty()) continue;
    // The upper half, as the lower one ends at zero; and no load that keeps step with a part-time
    // gauge goes on while nothing works.
    const EnergyFigure gross = attended(*component.gross);
    const Joules half_width = Joules(gross.comparison->high) - gross.energy;
    powers[component.sensors.front()] = {.power = *component.average_power,
                                         .uncertainty = half_width / idle.duration};
  }
  return powers;
}

std::vector<ComponentEnergy> component_energies(std::span<const SensorEnergy> energies,
                                                Seconds duration, const IdlePowers& idle) {
  std::map<std::pair<Domain, int>, std::vector<const SensorEnergy*>> domains;
  for (const bool in_total : {true, false}) {
    for (const SensorEnergy& energy : energies) {
      const SensorInfo& sensor = *energy.sensor;
      if (sensor.in_total != in_total) continue;
      domains[{sensor.domain, sensor.domain_index}].push_back(&energy);
    }
  }
  std::vector<ComponentEnergy> components;
  components.reserve(domains.size());
  std::vector<CheckedComponent> checked;
  checked.reserve(domains.size());
  for (const auto& [domain, found] : domains) {
    auto [component, sensor] = component_energy(found, duration, idle);
    components.push_back(std::move(component));
    checked.push_back({.sensor = sensor, .component = &components.back()});
  }
  check_wholes(checked, duration);
  return components;
}

}  // namespace wattfor
