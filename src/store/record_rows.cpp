#include "store/record_rows.h"

#include <fmt/format.h>

#include <string>

namespace wattfor::record_rows {
namespace {

// The enumerator that the next column names.
template <class Enum>
Enum enumerator(Statement& row) {
  const std::string name = row.text();
  if (const auto found = from_name<Enum>(name)) return *found;
  throw damaged(row, fmt::format("it holds the unknown word '{}'", name));
}

std::optional<Watts> watts(const std::optional<double>& value) {
  return value ? std::optional(Watts(*value)) : std::nullopt;
}

std::optional<Interval> interval(Statement& row) {
  const auto low = row.optional_real();
  const auto high = row.optional_real();
  if (!low || !high) return std::nullopt;
  return Interval{.low = *low, .high = *high};
}

EnergyFigure figure(Statement& row) {
  EnergyFigure figure;
  figure.energy = Joules(row.real());
  figure.absolute = interval(row);
  figure.comparison = interval(row);
  return figure;
}

std::optional<PublishedInterval> published(Statement& row) {
  PublishedInterval published;
  published.mean_j = row.real();
  published.standard_deviation_j = row.real();
  published.standard_error_j = row.real();
  published.interval_j.low = row.real();
  published.interval_j.high = row.real();
  const auto batches = row.optional_integer();
  if (!batches) return std::nullopt;
  published.batches = *batches;
  return published;
}

std::optional<bool> truth(const std::optional<std::int64_t>& value) {
  return value ? std::optional(*value != 0) : std::nullopt;
}

}  // namespace

Error damaged(const Statement& row, std::string_view what) {
  return {ErrorCode::invalid_input,
          fmt::format("{}: the store is damaged: {}; restore a copy", row.path().string(), what)};
}

std::optional<EnergyFigure> optional_figure(Statement& row) {
  const auto energy = row.optional_real();
  const auto absolute = interval(row);
  const auto comparison = interval(row);
  if (!energy) return std::nullopt;
  return EnergyFigure{.energy = Joules(*energy), .absolute = absolute, .comparison = comparison};
}

int small(std::int64_t value) { return static_cast<int>(value); }

std::optional<CellResult> result(Statement& row) {
  CellResult result;
  result.energy_per_image = figure(row);
  result.net_energy_per_image = optional_figure(row);
  result.throughput_per_s = row.real();
  result.latency_ms = row.real();
  const auto precision_reached = row.optional_integer();
  result.memory_bytes = row.optional_real();
  result.published = published(row);
  if (!precision_reached) return std::nullopt;
  result.precision_reached = *precision_reached != 0;
  return result;
}

ComponentEnergy component(Statement& row) {
  ComponentEnergy component;
  row.integer();  // position
  component.name = row.text();
  component.kind = enumerator<ComponentKind>(row);
  component.basis = enumerator<Basis>(row);
  component.in_total = row.integer() != 0;
  component.gross = optional_figure(row);
  component.net = optional_figure(row);
  component.average_power = watts(row.optional_real());
  component.peak_power = watts(row.optional_real());
  component.idle_power = watts(row.optional_real());
  component.assumption = row.text();
  component.shared_with = row.text();
  return component;
}

DeviceConditions device_conditions(Statement& row) {
  DeviceConditions conditions;
  row.integer();  // position
  conditions.device = row.text();
  conditions.utilisation_percent = row.optional_real();
  conditions.memory_bytes = row.optional_real();
  conditions.temperature_c = row.optional_real();
  conditions.clock_mhz = row.optional_real();
  conditions.clock_minimum_mhz = row.optional_real();
  conditions.power_limit = watts(row.optional_real());
  return conditions;
}

HostContext host_context(Statement& row) {
  HostContext context;
  context.others_cpu_percent = row.optional_real();
  context.cgroup = row.text();
  context.container = row.text();
  context.cpu_quota = row.optional_real();
  context.memory_limit_bytes = row.optional_real();
  if (const auto tasks = row.optional_integer()) context.tasks_on_node = small(*tasks);
  context.allowed_cpus = row.text();
  context.allowed_cpu_count = small(row.integer());
  context.numa_nodes = small(row.integer());
  context.allowed_numa_nodes = small(row.integer());
  context.scaling_driver = row.text();
  context.governor = row.text();
  context.turbo = truth(row.optional_integer());
  context.smt = truth(row.optional_integer());
  context.package_temperature_c = row.optional_real();
  if (const auto seconds = row.optional_real()) context.slowed_by_heat = Seconds(*seconds);
  context.times_slowed_by_heat = row.optional_integer();
  context.power_supply = row.text();
  return context;
}

OtherProgram other_program(Statement& row) {
  OtherProgram program;
  row.integer();  // position
  program.name = row.text();
  program.pid = small(row.integer());
  program.component = row.text();
  program.cpu_percent = row.optional_real();
  program.memory_bytes = row.optional_real();
  program.use = enumerator<ProgramUse>(row);
  return program;
}

TrainingFacts training_facts(Statement& row) {
  TrainingFacts facts;
  facts.model = row.text();
  facts.task = row.text();
  facts.dataset = row.text();
  facts.phase = enumerator<Phase>(row);
  if (const auto epochs = row.optional_integer()) facts.epochs_total = small(*epochs);
  facts.data_fraction = row.optional_real();
  if (const auto size = row.optional_integer()) facts.batch_size = small(*size);
  facts.metric = row.text();
  facts.accuracy_percent = row.optional_real();
  return facts;
}

BuiltOn built_on(Statement& row) {
  BuiltOn built_on;
  row.integer();  // position
  built_on.run = row.text();
  built_on.uses = row.real();
  return built_on;
}

MarkedWindow marked_window(Statement& row) {
  MarkedWindow window;
  row.integer();  // position
  window.kind = enumerator<WindowKind>(row);
  window.name = row.text();
  window.epoch = row.integer();
  window.start = Seconds(row.real());
  window.duration = Seconds(row.real());
  window.steps = row.optional_integer();
  window.ended = row.integer() != 0;
  window.basis = enumerator<Basis>(row);
  window.gross = optional_figure(row);
  window.net = optional_figure(row);
  return window;
}

WindowComponent window_component(Statement& row) {
  WindowComponent component;
  row.integer();  // position
  component.name = row.text();
  component.basis = enumerator<Basis>(row);
  component.gross = optional_figure(row);
  return component;
}

Outcome outcome(Statement& row) { return enumerator<Outcome>(row); }

Basis basis(Statement& row) { return enumerator<Basis>(row); }

}  // namespace wattfor::record_rows
