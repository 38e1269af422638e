#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/published.h"

namespace wattfor::test {

// Records that use every field, with the texts and numbers that are easily lost on the way: quotes,
// line ends, NUL bytes, non-ASCII; subnormals, the largest numbers, the seed's top bit.
class RandomRecords {
 public:
  explicit RandomRecords(unsigned seed) : random_(seed) {}

  Measurement measurement() {
    Measurement record;
    record.id = fmt::format("id-{}", count_++);
    record.name = text();
    record.started_at = fmt::format("2026-01-{:02}T00:00:00.000Z", number(1, 28));
    record.wattfor_version = text();
    record.outcome = pick({Outcome::done, Outcome::skipped, Outcome::failed, Outcome::interrupted});
    record.reason = text();
    record.machine = machine();
    record.energy = energy();
    record.warnings = texts();
    for (int i = number(0, 3); i > 0; --i) record.settings[text()] = text();
    if (chance()) record.cell = cell();
    if (record.cell && chance()) record.result = result();
    if (!record.cell && chance()) {
      record.command = Command{.arguments = texts()};
      if (chance()) record.command->exit_status = number(0, 255);
    }
    if (chance()) record.context = context();
    if (chance()) record.training = training();
    for (int i = number(0, 3); i > 0; --i) record.windows.push_back(window());
    if (chance()) record.steps = number(0, 1'000'000);
    return record;
  }

  Accuracy accuracy() {
    return {.model = fmt::format("{} {}", text(), count_++),
            .input_size = number(0, 512),
            .test_set = fmt::format("{} set", text()),
            .top1_percent = maybe_percent(),
            .top5_percent = maybe_percent()};
  }

  PublishedFigure figure() {
    return {.setup = setup(),
            .model = fmt::format("{} {}", text(), count_++),
            .input_size = number(0, 512),
            .basis = pick({Basis::measured, Basis::modelled}),
            .batch_size = maybe_number(1, 4096),
            .energy_per_image = figure(pick<double>({0.1, 1e-300, 1e15})),
            .throughput_per_s = maybe_real(),
            .latency_ms = maybe_real()};
  }

  ModelStatistics statistics() {
    return {.model = fmt::format("{} {}", text(), count_++),
            .input_size = number(0, 512),
            .counter = fmt::format("{} counter", text()),
            .parameters = maybe_real(),
            .macs = maybe_real(),
            .activations = maybe_real()};
  }

  TrainingRun training_run() {
    return {.model = fmt::format("{} {}", text(), count_++),
            .task = text(),
            .dataset = text(),
            .year = maybe_number(1980, 2030),
            .gflops_per_forward = maybe_real(),
            .parameters = maybe_real(),
            .device = text(),
            .device_count = maybe_number(1, 4096),
            .batch_size = maybe_number(1, 4096),
            .epochs = maybe_real(),
            .data_fraction = chance() ? std::optional(0.1) : std::nullopt,
            .pretrain_dataset = text(),
            .pretrain = maybe_joules(),
            .train = maybe_joules(),
            .finetune = maybe_joules(),
            .test = maybe_joules(),
            .metric = text(),
            .accuracy_percent = maybe_percent()};
  }

 private:
  bool chance() { return number(0, 1) == 1; }
  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  template <class Value>
  Value pick(std::initializer_list<Value> values) {
    return values.begin()[number(0, static_cast<int>(values.size()) - 1)];
  }

