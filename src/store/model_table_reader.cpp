#include "store/model_table_reader.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store/columns.h"
#include "store/published_reader.h"

namespace wattfor {
namespace {

// The numbers of a table's rows as places in another list.
class Places {
 public:
  void set(std::int64_t number, std::size_t place) {
    const auto index = static_cast<std::size_t>(number);
    if (index >= places_.size()) places_.resize(index + index / 2 + 1);
    places_[index] = place;
  }
  std::size_t operator[](std::int64_t number) const {
    return places_[static_cast<std::size_t>(number)];
  }

 private:
  std::vector<std::size_t> places_;
};

// The rows of an ordered query one after the other, with their keys.
class Keys {
 public:
  explicit Keys(Statement rows) : rows_(std::move(rows)) { next(); }

  bool is_at_end() const { return is_at_end_; }
  const ModelKey& key() const { return key_; }
  Statement& row() { return rows_; }
  void next() {
    is_at_end_ = !rows_.step();
    if (is_at_end_) return;
    key_.model = rows_.text();
    key_.input_size = static_cast<int>(rows_.integer());
  }

 private:
  Statement rows_;
  ModelKey key_;
  bool is_at_end_ = false;
};

// The rows of the table, and where the store's numbers lead in it.
struct Models {
  std::vector<ModelKey> keys;
  Places row_of_model;
  std::vector<std::string> test_sets;
  Places row_of_accuracy;
  Places test_set_of_accuracy;  // in the list of their names
};

std::size_t place_of(const std::string& name, std::vector<std::string>& names) {
  std::size_t place = 0;
  while (place < names.size() && names[place] != name) ++place;
  if (place == names.size()) names.push_back(name);
  return place;
}

// Both tables have an index in the order of the keys, so this is a merge; the accuracies themselves
// are not in theirs, and a look at each in this order would read the file in leaps.
Models read_models(const Database& database) {
  Models models;
  Keys known(
      database.prepare("SELECT name, input_size, number FROM model "
                       "ORDER BY name, input_size"));
  Keys accurate(
      database.prepare("SELECT model, input_size, test_set, number FROM accuracy "
                       "ORDER BY model, input_size, test_set"));
  while (!known.is_at_end() || !accurate.is_at_end()) {
    const bool is_known =
        accurate.is_at_end() || (!known.is_at_end() && known.key() <= accurate.key());
    Keys& next = is_known ? known : accurate;
    if (models.keys.empty() || models.keys.back() != next.key()) models.keys.push_back(next.key());
    const std::size_t row = models.keys.size() - 1;
    if (is_known) {
      models.row_of_model.set(next.row().integer(), row);
    } else {
      const std::size_t test_set = place_of(next.row().text(), models.test_sets);
      const std::int64_t number = next.row().integer();
      models.row_of_accuracy.set(number, row);
      models.test_set_of_accuracy.set(number, test_set);
    }
    next.next();
  }
  return models;
}

void read_figures(const Database& database, const Places& row_of_model, ModelTable& table) {
  std::vector<Setup> setups;
  Places place_of_setup;
  Statement described =
      database.prepare(fmt::format("SELECT number, {} FROM setup ORDER BY number", columns::setup));
  while (described.step()) {
    place_of_setup.set(described.integer(), setups.size());
    read_setup(described, setups.emplace_back());
  }
  Statement rows = database.prepare(
      fmt::format("SELECT setup, model, {} FROM figure ORDER BY number", columns::figure));
  std::int64_t current = 0;  // the number of the setup that `columns` are of
  SetupColumns* columns = nullptr;
  while (rows.step()) {
    const std::int64_t setup = rows.integer();
    if (columns == nullptr || setup != current) {
      current = setup;
      columns = &table.setup_columns(setups[place_of_setup[setup]]);
      columns->setup = setups[place_of_setup[setup]];  // as it was described last
    }
    const std::size_t row = row_of_model[rows.integer()];
    PublishedFigure figure;
    read_figure(rows, figure);
    columns->set_energy(row, figure.energy_per_image, figure.basis);
    columns->is_imported[row] = true;
    const auto batch_size = figure.batch_size;
    columns->batch_size.set(row, batch_size ? std::optional<double>(*batch_size) : std::nullopt);
    columns->throughput_per_s.set(row, figure.throughput_per_s);
    columns->latency_ms.set(row, figure.latency_ms);
  }
}

void read_statistics(const Database& database, const Places& row_of_model, ModelTable& table) {
  Statement rows = database.prepare(fmt::format(
      "SELECT model, counter, {} FROM model_statistic ORDER BY number", columns::model_statistic));
  while (rows.step()) {
    const std::size_t row = row_of_model[rows.integer()];
    CounterColumns& columns = table.counter_columns(rows.text());
    ModelStatistics statistics;
    read_statistics(rows, statistics);
    columns.parameters.set(row, statistics.parameters);
    columns.macs.set(row, statistics.macs);
    columns.activations.set(row, statistics.activations);
  }
}

void read_accuracies(const Database& database, const Models& models, ModelTable& table) {
  // All are made before any is pointed to: another one moves them.
  for (const std::string& name : models.test_sets) table.test_set_column(name);
  std::vector<NumberColumn*> columns;
  columns.reserve(models.test_sets.size());
  for (const std::string& name : models.test_sets) {
    columns.push_back(&table.test_set_column(name).top1_percent);
  }
  Statement rows = database.prepare("SELECT number, top1_percent FROM accuracy ORDER BY number");
  while (rows.step()) {
    const std::int64_t number = rows.integer();
    columns[models.test_set_of_accuracy[number]]->set(models.row_of_accuracy[number],
                                                      rows.optional_real());
  }
}

}  // namespace

ModelTable read_model_table(const Database& database) {
  Models models = read_models(database);
  ModelTable table;
  table.models = std::move(models.keys);
  read_accuracies(database, models, table);
  read_figures(database, models.row_of_model, table);
  read_statistics(database, models.row_of_model, table);
  return table;
}

}  // namespace wattfor
