#include "store/record_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "store/columns.h"
#include "store/sql_text.h"

namespace wattfor {
namespace {

void bind_published(Statement& statement, const std::optional<PublishedInterval>& published) {
  if (published) {
    statement.bind(published->mean_j, published->standard_deviation_j, published->standard_error_j,
                   published->interval_j.low, published->interval_j.high, published->batches);
  } else {
    statement.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                   std::nullopt);
  }
}

std::optional<double> watts(const std::optional<Watts>& power) {
  return power ? std::optional(power->value()) : std::nullopt;
}

// SQLite's integers are signed; the bits are kept.
std::int64_t signed_bits(std::uint64_t value) { return static_cast<std::int64_t>(value); }

}  // namespace

RecordWriter::TextList::TextList(Database& database, std::string_view table, std::string_view owner)
    : insert_(database.prepare(insert_into(table, fmt::format("{}, position, text", owner)))) {}

void RecordWriter::TextList::write(std::int64_t owner, const std::vector<std::string>& texts) {
  int position = 0;
  for (const std::string& text : texts) insert_.run(owner, position++, text);
}

RecordWriter::RecordWriter(Database& database)
    : database_(database),
      rows_(database),
      find_measurement_(database.prepare("SELECT number FROM measurement WHERE id = ?")),
      insert_measurement_(database.prepare(insert_into("measurement", columns::measurement))),
      find_machine_(database.prepare(find_in("machine", columns::machine))),
      insert_machine_(database.prepare(insert_into("machine", columns::machine))),
      find_machine_device_(
          database.prepare("SELECT text FROM machine_device WHERE machine = ? ORDER BY position")),
      insert_setting_(database.prepare(insert_into("setting", columns::setting))),
      insert_replicate_(database.prepare(insert_into("replicate", columns::replicate))),
      insert_component_(database.prepare(insert_into("component", columns::component))),
      insert_gap_(database.prepare(insert_into("gap", columns::gap))),
      insert_condition_(database.prepare(insert_into("condition", columns::condition))),
      insert_throttled_(database.prepare(insert_into("throttled", columns::throttled))),
      insert_context_(database.prepare(insert_into("context", columns::context))),
      insert_job_(database.prepare(insert_into("job", columns::job))),
      insert_other_program_(database.prepare(insert_into("other_program", columns::other_program))),
      insert_training_(database.prepare(insert_into("training", columns::training))),
      insert_built_on_(database.prepare(insert_into("built_on", columns::built_on))),
      insert_window_(database.prepare(insert_into("marked_window", columns::marked_window))),
      insert_window_component_(
          database.prepare(insert_into("window_component", columns::window_component))),
      find_accuracy_(database.prepare(
          "SELECT top1_percent, top5_percent FROM accuracy WHERE (model, input_size, test_set) = "
          "(?, ?, ?) ORDER BY number")),
      insert_accuracy_(
          database.prepare(insert_into("accuracy", fmt::format("{}, source", columns::accuracy)))),
      machine_devices_(database, "machine_device", "machine"),
      arguments_(database, "argument", "measurement"),
      warnings_(database, "warning", "measurement"),
      component_sensors_(database, "component_sensor", "component"),
      component_faults_(database, "component_fault", "component"),
      throttle_reasons_(database, "throttle_reason", "condition") {}

std::int64_t RecordWriter::machine(const Machine& machine) {
  const auto bind = [&](Statement& statement) {
    statement.bind(machine.hostname, machine.cpu, machine.logical_cpus, machine.memory_bytes,
                   machine.kernel, machine.virtualisation);
  };
  // A row is this machine where its list of devices is the same, too.
  std::vector<std::int64_t> alike;
  bind(find_machine_);
  while (find_machine_.step()) alike.push_back(find_machine_.integer());
  for (const std::int64_t number : alike) {
    std::vector<std::string> devices;
    find_machine_device_.bind(number);
    while (find_machine_device_.step()) devices.push_back(find_machine_device_.text());
    if (devices == machine.devices) return number;
  }
  bind(insert_machine_);
  insert_machine_.run();
  const std::int64_t number = database_.last_key();
  machine_devices_.write(number, machine.devices);
  return number;
}

bool RecordWriter::write(const Measurement& record, std::optional<std::int64_t> source) {
  if (find_measurement_.find(record.id)) return false;

  Statement& insert = insert_measurement_;
  const std::int64_t machine_row = machine(record.machine);
  std::optional<std::int64_t> setup_row;
  std::optional<std::int64_t> model_row;
  if (record.cell) {
    setup_row = rows_.setup(record.cell->setup);
    model_row = rows_.model(record.cell->model);
  }
  const EnergyReport& energy = record.energy;
  insert.bind(record.id, record.name, record.started_at, record.wattfor_version,
              name_of(record.outcome), record.reason, machine_row, source, energy.duration.count(),
              energy.total.scope, name_of(energy.total.basis));
  bind_figure(insert, energy.total.gross);
  bind_figure(insert, energy.total.net);
  insert.bind(record.command.has_value(),
              record.command ? record.command->exit_status : std::nullopt, setup_row, model_row);
  if (const auto& cell = record.cell) {
    insert.bind(cell->key(), cell->batch_size, cell->protocol, cell->replicates,
                signed_bits(cell->seed));
  } else {
    insert.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt);
  }
  if (const auto& result = record.result) {
    bind_figure(insert, result->energy_per_image);
    bind_figure(insert, result->net_energy_per_image);
    insert.bind(result->throughput_per_s, result->latency_ms, result->precision_reached,
                result->memory_bytes);
    bind_published(insert, result->published);
  } else {
    bind_figure(insert, std::nullopt);
    bind_figure(insert, std::nullopt);
    insert.bind(std::nullopt, std::nullopt, std::nullopt, std::nullopt);
    bind_published(insert, std::nullopt);
  }
  insert.run(record.steps);
  const std::int64_t number = database_.last_key();

  if (record.command) arguments_.write(number, record.command->arguments);
  warnings_.write(number, record.warnings);
  for (const auto& [name, value] : record.settings) insert_setting_.run(number, name, value);
  if (record.result) {
    int position = 0;
    for (const Replicate& replicate : record.result->replicates) {
      insert_replicate_.run(number, position++, replicate.duration.count(), replicate.batches,
                            replicate.energy.value(), replicate.net_energy.value());
    }
  }
  int position = 0;
  for (const auto& component : energy.components) write_component(number, position++, component);
  position = 0;
  for (const auto& conditions : energy.conditions) write_conditions(number, position++, conditions);
  if (record.context) write_context(number, *record.context);
  if (record.training) write_training(number, *record.training);
  position = 0;
  for (const MarkedWindow& window : record.windows) write_window(number, position++, window);
  return true;
}

