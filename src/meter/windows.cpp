#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "meter/meter_state.h"

namespace wattfor {

WindowId Meter::State::begin(std::optional<Instant> time) {
  Lock lock(mutex_);
  const Instant from = time.value_or(clock_.now());
  check_edge(from);
  const WindowId id{++last_window_};
  windows_.emplace(id.value,
                   Window{.from = from,
                          .to = std::nullopt,
                          .conditions = std::vector(samplers_.size(), ConditionsSum(from)),
                          .report = std::nullopt});
  ask_for_samples(lock);
  return id;
}

void Meter::State::end(WindowId id, std::optional<Instant> time) {
  Lock lock(mutex_);
  Window& window = find(id);
  const Instant to = time.value_or(clock_.now());
  check_edge(to);
  if (window.to) throw Error(ErrorCode::usage, "this window has ended already");
  if (to < window.from) {
    throw Error(ErrorCode::usage, fmt::format("a window can't end {:.6f} s before it begins",
                                              Seconds(window.from - to).count()));
  }
  window.to = to;
  ask_for_samples(lock);
}

void Meter::State::check_edge(Instant time) const {
  const Seconds past = clock_.now() - time;
  if (past > kept_history) {
    throw Error(ErrorCode::usage,
                fmt::format("a window's edge lies {:.3f} s in the past: a meter's history reaches "
                            "back {:.0f} s",
                            past.count(), kept_history.count()));
  }
}

Meter::State::Window& Meter::State::find(WindowId id) {
  const auto found = windows_.find(id.value);
  if (found == windows_.end()) {
    throw Error(ErrorCode::usage,
                fmt::format("window {} is none of this meter, or was released", id.value));
  }
  return found->second;
}

bool Meter::State::settled(Instant time) const {
  const Instant now = clock_.now();
  return std::ranges::all_of(awaited_,
                             [&](const auto& curve) { return curve->settled(time, now); });
}

// The moment to which every awaited sensor has caught up. One that is silent for longer than its
// lag is not waited for.
Instant Meter::State::known_until() const {
  const Instant now = clock_.now();
  Instant known = now;
  for (const EnergyCurve* curve : awaited_) {
    if (curve->gone()) continue;
    const Instant waited_for = now - ticks(curve->lag());
    known = std::min(known, std::max(curve->known_until().value_or(waited_for), waited_for));
  }
  return known;
}

// Each sensor and its curve, in the order of the devices.
std::vector<std::pair<const SensorInfo*, const EnergyCurve*>> Meter::State::curves() const {
  std::vector<std::pair<const SensorInfo*, const EnergyCurve*>> curves;
  for (const auto& sampler : samplers_) {
    const auto& sensors = sampler->device.sensors();
    for (std::size_t i = 0; i < sensors.size(); ++i) {
      curves.emplace_back(&sensors[i]->info(), sampler->curves[i].get());
    }
  }
  return curves;
}

EnergyReport Meter::State::report_until(const Window& window, Instant to) const {
  std::vector<SensorEnergy> energies;
  for (const auto& [sensor, curve] : curves()) {
    energies.push_back({.sensor = sensor, .energy = curve->energy(window.from, to)});
  }
  return report_of(energies, window, to);
}

EnergyReport Meter::State::report_of(std::span<const SensorEnergy> energies, const Window& window,
                                     Instant to) const {
  EnergyReport report;
  report.duration = to - window.from;
  for (std::size_t i = 0; i < samplers_.size(); ++i) {
    const Sampler& sampler = *samplers_[i];
    auto conditions = over_window(window.conditions[i], sampler.states, window.from, to)
                          .conditions(sampler.device.name());
    if (conditions) report.conditions.push_back(*std::move(conditions));
  }
  report.components = component_energies(energies, report.duration, idle_);
  report.total = total_of(report.components, options_.scope);
  return report;
}

const EnergyReport& Meter::State::finish(Window& window) {
  if (!window.report) window.report = report_until(window, *window.to);
  return *window.report;
}

std::optional<EnergyReport> Meter::State::report(WindowId id) {
  const Lock lock(mutex_);
  Window& window = find(id);
  if (!window.report && !(window.to && settled(*window.to))) return std::nullopt;
  return finish(window);
}

std::optional<std::vector<EnergyReport>> Meter::State::report_together(
    std::span<const Launch> launches) {
  const Lock lock(mutex_);
  std::vector<const Window*> windows;
  std::vector<BatchEdges> runs;
  for (const Launch& launch : launches) {
    const Window& window = find(launch.window);
    if (!window.to || !settled(*window.to)) return std::nullopt;
    windows.push_back(&window);
    BatchEdges& edges = runs.emplace_back(BatchEdges{window.from});
    for (const Instant between : launch.between_batches) {
      if (between < edges.back() || between > *window.to) {
        throw Error(ErrorCode::usage, "a batch of a launch ends outside its window or its turn");
      }
      edges.push_back(between);
    }
    edges.push_back(*window.to);
  }
  std::vector<std::vector<SensorEnergy>> energies(launches.size());
  for (const auto& [sensor, curve] : curves()) {
    const std::vector<CurveEnergy> told = curve->energies(runs);
    for (std::size_t i = 0; i < told.size(); ++i) {
      energies[i].push_back({.sensor = sensor, .energy = told[i]});
    }
  }
  std::vector<EnergyReport> reports;
  reports.reserve(launches.size());
  for (std::size_t i = 0; i < launches.size(); ++i) {
    reports.push_back(report_of(energies[i], *windows[i], *windows[i]->to));
  }
  return reports;
}

EnergyReport Meter::State::wait(WindowId id) {
  const Seconds patience = lag();
  Lock lock(mutex_);
  if (!find(id).to) {
    throw Error(ErrorCode::usage, "a window has no figure to wait for before it ends");
  }
  const auto ready = [&] {
    const Window& window = find(id);
    return window.report || settled(*window.to);
  };
  if (running_) {
    const Seconds left = std::max<Seconds>(*find(id).to - clock_.now(), Seconds(0.0));
    progress_.wait_for(lock, left + patience, [&] { return !running_ || ready(); });
  } else if (!ready()) {
    ask_for_samples(lock);
  }
  return finish(find(id));
}

EnergyReport Meter::State::so_far(WindowId id) {
  const Lock lock(mutex_);
  const Window& window = find(id);
  if (window.report) return *window.report;
  const Instant last = std::min(known_until(), window.to.value_or(Instant::max()));
  return report_until(window, std::max(last, window.from));
}

std::vector<std::optional<std::vector<DeviceProcess>>> Meter::State::processes() const {
  const Lock lock(mutex_);
  std::vector<std::optional<std::vector<DeviceProcess>>> all;
  all.reserve(samplers_.size());
  for (const auto& sampler : samplers_) all.push_back(sampler->processes);
  return all;
}

std::optional<PartTimeBeat> Meter::State::part_time_beat() const {
  const Lock lock(mutex_);
  // Periods that differ by less than this keep step for as long as a sweep takes.
  constexpr double alike = 1e-4;
  std::optional<PartTimeBeat> found;
  std::vector<PartTimeBeat> all;
  Seconds rest{0.0};
  for (const auto& [sensor, curve] : curves()) {
    if (!sensor->in_total || !is_in(options_.scope, kind_of(sensor->domain))) continue;
    const auto beat = curve->part_time_beat(clock_.now());
    // What tells each window on its own needs as much time beside it as ever.
    rest = std::max(rest, beat ? beat->rest : curve->settling());
    if (!beat) continue;
    all.push_back(*beat);
    if (!found || beat->launches > found->launches) found = beat;
  }
  if (!found) return found;
  found->rest = rest;
  for (const PartTimeBeat& other : all) {
    if (std::abs(other.period / found->period - 1.0) <= alike) continue;
    found->other_period = std::max(found->other_period, other.period);
  }
  return found;
}

Seconds Meter::State::lag() const {
  const Lock lock(mutex_);
  Seconds slowest = options_.interval;
  for (const EnergyCurve* curve : awaited_) slowest = std::max(slowest, curve->lag());
  return slowest;
}

}  // namespace wattfor
