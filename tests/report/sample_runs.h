#pragma once

#include <string>
#include <utility>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/training.h"

namespace wattfor::test {

inline EnergyFigure kilowatt_hour_figure(double kwh, double low, double high) {
  return {.energy = kilowatt_hours(kwh),
          .absolute = Interval{.low = 3.6e6 * low, .high = 3.6e6 * high},
          .comparison = std::nullopt};
}

// A run of `kwh` on a node with two GPUs: four fifths of it measured, ±5 %, on the one in use, a
// fifth modelled, ±50 %, in the processor. ±14 % in all.
inline Measurement run_of(const std::string& id, const std::string& name, Phase phase, double kwh,
                          double hours, std::vector<BuiltOn> builds_on = {}) {
  ComponentEnergy gpu;
  gpu.name = "gpu 0";
  gpu.kind = ComponentKind::gpu;
  gpu.basis = Basis::measured;
  gpu.gross = kilowatt_hour_figure(0.8 * kwh, 0.76 * kwh, 0.84 * kwh);
  gpu.sensors = {"nvml:GPU-1:energy"};
  ComponentEnergy cpu;
  cpu.name = "cpu package 0";
  cpu.kind = ComponentKind::cpu;
  cpu.basis = Basis::modelled;
  cpu.gross = kilowatt_hour_figure(0.2 * kwh, 0.1 * kwh, 0.3 * kwh);
  cpu.assumption = "TDP 280 W, ±50 %";

  Measurement run;
  run.id = id;
  run.name = name;
  run.started_at = "2026-03-01T12:30:00.500Z";
  run.wattfor_version = "0.1.0";
  run.machine.cpu = "Some CPU";
  run.machine.logical_cpus = 64;
  run.machine.memory_bytes = 68719476736.0;  // 64 GiB
  run.machine.kernel = "6.1.0";
  run.machine.devices = {"NVIDIA H100 PCIe", "NVIDIA H100 PCIe"};
  run.energy.duration = Seconds(3600.0 * hours);
  run.energy.components = {cpu, gpu};
  run.energy.total = total_of(run.energy.components, Scope::everything);
  run.training = TrainingFacts{.model = "MAE ViT-B",
                               .dataset = "ImageNet",
                               .phase = phase,
                               .builds_on = std::move(builds_on)};
  return run;
}

// As the training study's figure 4: a pre-training that ten share, a fine-tuning, a test.
inline std::vector<Measurement> sample_lineage() {
  return {
      run_of("aaaa-1", "pretrain", Phase::pretraining, 100.0, 50.0),
      run_of("bbbb-2", "finetune", Phase::finetuning, 3.0, 4.0, {{.run = "aaaa-1", .uses = 10.0}}),
      run_of("cccc-3", "test", Phase::testing, 0.02, 0.1, {{.run = "bbbb-2", .uses = 1.0}})};
}

}  // namespace wattfor::test
