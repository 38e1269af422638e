#include "report/top_view.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "document/numbers.h"
#include "report/scope_words.h"

namespace wattfor {
namespace {

// What an interval adds to a figure's power: a component's or the total's.
template <class Energy>
void update_power(LiveFigure& figure, const Energy& latest, Seconds duration, Instant end) {
  figure.basis = latest.basis;
  figure.power.reset();
  figure.power_interval.reset();
  if (latest.gross && duration > Seconds(0.0)) {
    figure.power = latest.gross->energy / duration;
    if (const auto& joules = latest.gross->absolute) {
      figure.power_interval =
          Interval{.low = joules->low / duration.count(), .high = joules->high / duration.count()};
    }
  }
  if (!figure.power) figure.basis = Basis::missing;
  figure.history.push_back({.end = end, .duration = duration, .power = figure.power});
  // A minute ending now, and the interval that its beginning cuts.
  while (Seconds(end - figure.history.front().end) >= top_history) figure.history.pop_front();
}

const ComponentEnergy* component_in(const EnergyReport& report, const std::string& name) {
  const auto found = std::ranges::find(report.components, name, &ComponentEnergy::name);
  return found == report.components.end() ? nullptr : &*found;
}

std::string why_silent(const ComponentEnergy& latest, std::optional<SensorKind> kind) {
  if (!latest.faults.empty()) return latest.faults.back();
  if (!latest.gaps.empty() && !latest.gaps.back().reason.empty()) {
    return latest.gaps.back().reason;
  }
  return kind == SensorKind::energy_counter ? "the counter has not moved"
                                            : "its sensor has not answered";
}

// Takes over the energy since the start as far as sensors saw it. What the meter assumes of a
// sensor that fails is not shown, and a figure that it no longer gives stays as it was.
void update_energy(TopComponent& component, const ComponentEnergy& latest,
                   const ComponentEnergy& all, Seconds elapsed) {
  LiveFigure& figure = component.figure;
  const bool fails = !latest.gross && !(latest.gaps.empty() && latest.faults.empty());
  if (all.gross && elapsed > Seconds(0.0) && !fails) {
    figure.energy = all.gross;
    figure.energy_basis = all.basis;
    component.energy_until = elapsed;
  }
  component.energy_stands = fails || !all.gross;
}

// The sensor whose component stands for a device: the one in the total, else the first.
const SensorInfo* main_sensor(const Device& device) {
  const SensorInfo* first = nullptr;
  for (const auto& sensor : device.sensors()) {
    if (sensor->info().in_total) return &sensor->info();
    if (first == nullptr) first = &sensor->info();
  }
  return first;
}

// A package with its cores and the rest inside it, then memory, GPUs with theirs, and what is left.
std::tuple<int, int, int> order_of(const SensorInfo& sensor) {
  switch (sensor.domain) {
    case Domain::cpu_package:
      return {0, sensor.domain_index, 0};
    case Domain::cpu_core:
      return {0, sensor.domain_index, 1};
    case Domain::cpu_uncore:
      return {0, sensor.domain_index, 2};
    case Domain::dram:
      return {1, sensor.domain_index, 0};
    case Domain::gpu:
      return {2, sensor.domain_index, 0};
    case Domain::gpu_memory:
      return {2, sensor.domain_index, 1};
    case Domain::module:
      return {3, sensor.domain_index, 0};
    case Domain::platform:
      return {4, sensor.domain_index, 0};
    case Domain::battery:
      return {5, sensor.domain_index, 0};
    case Domain::wall:
      return {6, sensor.domain_index, 0};
    case Domain::other:
      break;
  }
  return {7, sensor.domain_index, 0};
}

}  // namespace

TopRecorder::TopRecorder(std::string hostname, const std::vector<std::unique_ptr<Device>>& devices,
                         std::size_t obstacles, std::vector<std::string> warnings) {
  view_.hostname = std::move(hostname);
  view_.obstacles = obstacles;
  view_.warnings = std::move(warnings);
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      const SensorInfo& info = sensor->info();
      sensors_[info.id] = info;
      TopComponent& component = component_named(component_name(info));
      component.in_total = info.in_total;
      component.sensors.push_back(info.id);
    }
    const SensorInfo* shown = main_sensor(*device);
    component_[device->name()] = shown != nullptr ? component_name(*shown) : "";
    device_words_.push_back(shown != nullptr ? component_name(*shown) : device->name());
  }
  sort_components();
}

