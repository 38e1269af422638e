#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meter/energy_curve.h"
#include "meter/window_report.h"
#include "response/profile.h"
#include "simulation/random.h"
#include "simulation/sensor_stream.h"

// A simulated machine whose sensors are read as the meter reads them: a GPU's counter and gauge, a
// processor that works as the GPU does, and the plug.
namespace wattfor::test {

inline constexpr Seconds interval{0.1};  // at which the meter reads, as it does by default
inline constexpr Watts limit{400.0};
inline constexpr Instant start{std::chrono::seconds(1000)};

template <class Choices>
auto one_of(const Choices& choices, Random& random) {
  return choices[static_cast<std::size_t>(random.uniform() *
                                          static_cast<double>(std::size(choices)))];
}

inline Instant at(Seconds time) { return start + ticks(time); }

// One sensor: what is known of it, and what it does.
struct MachineSensor {
  SensorInfo info;
  SensorModel model;
};

struct Window {
  Seconds from;
  Seconds to;
};

// Gain and offset of a board, as they scatter over boards.
struct Board {
  double gain = 1.0;
  Watts offset{0.0};
};

inline Board random_board(Random& random) {
  return {.gain = 1.0 + prior_gain_uncertainty * random.normal(),
          .offset = random.normal() * prior_offset_uncertainty};
}

inline MachineSensor gpu_sensor(std::string id, const Kernel& kernel, Seconds period, Board board,
                                Random& random) {
  const bool counts = kernel.kind == ResponseKind::counter;
  MachineSensor sensor;
  sensor.model = {.kernel = kernel,
                  .update_period = period,
                  .phase = Seconds(random.uniform(0.0, period.count())),
                  .period_jitter = Seconds(0.0005),
                  .gain = board.gain,
                  .offset = counts ? Watts(0.0) : board.offset,
                  .noise = counts ? Watts(0.0) : Watts(random.uniform(0.5, 2.0)),
                  .quantum = 0.001};
  SensorInfo& info = sensor.info;
  info.id = std::move(id);
  info.kind = counts ? SensorKind::energy_counter : SensorKind::power_gauge;
  info.domain = Domain::gpu;
  info.update_period = period;
  info.power_limit = limit;
  info.enforced_limit = limit;
  info.gain_uncertainty = prior_gain_uncertainty;
  info.offset_uncertainty = prior_offset_uncertainty;
  if (kernel.kind == ResponseKind::boxcar) info.averaging_window = kernel.window;
  if (kernel.kind == ResponseKind::exponential) {
    info.calibration = SensorProfile{
        .kind = kernel.kind, .time_constant = Uncertain<Seconds>{.value = kernel.time_constant}};
  }
  return sensor;
}

// The kinds of gauges that boards have.
inline constexpr std::array gauges{
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.025)},
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)},
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(1.0)},
    Kernel{.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)},
};

inline MachineSensor gauge(const Kernel& kernel, Board board, Random& random) {
  return gpu_sensor("nvml:0:power", kernel, Seconds(0.1), board, random);
}

inline MachineSensor counter(Board board, Random& random) {
  const Kernel counts{.kind = ResponseKind::counter};
  return gpu_sensor("nvml:0:energy", counts, Seconds(random.uniform(0.02, 0.1)), board, random);
}

inline MachineSensor outside_total(MachineSensor sensor) {
  sensor.info.in_total = false;
  return sensor;
}

// A processor that works as the GPU does: its package, what psys sees of it, and the plug.
inline MachineSensor rapl(std::string id, Domain domain, double share, Random& random) {
  MachineSensor sensor;
  sensor.model = {.kernel = {.kind = ResponseKind::counter},
                  .update_period = Seconds(0.001),
                  .gain = share * (1.0 + 0.05 * random.normal()),
                  .quantum = 61e-6,
                  .counter_range = Joules(random.uniform(1e3, 262e3))};
  sensor.info.id = std::move(id);
  sensor.info.kind = SensorKind::energy_counter;
  sensor.info.domain = domain;
  sensor.info.update_period = sensor.model.update_period;
  sensor.info.counter_range = sensor.model.counter_range;
  sensor.info.gain_uncertainty = 0.05;
  sensor.info.in_total = domain != Domain::platform;
  return sensor;
}

inline constexpr double package_share = 0.4;  // of the GPU's power
inline constexpr double supply_efficiency = 0.92;

inline MachineSensor plug(Random& random) {
  MachineSensor sensor;
  sensor.model = {
      .kernel = {.kind = ResponseKind::boxcar,
                 .window = Seconds(1.0),
                 .delay = Seconds(random.uniform(0.0, 1.0))},  // a logger may be late
      .update_period = Seconds(1.0),
      .phase = Seconds(random.uniform()),
      .gain = (1.0 + package_share) / supply_efficiency * (1.0 + 0.01 * random.normal()),
      .offset = Watts(random.uniform(5.0, 50.0)),
      .noise = Watts(0.5),
      .quantum = 0.1};
  sensor.info.id = "csv:w.csv:power";
  sensor.info.kind = SensorKind::power_gauge;
  sensor.info.domain = Domain::wall;
  sensor.info.update_period = Seconds(1.0);
  sensor.info.averaging_window = Seconds(1.0);
  sensor.info.gain_uncertainty = 0.01;
  sensor.info.in_total = false;
  return sensor;
}

// What happens to a poll on its way; nothing where it is lost.
using OnTheWay = std::function<std::optional<Reading>(Seconds, Reading)>;

// A sensor and its curve, as the meter reads it up to `until`.
class Metered {
 public:
  Metered(MachineSensor sensor, const PowerCourse& course, Seconds until, Random& random,
          const OnTheWay& on_the_way = {})
      : info_(std::move(sensor.info)), curve_(curve_of(info_, interval)) {
    const auto published =
        publications(course, sensor.model, course.start() - Seconds(1.0), until, random);
    const Seconds each = reading_interval(info_, interval);
    for (const auto& [time, value] :
         polled(published, course.start(), until, each, Seconds(0.001), random)) {
      Reading reading = Watts(value);
      if (info_.kind == SensorKind::energy_counter) reading = Joules(value);
      const auto arrived = on_the_way ? on_the_way(time, reading) : std::optional(reading);
      if (arrived) curve_->add({.time = at(time), .reading = *arrived});
    }
  }
  SensorEnergy energy(Instant from, Instant to) const {
    return {.sensor = &info_, .energy = curve_->energy(from, to)};
  }

 private:
  SensorInfo info_;
  std::unique_ptr<EnergyCurve> curve_;
};

inline std::vector<ComponentEnergy> components(const std::vector<std::unique_ptr<Metered>>& sensors,
                                               const Window& window) {
  const Instant from = at(window.from);
  const Instant to = at(window.to);
  std::vector<SensorEnergy> energies;
  energies.reserve(sensors.size());
  for (const auto& sensor : sensors) energies.push_back(sensor->energy(from, to));
  return component_energies(energies, to - from, {});
}

// Everything that a record would say is wrong.
inline std::vector<std::string> complaints(const std::vector<ComponentEnergy>& components) {
  std::vector<std::string> all;
  for (const ComponentEnergy& component : components) {
    if (!component.gross) all.push_back(component.name + ": no figure");
    all.insert(all.end(), component.faults.begin(), component.faults.end());
    for (const Gap& gap : component.gaps) all.push_back(component.name + ": " + gap.reason);
  }
  return all;
}

}  // namespace wattfor::test
