#include "meter/window_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace wattfor {
namespace {

constexpr double normal_95 = 1.96;  // half-width of a 95 % interval in standard deviations

ComponentKind kind_of(Domain domain) {
  switch (domain) {
    case Domain::cpu_package:
    case Domain::cpu_core:
    case Domain::cpu_uncore:
      return ComponentKind::cpu;
    case Domain::dram:
      return ComponentKind::dram;
    case Domain::gpu:
      return ComponentKind::gpu;
    case Domain::platform:
    case Domain::other:
      break;
  }
  return ComponentKind::other;
}

Interval around(Joules energy, Joules half_width) {
  return {.low = (energy - half_width).value(), .high = (energy + half_width).value()};
}

// `uncertainty` is the comparison's half-width; the gain, which is the same for all figures of the
// sensor, comes on top of it in the absolute one.
EnergyFigure figure(Joules energy, Joules uncertainty, const SensorInfo& sensor) {
  const double gain = normal_95 * sensor.gain_uncertainty * energy.value();
  return {.energy = energy,
          .absolute = around(energy, Joules(std::hypot(gain, uncertainty.value()))),
          .comparison = around(energy, uncertainty)};
}

// Of a sum of what flowed no less than nothing; a difference may well be below.
EnergyFigure not_negative(EnergyFigure figure) {
  figure.absolute->low = std::max(figure.absolute->low, 0.0);
  figure.comparison->low = std::max(figure.comparison->low, 0.0);
  return figure;
}

void fill_figures(ComponentEnergy& component, const SensorInfo& sensor, const CurveEnergy& found,
                  Seconds duration, const IdlePowers& idle) {
  component.basis = sensor.assumption.empty() ? Basis::measured : Basis::modelled;
  component.gross = not_negative(figure(*found.energy, found.edge_uncertainty, sensor));
  component.peak_power = found.peak;
  if (duration > Seconds(0.0)) component.average_power = *found.energy / duration;

  const auto idling = idle.find(sensor.id);
  if (idling == idle.end()) return;
  const auto& [power, uncertainty] = idling->second;
  const Joules both(std::hypot(found.edge_uncertainty.value(), (uncertainty * duration).value()));
  component.idle_power = power;
  component.net = figure(*found.energy - power * duration, both, sensor);
}

// `sensors` of one domain and index, one in the total first if there is any.
ComponentEnergy component_energy(const std::vector<SensorCurve>& sensors, Instant from, Instant to,
                                 const IdlePowers& idle) {
  std::vector<CurveEnergy> found;
  found.reserve(sensors.size());
  for (const auto& [sensor, curve] : sensors) found.push_back(curve->energy(from, to));

  const auto has_figure =
      std::ranges::find_if(found, [](const auto& energy) { return energy.energy.has_value(); });
  const auto used = has_figure == found.end() ? 0 : std::distance(found.begin(), has_figure);
  const SensorInfo& sensor = *sensors[used].sensor;

  ComponentEnergy component;
  component.name = component_name(sensor);
  component.kind = kind_of(sensor.domain);
  component.in_total = sensors.front().sensor->in_total;
  component.assumption = sensor.assumption;
  component.gaps = found[used].gaps;
  component.faults = found[used].faults;
  if (used != 0) {
    const auto& wanted = found.front();
    component.faults.insert(component.faults.begin(), wanted.faults.begin(), wanted.faults.end());
    component.faults.push_back(fmt::format("{} has no figure: {} stands in for it",
                                           sensors.front().sensor->id, sensor.id));
  }
  component.sensors.push_back(sensor.id);
  for (const auto& other : sensors) {
    if (other.sensor != &sensor) component.sensors.push_back(other.sensor->id);
  }
  if (found[used].energy) fill_figures(component, sensor, found[used], to - from, idle);
  return component;
}

}  // namespace

IdlePowers idle_powers(const EnergyReport& idle) {
  IdlePowers powers;
  for (const ComponentEnergy& component : idle.components) {
    if (!component.average_power || component.sensors.empty()) continue;
    // Its upper half: the lower one ends at zero.
    const Joules energy = component.gross->energy;
    const Joules half_width = component.gross->comparison
                                  ? Joules(component.gross->comparison->high) - energy
                                  : Joules(0.0);
    powers[component.sensors.front()] = {.power = *component.average_power,
                                         .uncertainty = half_width / idle.duration};
  }
  return powers;
}

std::vector<ComponentEnergy> component_energies(std::span<const SensorCurve> curves, Instant from,
                                                Instant to, const IdlePowers& idle) {
  std::map<std::pair<Domain, int>, std::vector<SensorCurve>> domains;
  for (const bool in_total : {true, false}) {
    for (const SensorCurve& curve : curves) {
      const SensorInfo& sensor = *curve.sensor;
      if (sensor.in_total != in_total) continue;
      domains[{sensor.domain, sensor.domain_index}].push_back(curve);
    }
  }
  std::vector<ComponentEnergy> components;
  components.reserve(domains.size());
  for (const auto& [domain, sensors] : domains) {
    components.push_back(component_energy(sensors, from, to, idle));
  }
  return components;
}

}  // namespace wattfor
