#include "meter/window_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

namespace wattfor {
namespace {

Interval around(Joules energy, Joules half_width) {
  return {.low = (energy - half_width).value(), .high = (energy + half_width).value()};
}

// What can be wrong with a figure. The gain is the same for all figures of the sensor, so the
// comparison leaves it out; where the sensor looked away for a part of the time, how two figures
// compare is not known.
struct HalfWidths {
  Joules comparison;
  Joules unattended;
  Joules gain;
};

EnergyFigure figure(Joules energy, const HalfWidths& wrong) {
  const Joules of_window = wrong.comparison + wrong.unattended;
  EnergyFigure result{
      .energy = energy,
      .absolute = around(energy, Joules(std::hypot(wrong.gain.value(), of_window.value()))),
      .comparison = std::nullopt};
  if (wrong.unattended == Joules(0.0)) result.comparison = around(energy, wrong.comparison);
  return result;
}

// Of a sum of what flowed no less than nothing; a difference may well be below.
EnergyFigure not_negative(EnergyFigure figure) {
  for (auto* interval : {&figure.absolute, &figure.comparison}) {
    if (*interval) (*interval)->low = std::max((*interval)->low, 0.0);
  }
  return figure;
}

HalfWidths half_widths(const SensorInfo& sensor, const CurveEnergy& found) {
  return {.comparison = found.edge_uncertainty,
          .unattended = found.unattended,
          .gain = normal_95 * sensor.gain_uncertainty * *found.energy};
}

bool contradict(const EnergyFigure& a, const EnergyFigure& b) {
  return a.absolute->high < b.absolute->low || b.absolute->high < a.absolute->low;
}

void fill_figures(ComponentEnergy& component, const SensorInfo& sensor, const CurveEnergy& found,
                  Seconds duration, const IdlePowers& idle) {
  const Joules gross = *found.energy;
  const double gain = normal_95 * sensor.gain_uncertainty;
  component.basis = basis_of(sensor);
  component.gross = not_negative(figure(gross, half_widths(sensor, found)));
  component.peak_power = found.peak;
  if (duration > Seconds(0.0)) component.average_power = gross / duration;

  const auto idling = idle.find(sensor.id);
  if (idling == idle.end()) return;
  const auto& [power, uncertainty] = idling->second;
  const Joules net = gross - power * duration;
  const Joules both(std::hypot(found.edge_uncertainty.value(), (uncertainty * duration).value()));
  // A model's idle power is as much of a guess as its full one: what is wrong with the two does not
  // cancel, as a sensor's gain does.
  const bool modelled = component.basis == Basis::modelled;
  component.idle_power = power;
  component.net = figure(net, {.comparison = both,
                               .unattended = found.unattended,
                               .gain = gain * (modelled ? gross : net)});
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
  component.shared_with = sensor.shared_with;
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
  if (!found[used].energy) return component;
  fill_figures(component, sensor, found[used], to - from, idle);
  // Two sensors of one thing that can't both be right: which one is wrong, no reading tells.
  for (std::size_t i = 0; i < sensors.size(); ++i) {
    if (static_cast<std::ptrdiff_t>(i) == used || !found[i].energy) continue;
    const SensorInfo& other = *sensors[i].sensor;
    const EnergyFigure its = figure(*found[i].energy, half_widths(other, found[i]));
    if (contradict(*component.gross, its)) {
      component.faults.push_back(
          fmt::format("{} says {:.4g} J and {} {:.4g} J: they contradict each "
                      "other",
                      sensor.id, component.gross->energy.value(), other.id, its.energy.value()));
    }
  }
  return component;
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
    // The upper half: the lower one ends at zero. Of a part-time gauge the absolute one is all
    // there is.
    const EnergyFigure& gross = *component.gross;
    const auto& interval = gross.comparison ? gross.comparison : gross.absolute;
    const Joules half_width = interval ? Joules(interval->high) - gross.energy : Joules(0.0);
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
