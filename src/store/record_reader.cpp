#include "store/record_reader.h"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "store/columns.h"
#include "store/published_reader.h"
#include "store/record_rows.h"

namespace wattfor {
namespace {

using record_rows::damaged;

// What another row is kept under.
template <class Map>
auto& entry(Map& map, std::int64_t key, const Statement& row) {
  const auto found = map.find(key);
  if (found == map.end()) throw damaged(row, fmt::format("it lacks row {} of a table", key));
  return found->second;
}

// Where a row belongs: which record, and which of its components or conditions.
struct Place {
  std::size_t record = 0;
  std::size_t item = 0;
};

// Reads the tables one after another and puts each row where it belongs.
class RangeReader {
 public:
  RangeReader(const Database& database, RecordRange range) : database_(database), range_(range) {}

  std::vector<Measurement> read() {
    read_machines();
    read_setups();
    read_models();
    read_records();
    read_lists();
    read_components();
    read_conditions();
    read_contexts();
    read_trainings();
    read_windows();
    return std::move(records_);
  }

 private:
  using Key = std::int64_t;

  // Calls `take` with each row of a query that has the range as its parameters.
  template <class Take>
  void for_each(const std::string& sql, const Take& take) const {
    Statement rows = database_.prepare(sql);
    rows.bind(range_.first, range_.last);
    while (rows.step()) take(rows);
  }

  // The rows that the range's records refer to.
  static std::string referred(std::string_view table, std::string_view columns) {
    return fmt::format(
        "SELECT number, {1} FROM {0} WHERE number IN "
        "(SELECT {0} FROM measurement WHERE number BETWEEN ? AND ?)",
        table, columns);
  }

  // The rows that belong to the range's records, in order.
  static std::string belonging(std::string_view table, std::string_view columns) {
    return fmt::format(
        "SELECT {} FROM {} WHERE measurement BETWEEN ? AND ? ORDER BY measurement, position",
        columns, table);
  }

  // The rows that belong to the rows of `owner` that belong to the range's records, in order.
  static std::string belonging_to(std::string_view owner, std::string_view table,
                                  std::string_view columns) {
    return fmt::format(
        "SELECT {2} FROM {1} WHERE {0} IN "
        "(SELECT number FROM {0} WHERE measurement BETWEEN ? AND ?) ORDER BY {0}, position",
        owner, table, columns);
  }

  void read_machines() {
    for_each(referred("machine", columns::machine), [&](Statement& row) {
      Machine& machine = machines_[row.integer()];
      machine.hostname = row.text();
      machine.cpu = row.text();
      machine.logical_cpus = record_rows::small(row.integer());
      machine.memory_bytes = row.real();
      machine.kernel = row.text();
      machine.virtualisation = row.text();
    });
    for_each(
        "SELECT machine, text FROM machine_device WHERE machine IN "
        "(SELECT machine FROM measurement WHERE number BETWEEN ? AND ?) ORDER BY machine, position",
        [&](Statement& row) {
          Machine& machine = machines_[row.integer()];
          machine.devices.push_back(row.text());
        });
  }

  void read_setups() {
    for_each(referred("setup", columns::setup), [&](Statement& row) {
      Setup& setup = setups_[row.integer()];
      read_setup(row, setup);
    });
  }

  void read_models() {
    for_each(referred("model", columns::model), [&](Statement& row) {
      Model& model = models_[row.integer()];
      model.name = row.text();
      model.input_size = record_rows::small(row.integer());
      model.sha256 = row.text();
      model.file = row.text();
    });
  }

  void read_records() {
    for_each(fmt::format("SELECT number, {} FROM measurement WHERE number BETWEEN ? AND ? "
                         "ORDER BY number",
                         columns::measurement),
             [&](Statement& row) {
               record_index_[row.integer()] = records_.size();
               records_.push_back(record(row));
             });
  }