void TopRecorder::add(Instant end, const EnergyReport& interval, const EnergyReport& since_start) {
  // The meter says now which of its sensors a component's figure is of.
  if (view_.interval == Seconds(0.0)) view_.components.clear();
  view_.time = end;
  view_.interval = interval.duration;
  view_.elapsed = since_start.duration;
  view_.scope = scope_words(interval.total.scope, interval.components);
  update_power(view_.total, interval.total, interval.duration, end);
  view_.total.peak = std::max(view_.total.peak, view_.total.power);

  for (const ComponentEnergy& latest : interval.components) {
    const ComponentEnergy* all = component_in(since_start, latest.name);
    if (all == nullptr) continue;
    TopComponent& component = component_named(latest.name);
    component.kind = latest.kind;
    component.in_total = latest.in_total;
    update_power(component.figure, latest, interval.duration, end);
    update_energy(component, latest, *all, since_start.duration);
    component.figure.peak = all->peak_power;
    component.sensors = latest.sensors;
    component.assumption = latest.assumption;
    component.shared_with = latest.shared_with;
    component.gaps = all->gaps.size();
    component.faults = all->faults;
    if (!latest.sensors.empty()) describe(component, latest.sensors.front());
    component.silence = component.figure.power ? "" : why_silent(latest, component.sensor_kind);
    if (component.figure.power) component.last_seen = end;
  }
  sort_components();
  sum_energy();

  view_.devices.clear();
  for (const auto& [device, component] : component_) {
    const auto found = std::ranges::find(interval.conditions, device, &DeviceConditions::device);
    if (found == interval.conditions.end() && !component.empty()) continue;
    view_.devices.push_back(
        {.name = device,
         .component = component,
         .conditions = found == interval.conditions.end() ? DeviceConditions{} : *found});
  }
}

void TopRecorder::restart() {
  view_.total.peak.reset();
  view_.total.energy.reset();
  for (TopComponent& component : view_.components) {
    component.figure.peak.reset();
    component.figure.energy.reset();
    component.energy_until.reset();
    component.energy_stands = false;
  }
  view_.elapsed = Seconds(0.0);
}

// The total is of the energies that are shown: what one sensor no longer tells does not take away
// what it told.
void TopRecorder::sum_energy() {
  std::vector<ComponentEnergy> shown;
  std::vector<std::string> standing;
  for (const TopComponent& component : view_.components) {
    shown.emplace_back();
    shown.back().name = component.name;
    shown.back().kind = component.kind;
    shown.back().in_total = component.in_total;
    shown.back().basis = component.figure.energy_basis;
    shown.back().gross = component.figure.energy;
    if (component.in_total && component.energy_until && component.energy_stands) {
      standing.push_back(fmt::format("{} missing since {}", component.name,
                                     duration_text(*component.energy_until)));
    }
  }
  const TotalEnergy total = total_of(shown, Scope::everything);
  view_.total.energy = total.gross;
  view_.total.energy_basis = total.basis;
  view_.energy_scope = scope_words(total.scope, shown);
  if (!standing.empty()) view_.energy_scope += fmt::format(" ({})", fmt::join(standing, ", "));
}

TopComponent& TopRecorder::component_named(const std::string& name) {
  const auto found = std::ranges::find(view_.components, name, &TopComponent::name);
  if (found != view_.components.end()) return *found;
  view_.components.emplace_back();
  view_.components.back().name = name;
  return view_.components.back();
}

void TopRecorder::describe(TopComponent& component, const std::string& sensor) const {
  const auto found = sensors_.find(sensor);
  if (found == sensors_.end()) return;
  const SensorInfo& info = found->second;
  component.why_not_in_total = component.in_total ? "" : info.why_not_in_total;
  component.sensor_kind = info.kind;
  component.update_period = info.update_period;
  component.averaging_window = info.averaging_window;
}

void TopRecorder::sort_components() {
  const auto place = [this](const TopComponent& component) {
    const auto found =
        component.sensors.empty() ? sensors_.end() : sensors_.find(component.sensors.front());
    return order_of(found == sensors_.end() ? SensorInfo{} : found->second);
  };
  std::ranges::stable_sort(view_.components, {}, place);
}

}  // namespace wattfor
