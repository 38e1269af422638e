#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "report/top_view.h"

namespace wattfor::test {

inline Instant at_second(int second) { return Instant(std::chrono::seconds(second)); }

inline LiveFigure measured(double power_w, double energy_j) {
  LiveFigure figure;
  figure.basis = figure.energy_basis = Basis::measured;
  figure.power = Watts(power_w);
  figure.power_interval = Interval{.low = 0.9 * power_w, .high = 1.1 * power_w};
  figure.energy =
      EnergyFigure{.energy = Joules(energy_j),
                   .absolute = Interval{.low = 0.96 * energy_j, .high = 1.04 * energy_j},
                   .comparison = std::nullopt};
  figure.peak = Watts(1.5 * power_w);
  // A minute that ends at second 600: nothing, a third of the power, all of it.
  for (int second = 541; second <= 600; ++second) {
    const auto power = second <= 560   ? std::nullopt
                       : second <= 580 ? std::optional(Watts(power_w / 3))
                                       : std::optional(Watts(power_w));
    figure.history.push_back({.end = at_second(second), .duration = Seconds(1.0), .power = power});
  }
  return figure;
}

inline TopComponent component(std::string name, LiveFigure figure) {
  TopComponent result;
  result.name = std::move(name);
  result.figure = std::move(figure);
  result.sensor_kind = SensorKind::energy_counter;
  return result;
}

inline TopDevice gpu_device(int index) {
  DeviceConditions conditions;
  conditions.utilisation_percent = 97.0;
  conditions.memory_bytes = 60.0 * (1 << 30);
  conditions.temperature_c = 63.0;
  conditions.clock_mhz = 1755.0;
  return {.name = "NVIDIA H100 PCIe (gpu " + std::to_string(index) + ")",
          .component = "gpu " + std::to_string(index),
          .conditions = conditions};
}

// A workstation that trains: a package with its cores, memory that no sensor covers, a GPU.
inline TopView sample_top() {
  TopView view;
  view.hostname = "atlas";
  view.time = at_second(600);
  view.interval = Seconds(1.0);
  view.elapsed = Seconds(64.0);
  view.scope = view.energy_scope = "cpu + dram + gpu";
  view.total = measured(400.0, 18'200.0);
  view.total.basis = view.total.energy_basis = Basis::modelled;
  TopComponent cores = component("cpu cores 0", measured(60.0, 2'400.0));
  cores.in_total = false;
  TopComponent dram = component("dram 0", measured(4.7, 300.0));
  dram.figure.basis = dram.figure.energy_basis = Basis::modelled;
  dram.assumption = "4.7 W at all times";
  view.components = {component("cpu package 0", measured(85.2, 5'400.0)), cores, dram,
                     component("gpu 0", measured(310.0, 12'500.0))};
  view.devices = {gpu_device(0)};
  TopProcess training;
  training.pid = 4711;
  training.user = "ada";
  training.command = "python train.py --epochs 3";
  training.cores = 2.5;
  training.devices = {{.device = "gpu 0", .memory_bytes = 58.0 * (1 << 30)}};
  TopProcess other;
  other.pid = 99;
  other.user = "root";
  other.command = "[kswapd0]";
  other.cores = 0.02;
  view.processes = {training, other};
  view.processes_counted = true;
  view.obstacles = 2;
  return view;
}

}  // namespace wattfor::test
