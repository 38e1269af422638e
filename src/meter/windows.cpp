#include <fmt/format.h>

#include <algorithm>
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

// In the order of the devices.
std::vector<SensorCurve> Meter::State::curves() const {
  std::vector<SensorCurve> curves;
  for (const auto& sampler : samplers_) {
    const auto& sensors = sampler->device.sensors();
    for (std::size_t i = 0; i < sensors.size(); ++i) {
      curves.push_back({.sensor = &sensors[i]->info(), .curve = sampler->curves[i].get()});
    }
  }
  return curves;
}

EnergyReport Meter::State::report_until(const Window& window, Instant to) const {
  return report_by(curves(), window, to);
}

EnergyReport Meter::State::report_by(const std::vector<SensorCurve>& curves, const Window& window,
                                     Instant to) const {
  EnergyReport report;
  report.duration = to - window.from;
  for (std::size_t i = 0; i < samplers_.size(); ++i) {
    const Sampler& sampler = *samplers_[i];
    auto conditions = over_window(window.conditions[i], sampler.states, window.from, to)
                          .conditions(sampler.device.name());
    if (conditions) report.conditions.push_back(*std::move(conditions));
  }
  report.components = component_energies(curves, window.from, to, idle_);
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

std::optional<std::vector<EnergyReport>> Meter::State::reports(std::span<const Launch> launches) {
  const Lock lock(mutex_);
  std::vector<BatchEdges> runs;
  for (const Launch& launch : launches) {
    const Window& window = find(launch.window);
    if (launch.edges.size() < 2) throw Error(ErrorCode::usage, "a launch has one batch at least");
    if (!window.to || !settled(*window.to)) return std::nullopt;
    runs.push_back(launch.edges);
  }
  std::vector<SensorCurve> sensors = curves();
  std::vector<std::vector<CurveEnergy>> told;
  told.reserve(sensors.size());
  for (const SensorCurve& sensor : sensors) told.push_back(sensor.curve->energies(runs));
  std::vector<EnergyReport> reports;
  for (std::size_t i = 0; i < launches.size(); ++i) {
    for (std::size_t k = 0; k < sensors.size(); ++k) {
      if (!told[k].empty()) sensors[k].told = told[k][i];
    }
    Window& window = find(launches[i].window);
    window.report = report_by(sensors, window, *window.to);
    reports.push_back(*window.report);
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
  std::optional<PartTimeBeat> found;
  for (const auto& sampler : samplers_) {
    const auto& sensors = sampler->device.sensors();
    for (std::size_t i = 0; i < sensors.size(); ++i) {
      const SensorInfo& sensor = sensors[i]->info();
      if (!sensor.in_total || !is_in(options_.scope, kind_of(sensor.domain))) continue;
      const auto beat = sampler->curves[i]->part_time_beat(clock_.now());
      if (beat && (!found || beat->launches > found->launches)) found = beat;
    }
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