  Measurement record(Statement& row) const {
    Measurement record;
    record.id = row.text();
    record.name = row.text();
    record.started_at = row.text();
    record.wattfor_version = row.text();
    record.outcome = record_rows::outcome(row);
    record.reason = row.text();
    record.machine = entry(machines_, row.integer(), row);
    row.optional_integer();  // the source: where a record was imported from is no part of it
    record.energy.duration = Seconds(row.real());
    record.energy.total.scope = row.text();
    record.energy.total.basis = record_rows::basis(row);
    record.energy.total.gross = record_rows::optional_figure(row);
    record.energy.total.net = record_rows::optional_figure(row);
    const bool has_command = row.integer() != 0;
    const auto exit_status = row.optional_integer();
    if (has_command) record.command.emplace();
    if (has_command && exit_status) record.command->exit_status = record_rows::small(*exit_status);
    record.cell = cell(row);
    record.result = record_rows::result(row);
    record.steps = row.optional_integer();
    return record;
  }

  std::optional<Cell> cell(Statement& row) const {
    const auto setup = row.optional_integer();
    const auto model = row.optional_integer();
    row.optional_text();  // the key follows from the rest
    Cell cell;
    cell.batch_size = record_rows::small(row.integer());
    cell.protocol = row.text();
    cell.replicates = record_rows::small(row.integer());
    cell.seed = static_cast<std::uint64_t>(row.integer());
    if (!setup || !model) return std::nullopt;
    cell.setup = entry(setups_, *setup, row);
    cell.model = entry(models_, *model, row);
    return cell;
  }

  void read_lists() {
    for_each(belonging("argument", "measurement, text"), [&](Statement& row) {
      Measurement& record = owner(row);
      if (!record.command) throw damaged(row, "a record without a command has its words");
      record.command->arguments.push_back(row.text());
    });
    for_each(belonging("warning", "measurement, text"), [&](Statement& row) {
      Measurement& record = owner(row);
      record.warnings.push_back(row.text());
    });
    for_each(
        fmt::format("SELECT {} FROM setting WHERE measurement BETWEEN ? AND ?", columns::setting),
        [&](Statement& row) {
          Measurement& record = owner(row);
          std::string name = row.text();
          record.settings[std::move(name)] = row.text();
        });
    for_each(belonging("replicate", columns::replicate), [&](Statement& row) {
      Measurement& record = owner(row);
      if (!record.result) throw damaged(row, "a record without a result has its replicates");
      row.integer();  // position
      Replicate& replicate = record.result->replicates.emplace_back();
      replicate.duration = Seconds(row.real());
      replicate.batches = row.integer();
      replicate.energy = Joules(row.real());
      replicate.net_energy = Joules(row.real());
    });
  }

  // The record that the row's next column names.
  Measurement& owner(Statement& row) { return records_[record_place(row)]; }
  std::size_t record_place(Statement& row) const {
    return entry(record_index_, row.integer(), row);
  }

  void read_components() {
    std::unordered_map<Key, Place> places;
    for_each(belonging("component", fmt::format("number, {}", columns::component)),
             [&](Statement& row) {
               const Key number = row.integer();
               const std::size_t record = record_place(row);
               auto& components = records_[record].energy.components;
               places[number] = {.record = record, .item = components.size()};
               components.push_back(record_rows::component(row));
             });
    const auto named_by = [&](Statement& row) -> ComponentEnergy& {
      const Place place = entry(places, row.integer(), row);
      return records_[place.record].energy.components[place.item];
    };
    for_each(belonging_to("component", "component_sensor", "component, text"), [&](Statement& row) {
      ComponentEnergy& component = named_by(row);
      component.sensors.push_back(row.text());
    });
    for_each(belonging_to("component", "component_fault", "component, text"), [&](Statement& row) {
      ComponentEnergy& component = named_by(row);
      component.faults.push_back(row.text());
    });
    for_each(belonging_to("component", "gap", columns::gap), [&](Statement& row) {
      ComponentEnergy& component = named_by(row);
      row.integer();  // position
      Gap& gap = component.gaps.emplace_back();
      gap.start = Seconds(row.real());
      gap.duration = Seconds(row.real());
      gap.reason = row.text();
    });
  }