  double real() {
    using Limits = std::numeric_limits<double>;
    if (number(0, 9) == 0) {
      return pick<double>({0.0, Limits::max(), Limits::denorm_min(), 0.1, 1e15});
    }
    return std::uniform_real_distribution<double>(0.0, 1000.0)(random_);
  }
  // Of net energies and the ends of intervals.
  double signed_real() { return number(0, 4) == 0 ? pick<double>({-1.0, -3e-300}) : real(); }
  std::optional<double> maybe_percent() {
    if (!chance()) return std::nullopt;
    return pick<double>({0.0, 100.0, std::uniform_real_distribution<double>(0.0, 100.0)(random_)});
  }
  std::string text() {
    return pick<std::string>({"", "plain", "a \"quoted\" 'word'", "two\nlines\r\n",
                              "Größe · µJ · 数", "comma, semicolon;", "%s ? ?1 :x",
                              std::string("nul\0inside", 10), "back\\slash", " blanks "});
  }
  std::vector<std::string> texts() {
    std::vector<std::string> all;
    for (int i = number(0, 3); i > 0; --i) all.push_back(text());
    return all;
  }
  std::optional<double> maybe_real() { return chance() ? std::optional(real()) : std::nullopt; }
  std::optional<int> maybe_number(int low, int high) {
    return chance() ? std::optional(number(low, high)) : std::nullopt;
  }
  std::optional<Joules> maybe_joules() {
    return chance() ? std::optional(Joules(real())) : std::nullopt;
  }
  std::optional<Watts> maybe_watts() {
    return chance() ? std::optional(Watts(real())) : std::nullopt;
  }
  std::optional<Interval> maybe_interval() {
    return chance() ? std::optional(Interval{.low = signed_real(), .high = signed_real()})
                    : std::nullopt;
  }
  EnergyFigure figure(double energy_j) {
    return {
        .energy = Joules(energy_j), .absolute = maybe_interval(), .comparison = maybe_interval()};
  }
  std::optional<EnergyFigure> maybe_gross() {
    return chance() ? std::optional(figure(real())) : std::nullopt;
  }
  std::optional<EnergyFigure> maybe_net() {
    return chance() ? std::optional(figure(signed_real())) : std::nullopt;
  }
  Basis basis() {
    return pick({Basis::measured, Basis::modelled, Basis::simulated, Basis::missing});
  }

  Machine machine() {
    return {.hostname = text(),
            .cpu = text(),
            .logical_cpus = number(0, 512),
            .memory_bytes = real(),
            .kernel = text(),
            .virtualisation = text(),
            .devices = texts()};
  }

  ComponentEnergy component() {
    ComponentEnergy component;
    component.name = text();
    component.kind =
        pick({ComponentKind::cpu, ComponentKind::dram, ComponentKind::gpu, ComponentKind::other});
    component.basis = basis();
    component.gross = maybe_gross();
    component.net = maybe_net();
    component.average_power = maybe_watts();
    component.peak_power = maybe_watts();
    component.idle_power = maybe_watts();
    component.sensors = texts();
    for (int i = number(0, 2); i > 0; --i) {
      component.gaps.push_back(
          {.start = Seconds(real()), .duration = Seconds(real()), .reason = text()});
    }
    component.faults = texts();
    component.assumption = text();
    component.shared_with = text();
    component.in_total = chance();
    return component;
  }

  DeviceConditions conditions() {
    std::map<std::string, Seconds> throttled;
    for (int i = number(0, 2); i > 0; --i) throttled[text()] = Seconds(real());
    return {.device = text(),
            .utilisation_percent = maybe_real(),
            .memory_bytes = maybe_real(),
            .temperature_c = maybe_real(),
            .clock_mhz = maybe_real(),
            .clock_minimum_mhz = maybe_real(),
            .power_limit = maybe_watts(),
            .throttle_reasons = texts(),
            .throttled = throttled};
  }

