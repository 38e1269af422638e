#pragma once

#include <concepts>
#include <type_traits>

#include "measurement/measurement.h"
#include "measurement/published.h"

// The keys of every record, named once: json.cpp writes and reads by walking the same list. `each`
// takes a key and a member; `each.figure` spreads an energy figure over the keys `energy_j`,
// `energy_low_j`, … of the record itself, with a prefix; `each.added` takes a key that exports of
// earlier versions lack.
namespace wattfor::json_fields {

// The record itself to a reader, a constant one to a writer.
template <class Type, class Record>
concept Like = std::same_as<std::remove_const_t<Type>, Record>;

template <class Each>
void visit(Each& each, Like<EnergyFigure> auto& figure) {
  each.figure("", figure);
}

template <class Each>
void visit(Each& each, Like<Gap> auto& gap) {
  each("start_s", gap.start);
  each("duration_s", gap.duration);
  each("reason", gap.reason);
}

template <class Each>
void visit(Each& each, Like<ComponentEnergy> auto& component) {
  each("name", component.name);
  each("kind", component.kind);
  each("basis", component.basis);
  each.figure("", component.gross);
  each.figure("net_", component.net);
  each("average_power_w", component.average_power);
  each("peak_power_w", component.peak_power);
  each("idle_power_w", component.idle_power);
  each("sensors", component.sensors);
  each("gaps", component.gaps);
  each("faults", component.faults);
  each("assumption", component.assumption);
  each.added("shared_with", component.shared_with);
  each("in_total", component.in_total);
}

template <class Each>
void visit(Each& each, Like<TotalEnergy> auto& total) {
  each("scope", total.scope);
  each("basis", total.basis);
  each.figure("", total.gross);
  each.figure("net_", total.net);
}

template <class Each>
void visit(Each& each, Like<DeviceConditions> auto& conditions) {
  each("device", conditions.device);
  each("utilisation_percent", conditions.utilisation_percent);
  each("memory_bytes", conditions.memory_bytes);
  each("temperature_c", conditions.temperature_c);
  each("clock_mhz", conditions.clock_mhz);
  each("clock_minimum_mhz", conditions.clock_minimum_mhz);
  each("power_limit_w", conditions.power_limit);
  each("throttle_reasons", conditions.throttle_reasons);
  each("throttled_s", conditions.throttled);
}

template <class Each>
void visit(Each& each, Like<EnergyReport> auto& report) {
  each("duration_s", report.duration);
  each("components", report.components);
  each("total", report.total);
  each("conditions", report.conditions);
}

template <class Each>
void visit(Each& each, Like<Machine> auto& machine) {
  each("hostname", machine.hostname);
  each("cpu", machine.cpu);
  each("logical_cpus", machine.logical_cpus);
  each("memory_bytes", machine.memory_bytes);
  each("kernel", machine.kernel);
  each("virtualisation", machine.virtualisation);
  each("devices", machine.devices);
}

template <class Each>
void visit(Each& each, Like<Model> auto& model) {
  each("name", model.name);
  each("input_size", model.input_size);
  each("sha256", model.sha256);
  each("file", model.file);
}

template <class Each>
void visit(Each& each, Like<Setup> auto& setup) {
  each("id", setup.id);
  each("label", setup.label);
  each("device", setup.device);
  each("runtime", setup.runtime);
  each("runtime_version", setup.runtime_version);
  each("precision", setup.precision);
  each("threads", setup.threads);
}

template <class Each>
void visit(Each& each, Like<Cell> auto& cell) {
  each("setup", cell.setup);
  each("model", cell.model);
  each("batch_size", cell.batch_size);
  each("protocol", cell.protocol);
  each("replicates", cell.replicates);
  each("seed", cell.seed);
}

template <class Each>
void visit(Each& each, Like<Replicate> auto& replicate) {
  each("duration_s", replicate.duration);
  each("batches", replicate.batches);
  each("energy_j", replicate.energy);
  each("net_energy_j", replicate.net_energy);
}

template <class Each>
void visit(Each& each, Like<PublishedInterval> auto& published) {
  each("mean_j", published.mean_j);
  each("standard_deviation_j", published.standard_deviation_j);
  each("standard_error_j", published.standard_error_j);
  each("low_j", published.interval_j.low);
  each("high_j", published.interval_j.high);
  each("batches", published.batches);
}

template <class Each>
void visit(Each& each, Like<CellResult> auto& result) {
  each("energy_per_image", result.energy_per_image);
  each("net_energy_per_image", result.net_energy_per_image);
  each("throughput_per_s", result.throughput_per_s);
  each("latency_ms", result.latency_ms);
  each("replicates", result.replicates);
  each("published", result.published);
  each("precision_reached", result.precision_reached);
  each("memory_bytes", result.memory_bytes);
}

template <class Each>
void visit(Each& each, Like<Command> auto& command) {
  each("arguments", command.arguments);
  each("exit_status", command.exit_status);
}

template <class Each>
void visit(Each& each, Like<OtherProgram> auto& program) {
  each("name", program.name);
  each("pid", program.pid);
  each("component", program.component);
  each("cpu_percent", program.cpu_percent);
  each("memory_bytes", program.memory_bytes);
  each("use", program.use);
}

template <class Each>
void visit(Each& each, Like<HostContext> auto& context) {
  each("others_cpu_percent", context.others_cpu_percent);
  each("others", context.others);
  each("cgroup", context.cgroup);
  each("container", context.container);
  each("cpu_quota_cpus", context.cpu_quota);
  each("memory_limit_bytes", context.memory_limit_bytes);
  each("job", context.job);
  each("tasks_on_node", context.tasks_on_node);
  each("allowed_cpus", context.allowed_cpus);
  each("allowed_cpu_count", context.allowed_cpu_count);
  each("numa_nodes", context.numa_nodes);
  each("allowed_numa_nodes", context.allowed_numa_nodes);
  each("scaling_driver", context.scaling_driver);
  each("governor", context.governor);
  each("turbo", context.turbo);
  each("smt", context.smt);
  each("package_temperature_c", context.package_temperature_c);
  each("slowed_by_heat_s", context.slowed_by_heat);
  each("times_slowed_by_heat", context.times_slowed_by_heat);
  each("power_supply", context.power_supply);
}

template <class Each>
void visit(Each& each, Like<BuiltOn> auto& built_on) {
  each("run", built_on.run);
  each("uses", built_on.uses);
}

template <class Each>
void visit(Each& each, Like<TrainingFacts> auto& facts) {
  each("model", facts.model);
  each("task", facts.task);
  each("dataset", facts.dataset);
  each("phase", facts.phase);
  each("epochs_total", facts.epochs_total);
  each("data_fraction", facts.data_fraction);
  each("batch_size", facts.batch_size);
  each("metric", facts.metric);
  each("accuracy_percent", facts.accuracy_percent);
  each("builds_on", facts.builds_on);
}

template <class Each>
void visit(Each& each, Like<WindowComponent> auto& component) {
  each("name", component.name);
  each("basis", component.basis);
  each.figure("", component.gross);
}

template <class Each>
void visit(Each& each, Like<MarkedWindow> auto& window) {
  each("kind", window.kind);
  each("name", window.name);
  each("epoch", window.epoch);
  each("start_s", window.start);
  each("duration_s", window.duration);
  each("steps", window.steps);
  each("ended", window.ended);
  each("basis", window.basis);
  each.figure("", window.gross);
  each.figure("net_", window.net);
  each("components", window.components);
}

// `kind` is not here: it follows from `cell`.
template <class Each>
void visit(Each& each, Like<Measurement> auto& measurement) {
  each("id", measurement.id);
  each("name", measurement.name);
  each("started_at", measurement.started_at);
  each("wattfor_version", measurement.wattfor_version);
  each("outcome", measurement.outcome);
  each("reason", measurement.reason);
  each("machine", measurement.machine);
  each("energy", measurement.energy);
  each("warnings", measurement.warnings);
  each("settings", measurement.settings);
  each("cell", measurement.cell);
  each("result", measurement.result);
  each("command", measurement.command);
  each("context", measurement.context);
  each("training", measurement.training);
  each("windows", measurement.windows);
  each("steps", measurement.steps);
}

template <class Each>
void visit(Each& each, Like<Accuracy> auto& accuracy) {
  each("model", accuracy.model);
  each("input_size", accuracy.input_size);
  each("test_set", accuracy.test_set);
  each("top1_percent", accuracy.top1_percent);
  each("top5_percent", accuracy.top5_percent);
}

template <class Each>
void visit(Each& each, Like<PublishedFigure> auto& figure) {
  each("setup", figure.setup);
  each("model", figure.model);
  each("input_size", figure.input_size);
  each("basis", figure.basis);
  each("batch_size", figure.batch_size);
  each("energy_per_image", figure.energy_per_image);
  each("throughput_per_s", figure.throughput_per_s);
  each("latency_ms", figure.latency_ms);
}

template <class Each>
void visit(Each& each, Like<ModelStatistics> auto& statistics) {
  each("model", statistics.model);
  each("input_size", statistics.input_size);
  each("counter", statistics.counter);
  each("parameters", statistics.parameters);
  each("macs", statistics.macs);
  each("activations", statistics.activations);
}

template <class Each>
void visit(Each& each, Like<TrainingRun> auto& run) {
  each("model", run.model);
  each("task", run.task);
  each("dataset", run.dataset);
  each("year", run.year);
  each("gflops_per_forward", run.gflops_per_forward);
  each("parameters", run.parameters);
  each("device", run.device);
  each("device_count", run.device_count);
  each("batch_size", run.batch_size);
  each("epochs", run.epochs);
  each("data_fraction", run.data_fraction);
  each("pretrain_dataset", run.pretrain_dataset);
  each("pretrain_energy_j", run.pretrain);
  each("train_energy_j", run.train);
  each("finetune_energy_j", run.finetune);
  each("test_energy_j", run.test);
  each("metric", run.metric);
  each("accuracy_percent", run.accuracy_percent);
}

}  // namespace wattfor::json_fields