  void read_conditions() {
    std::unordered_map<Key, Place> places;
    for_each(belonging("condition", fmt::format("number, {}", columns::condition)),
             [&](Statement& row) {
               const Key number = row.integer();
               const std::size_t record = record_place(row);
               auto& conditions = records_[record].energy.conditions;
               places[number] = {.record = record, .item = conditions.size()};
               conditions.push_back(record_rows::device_conditions(row));
             });
    for_each(belonging_to("condition", "throttle_reason", "condition, text"), [&](Statement& row) {
      const Place place = entry(places, row.integer(), row);
      records_[place.record].energy.conditions[place.item].throttle_reasons.push_back(row.text());
    });
    for_each(fmt::format("SELECT {} FROM throttled WHERE condition IN "
                         "(SELECT number FROM condition WHERE measurement BETWEEN ? AND ?)",
                         columns::throttled),
             [&](Statement& row) {
               const Place place = entry(places, row.integer(), row);
               auto& throttled = records_[place.record].energy.conditions[place.item].throttled;
               std::string reason = row.text();
               throttled[std::move(reason)] = Seconds(row.real());
             });
  }

  void read_contexts() {
    for_each(
        fmt::format("SELECT {} FROM context WHERE measurement BETWEEN ? AND ?", columns::context),
        [&](Statement& row) {
          Measurement& record = owner(row);
          record.context = record_rows::host_context(row);
        });
    for_each(fmt::format("SELECT {} FROM job WHERE measurement BETWEEN ? AND ?", columns::job),
             [&](Statement& row) {
               HostContext& context = context_of(row);
               std::string name = row.text();
               context.job[std::move(name)] = row.text();
             });
    for_each(belonging("other_program", columns::other_program), [&](Statement& row) {
      HostContext& context = context_of(row);
      context.others.push_back(record_rows::other_program(row));
    });
  }

  void read_trainings() {
    for_each(
        fmt::format("SELECT {} FROM training WHERE measurement BETWEEN ? AND ?", columns::training),
        [&](Statement& row) {
          Measurement& record = owner(row);
          record.training = record_rows::training_facts(row);
        });
    for_each(belonging("built_on", columns::built_on), [&](Statement& row) {
      Measurement& record = owner(row);
      if (!record.training) throw damaged(row, "a record that is no training builds on another");
      record.training->builds_on.push_back(record_rows::built_on(row));
    });
  }

  void read_windows() {
    std::unordered_map<Key, Place> places;
    for_each(belonging("marked_window", fmt::format("number, {}", columns::marked_window)),
             [&](Statement& row) {
               const Key number = row.integer();
               const std::size_t record = record_place(row);
               auto& windows = records_[record].windows;
               places[number] = {.record = record, .item = windows.size()};
               windows.push_back(record_rows::marked_window(row));
             });
    for_each(belonging_to("marked_window", "window_component", columns::window_component),
             [&](Statement& row) {
               const Place place = entry(places, row.integer(), row);
               records_[place.record].windows[place.item].components.push_back(
                   record_rows::window_component(row));
             });
  }

  HostContext& context_of(Statement& row) {
    Measurement& record = owner(row);
    if (!record.context) throw damaged(row, "a record without a context has parts of one");
    return *record.context;
  }

  const Database& database_;
  const RecordRange range_;
  std::unordered_map<Key, Machine> machines_;
  std::unordered_map<Key, Setup> setups_;
  std::unordered_map<Key, Model> models_;
  std::unordered_map<Key, std::size_t> record_index_;
  std::vector<Measurement> records_;
};

}  // namespace

std::vector<Measurement> read_measurements(const Database& database, RecordRange range) {
  return RangeReader(database, range).read();
}

std::vector<Accuracy> read_accuracies(const Database& database) {
  std::vector<Accuracy> accuracies;
  Statement rows = database.prepare(
      fmt::format("SELECT {} FROM accuracy WHERE number IN (SELECT max(number) FROM accuracy "
                  "GROUP BY model, input_size, test_set) ORDER BY number",
                  columns::accuracy));
  while (rows.step()) {
    Accuracy& accuracy = accuracies.emplace_back();
    accuracy.model = rows.text();
    accuracy.input_size = record_rows::small(rows.integer());
    accuracy.test_set = rows.text();
    accuracy.top1_percent = rows.optional_real();
    accuracy.top5_percent = rows.optional_real();
  }
  return accuracies;
}

}  // namespace wattfor