  HostContext context() {
    HostContext context;
    context.others_cpu_percent = maybe_percent();
    for (int i = number(0, 3); i > 0; --i) {
      context.others.push_back(
          {.name = text(),
           .pid = number(0, 4'194'304),
           .component = text(),
           .cpu_percent = maybe_percent(),
           .memory_bytes = maybe_real(),
           .use = pick({ProgramUse::compute, ProgramUse::graphics, ProgramUse::unknown})});
    }
    context.cgroup = text();
    context.container = text();
    context.cpu_quota = maybe_real();
    context.memory_limit_bytes = maybe_real();
    for (int i = number(0, 3); i > 0; --i) context.job[text()] = text();
    if (chance()) context.tasks_on_node = number(1, 8);
    context.allowed_cpus = text();
    context.allowed_cpu_count = number(0, 512);
    context.numa_nodes = number(0, 8);
    context.allowed_numa_nodes = number(0, 8);
    context.scaling_driver = text();
    context.governor = text();
    if (chance()) context.turbo = chance();
    if (chance()) context.smt = chance();
    if (chance()) context.package_temperature_c = signed_real();
    if (chance()) context.slowed_by_heat = Seconds(real());
    if (chance()) context.times_slowed_by_heat = number(0, 1'000'000);
    context.power_supply = text();
    return context;
  }

  TrainingFacts training() {
    TrainingFacts facts{
        .model = text(),
        .task = text(),
        .dataset = text(),
        .phase = pick({Phase::training, Phase::pretraining, Phase::finetuning, Phase::testing}),
        .epochs_total = maybe_number(1, 1000),
        .data_fraction = chance() ? std::optional(0.01) : std::nullopt,
        .batch_size = maybe_number(1, 4096),
        .metric = text(),
        .accuracy_percent = maybe_percent()};
    for (int i = number(0, 2); i > 0; --i) {
      facts.builds_on.push_back({.run = text(), .uses = pick<double>({1.0, 0.5, 1e6})});
    }
    return facts;
  }

  MarkedWindow window() {
    MarkedWindow window{.kind = pick({WindowKind::startup, WindowKind::epoch, WindowKind::between,
                                      WindowKind::named}),
                        .name = text(),
                        .epoch = number(0, 1000),
                        .start = Seconds(real()),
                        .duration = Seconds(real()),
                        .ended = chance(),
                        .basis = basis(),
                        .gross = maybe_gross(),
                        .net = maybe_net()};
    if (chance()) window.steps = number(0, 1'000'000);
    for (int i = number(0, 2); i > 0; --i) {
      window.components.push_back({.name = text(), .basis = basis(), .gross = maybe_gross()});
    }
    return window;
  }

  EnergyReport energy() {
    EnergyReport report;
    report.duration = Seconds(real());
    for (int i = number(0, 3); i > 0; --i) report.components.push_back(component());
    report.total = {.scope = text(), .basis = basis(), .gross = maybe_gross(), .net = maybe_net()};
    for (int i = number(0, 2); i > 0; --i) report.conditions.push_back(conditions());
    return report;
  }

  Setup setup() {
    return {.id = fmt::format("{} setup", text()),
            .label = text(),
            .device = text(),
            .runtime = text(),
            .runtime_version = text(),
            .precision = text(),
            .threads = number(0, 128)};
  }

  Cell cell() {
    Cell cell;
    cell.setup = setup();
    cell.model = {.name = text(), .input_size = number(0, 512), .sha256 = text(), .file = text()};
    cell.batch_size = number(1, 4096);
    cell.protocol = text();
    cell.replicates = number(0, 9);
    cell.seed = std::uniform_int_distribution<std::uint64_t>()(random_);
    return cell;
  }

  CellResult result() {
    CellResult result;
    result.energy_per_image = figure(real());
    result.net_energy_per_image = maybe_net();
    result.throughput_per_s = real();
    result.latency_ms = real();
    for (int i = number(0, 4); i > 0; --i) {
      result.replicates.push_back({.duration = Seconds(real()),
                                   .batches = number(0, 1'000'000),
                                   .energy = Joules(real()),
                                   .net_energy = Joules(signed_real())});
    }
    if (chance()) {
      result.published = PublishedInterval{.mean_j = real(),
                                           .standard_deviation_j = real(),
                                           .standard_error_j = real(),
                                           .interval_j = {.low = signed_real(), .high = real()},
                                           .batches = number(0, 1'000'000)};
    }
    result.precision_reached = chance();
    result.memory_bytes = maybe_real();
    return result;
  }

  std::mt19937 random_;
  int count_ = 0;
};

}  // namespace wattfor::test
