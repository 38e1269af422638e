#pragma once

#include "measurement/measurement.h"

namespace wattfor::test {

// A finished cell of a sweep with every optional part present.
inline Measurement full_cell() {
  ComponentEnergy cpu;
  cpu.name = "cpu package 0";
  cpu.kind = ComponentKind::cpu;
  cpu.basis = Basis::measured;
  cpu.gross = EnergyFigure{.energy = Joules(300.5),
                           .absolute = Interval{.low = 290.0, .high = 311.0},
                           .comparison = Interval{.low = 299.0, .high = 302.0}};
  cpu.net = EnergyFigure{.energy = Joules(200.25), .absolute = {}, .comparison = {}};
  cpu.average_power = Watts(30.05);
  cpu.peak_power = Watts(44.0);
  cpu.idle_power = Watts(10.025);
  cpu.sensors = {"rapl:package-0"};
  cpu.gaps = {{.start = Seconds(1.5), .duration = Seconds(0.25), .reason = "the driver hung"}};
  cpu.faults = {"counter went backwards by no wrap"};
  cpu.assumption = "none";
  cpu.shared_with = "all MIG instances";

  DeviceConditions conditions;
  conditions.device = "gpu 0";
  conditions.utilisation_percent = 99.5;
  conditions.memory_bytes = 4e9;
  conditions.temperature_c = 61.0;
  conditions.clock_mhz = 1755.0;
  conditions.clock_minimum_mhz = 1410.0;
  conditions.power_limit = Watts(310.0);
  conditions.throttle_reasons = {"power cap"};
  conditions.throttled = {{"power cap", Seconds(1.25)}};

  Measurement record;
  record.id = "9b2d1c9e-5a0f-4d1c-8e6a-0c5c3f7f6a11";
  record.name = "digits_mlp_s batch 32";
  record.started_at = "2026-01-31T12:00:00.000Z";
  record.wattfor_version = "0.1.0";
  record.outcome = Outcome::done;
  record.reason = "";
  record.machine = {.hostname = "node07",
                    .cpu = "AMD EPYC 9575F 64-Core Processor",
                    .logical_cpus = 128,
                    .memory_bytes = 8e11,
                    .kernel = "6.1.0-18-amd64",
                    .virtualisation = "",
                    .devices = {"NVIDIA H100 PCIe, driver 535.104.05"}};
  record.energy.duration = Seconds(10.0);
  record.energy.components = {cpu};
  record.energy.total = total_of({cpu}, Scope::host_only);
  record.energy.conditions = {conditions};
  record.warnings = {"another process used the device"};
  record.settings = {{"intra_op_spinning", "1"}, {"graph_optimisation", "all"}};
  record.cell = Cell{.setup = {.id = "epyc-9575f_onnxruntime_fp32_t2",
                               .label = "AMD EPYC 9575F · ONNX Runtime 1.22.0 · fp32 · 2 threads",
                               .device = "cpu",
                               .runtime = "onnxruntime",
                               .runtime_version = "1.22.0",
                               .precision = "fp32",
                               .threads = 2},
                     .model = {.name = "digits_mlp_s",
                               .input_size = 8,
                               .sha256 = "ba7816bf",
                               .file = "models/digits/digits_mlp_s.onnx"},
                     .batch_size = 32,
                     .protocol = "study",
                     .replicates = 3,
                     .seed = 18'446'744'073'709'551'615U};
  record.result =
      CellResult{.energy_per_image = *cpu.gross,
                 .net_energy_per_image = cpu.net,
                 .throughput_per_s = 1234.5,
                 .latency_ms = 25.9,
                 .replicates = {{.duration = Seconds(10.0),
                                 .batches = 386,
                                 .energy = Joules(300.5),
                                 .net_energy = Joules(200.25)}},
                 .published = PublishedInterval{.mean_j = 0.024,
                                                .standard_deviation_j = 0.003,
                                                .standard_error_j = 0.0001,
                                                .interval_j = {.low = 0.0238, .high = 0.0242},
                                                .batches = 386},
                 .precision_reached = true,
                 .memory_bytes = 5e7};
  record.command = Command{.arguments = {"python3", "train.py"}, .exit_status = 130};
  record.context = HostContext{.others_cpu_percent = 12.5,
                               .others = {{.name = "python",
                                           .pid = 4242,
                                           .component = "gpu 0",
                                           .cpu_percent = std::nullopt,
                                           .memory_bytes = 1e9,
                                           .use = ProgramUse::graphics}},
                               .cgroup = "/docker/ab",
                               .container = "docker",
                               .cpu_quota = 2.5,
                               .memory_limit_bytes = 4e9,
                               .job = {{"SLURM_JOB_ID", "4711"}},
                               .tasks_on_node = 4,
                               .allowed_cpus = "0-3",
                               .allowed_cpu_count = 4,
                               .numa_nodes = 2,
                               .allowed_numa_nodes = 1,
                               .scaling_driver = "intel_pstate",
                               .governor = "powersave",
                               .turbo = true,
                               .smt = false,
                               .package_temperature_c = 61.5,
                               .slowed_by_heat = Seconds(0.5),
                               .times_slowed_by_heat = 3,
                               .power_supply = "mains"};
  record.training = TrainingFacts{.model = "resnet50",
                                  .task = "classification",
                                  .dataset = "ImageNet",
                                  .phase = Phase::finetuning,
                                  .epochs_total = 90,
                                  .data_fraction = 0.01,
                                  .batch_size = 256,
                                  .metric = "top-1",
                                  .accuracy_percent = 76.1,
                                  .builds_on = {{.run = "1f0e", .uses = 4.0}}};
  record.windows = {
      MarkedWindow{
          .kind = WindowKind::epoch,
          .epoch = 1,
          .start = Seconds(1.5),
          .duration = Seconds(8.0),
          .steps = 50,
          .ended = true,
          .basis = Basis::measured,
          .gross = cpu.gross,
          .net = cpu.net,
          .components = {{.name = "cpu package 0", .basis = Basis::measured, .gross = cpu.gross}}},
      MarkedWindow{
          .name = "validate", .start = Seconds(9.0), .duration = Seconds(0.5), .ended = false}};
  record.steps = 50;
  return record;
}

}  // namespace wattfor::test