void RecordWriter::write_component(std::int64_t measurement, int position,
                                   const ComponentEnergy& component) {
  Statement& insert = insert_component_;
  insert.bind(measurement, position, component.name, name_of(component.kind),
              name_of(component.basis), component.in_total);
  bind_figure(insert, component.gross);
  bind_figure(insert, component.net);
  insert.run(watts(component.average_power), watts(component.peak_power),
             watts(component.idle_power), component.assumption, component.shared_with);
  const std::int64_t number = database_.last_key();
  component_sensors_.write(number, component.sensors);
  component_faults_.write(number, component.faults);
  int gap_position = 0;
  for (const Gap& gap : component.gaps) {
    insert_gap_.run(number, gap_position++, gap.start.count(), gap.duration.count(), gap.reason);
  }
}

void RecordWriter::write_conditions(std::int64_t measurement, int position,
                                    const DeviceConditions& conditions) {
  insert_condition_.run(measurement, position, conditions.device, conditions.utilisation_percent,
                        conditions.memory_bytes, conditions.temperature_c, conditions.clock_mhz,
                        conditions.clock_minimum_mhz, watts(conditions.power_limit));
  const std::int64_t number = database_.last_key();
  throttle_reasons_.write(number, conditions.throttle_reasons);
  for (const auto& [reason, time] : conditions.throttled) {
    insert_throttled_.run(number, reason, time.count());
  }
}

void RecordWriter::write_context(std::int64_t measurement, const HostContext& context) {
  const auto slowed = context.slowed_by_heat;
  insert_context_.run(measurement, context.others_cpu_percent, context.cgroup, context.container,
                      context.cpu_quota, context.memory_limit_bytes, context.tasks_on_node,
                      context.allowed_cpus, context.allowed_cpu_count, context.numa_nodes,
                      context.allowed_numa_nodes, context.scaling_driver, context.governor,
                      context.turbo, context.smt, context.package_temperature_c,
                      slowed ? std::optional(slowed->count()) : std::nullopt,
                      context.times_slowed_by_heat, context.power_supply);
  for (const auto& [name, value] : context.job) insert_job_.run(measurement, name, value);
  int position = 0;
  for (const OtherProgram& program : context.others) {
    insert_other_program_.run(measurement, position++, program.name, program.pid, program.component,
                              program.cpu_percent, program.memory_bytes, name_of(program.use));
  }
}

void RecordWriter::write_training(std::int64_t measurement, const TrainingFacts& facts) {
  insert_training_.run(measurement, facts.model, facts.task, facts.dataset, name_of(facts.phase),
                       facts.epochs_total, facts.data_fraction, facts.batch_size, facts.metric,
                       facts.accuracy_percent);
  int position = 0;
  for (const BuiltOn& each : facts.builds_on) {
    insert_built_on_.run(measurement, position++, each.run, each.uses);
  }
}

void RecordWriter::write_window(std::int64_t measurement, int position,
                                const MarkedWindow& window) {
  insert_window_.bind(measurement, position, name_of(window.kind), window.name, window.epoch,
                      window.start.count(), window.duration.count(), window.steps, window.ended,
                      name_of(window.basis));
  bind_figure(insert_window_, window.gross);
  bind_figure(insert_window_, window.net);
  insert_window_.run();
  const std::int64_t number = database_.last_key();
  int component_position = 0;
  for (const WindowComponent& component : window.components) {
    insert_window_component_.bind(number, component_position++, component.name,
                                  name_of(component.basis));
    bind_figure(insert_window_component_, component.gross);
    insert_window_component_.run();
  }
}

bool RecordWriter::write(const Accuracy& accuracy, std::optional<std::int64_t> source,
                         ComparedWith others) {
  Statement& find = find_accuracy_;
  find.bind(accuracy.model, accuracy.input_size, accuracy.test_set);
  bool is_there = false;
  bool is_newest = false;
  bool is_among_all = false;
  while (find.step()) {
    const auto top1_percent = find.optional_real();
    const auto top5_percent = find.optional_real();
    is_there = true;
    is_newest = top1_percent == accuracy.top1_percent && top5_percent == accuracy.top5_percent;
    is_among_all = is_among_all || is_newest;
  }
  const bool is_unknown = !accuracy.top1_percent && !accuracy.top5_percent;
  const bool is_known = others == ComparedWith::newest ? is_newest : is_among_all;
  if (is_known || (is_unknown && is_there)) return false;
  insert_accuracy_.run(accuracy.model, accuracy.input_size, accuracy.test_set,
                       accuracy.top1_percent, accuracy.top5_percent, source);
  return true;
}

}  // namespace wattfor
