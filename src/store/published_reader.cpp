#include "store/published_reader.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "store/columns.h"

namespace wattfor {
namespace {

std::optional<Interval> read_interval(Statement& row) {
  const auto low = row.optional_real();
  const auto high = row.optional_real();
  if (!low || !high) return std::nullopt;
  return Interval{.low = *low, .high = *high};
}

std::optional<int> optional_int(Statement& row) {
  const auto value = row.optional_integer();
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::optional<Joules> optional_joules(Statement& row) {
  const auto value = row.optional_real();
  return value ? std::optional(Joules(*value)) : std::nullopt;
}

std::map<std::int64_t, Setup> read_setups(const Database& database) {
  std::map<std::int64_t, Setup> setups;
  Statement rows = database.prepare(fmt::format("SELECT number, {} FROM setup", columns::setup));
  while (rows.step()) {
    Setup& setup = setups[rows.integer()];
    read_setup(rows, setup);
  }
  return setups;
}

}  // namespace

void read_setup(Statement& row, Setup& setup) {
  setup.id = row.text();
  setup.label = row.text();
  setup.device = row.text();
  setup.runtime = row.text();
  setup.runtime_version = row.text();
  setup.precision = row.text();
  setup.threads = static_cast<int>(row.integer());
}

void read_figure(Statement& row, PublishedFigure& figure) {
  figure.basis = row.text() == name_of(Basis::modelled) ? Basis::modelled : Basis::measured;
  figure.batch_size = optional_int(row);
  figure.energy_per_image.energy = Joules(row.real());
  figure.energy_per_image.absolute = read_interval(row);
  figure.energy_per_image.comparison = read_interval(row);
  figure.throughput_per_s = row.optional_real();
  figure.latency_ms = row.optional_real();
}

void read_statistics(Statement& row, ModelStatistics& statistics) {
  statistics.parameters = row.optional_real();
  statistics.macs = row.optional_real();
  statistics.activations = row.optional_real();
}

void read_training_run(Statement& row, TrainingRun& run) {
  run.year = optional_int(row);
  run.gflops_per_forward = row.optional_real();
  run.parameters = row.optional_real();
  run.pretrain = optional_joules(row);
  run.train = optional_joules(row);
  run.finetune = optional_joules(row);
  run.test = optional_joules(row);
  run.metric = row.text();
  run.accuracy_percent = row.optional_real();
}

std::vector<PublishedFigure> read_figures(const Database& database) {
  const auto setups = read_setups(database);
  std::vector<PublishedFigure> figures;
  Statement rows = database.prepare(fmt::format(
      "SELECT setup, name, input_size, {} FROM figure JOIN model ON model.number = figure.model "
      "WHERE figure.number IN (SELECT max(number) FROM figure GROUP BY setup, model) "
      "ORDER BY figure.number",
      columns::figure));
  while (rows.step()) {
    PublishedFigure& figure = figures.emplace_back();
    figure.setup = setups.at(rows.integer());
    figure.model = rows.text();
    figure.input_size = static_cast<int>(rows.integer());
    read_figure(rows, figure);
  }
  return figures;
}

std::vector<ModelStatistics> read_statistics(const Database& database) {
  std::vector<ModelStatistics> all;
  Statement rows = database.prepare(
      fmt::format("SELECT name, input_size, counter, {} FROM model_statistic JOIN model ON "
                  "model.number = model_statistic.model WHERE model_statistic.number IN "
                  "(SELECT max(number) FROM model_statistic GROUP BY model, counter) "
                  "ORDER BY model_statistic.number",
                  columns::model_statistic));
  while (rows.step()) {
    ModelStatistics& statistics = all.emplace_back();
    statistics.model = rows.text();
    statistics.input_size = static_cast<int>(rows.integer());
    statistics.counter = rows.text();
    read_statistics(rows, statistics);
  }
  return all;
}

std::vector<TrainingRun> read_training_runs(const Database& database) {
  std::vector<TrainingRun> all;
  Statement rows = database.prepare(fmt::format(
      "SELECT {0}, {1} FROM training_run WHERE number IN (SELECT max(number) FROM training_run "
      "GROUP BY {0}) ORDER BY number",
      columns::training_key, columns::training_run));
  while (rows.step()) {
    TrainingRun& run = all.emplace_back();
    run.task = rows.text();
    run.dataset = rows.text();
    run.model = rows.text();
    run.device = rows.text();
    run.device_count = optional_int(rows);
    run.batch_size = optional_int(rows);
    run.epochs = rows.optional_real();
    run.data_fraction = rows.optional_real();
    run.pretrain_dataset = rows.text();
    read_training_run(rows, run);
  }
  return all;
}

}  // namespace wattfor
