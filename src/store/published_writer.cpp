#include "store/published_writer.h"

#include <fmt/format.h>

#include <optional>
#include <tuple>

#include "store/columns.h"
#include "store/published_reader.h"
#include "store/sql_text.h"

namespace wattfor {
namespace {

std::optional<double> joules_of(const std::optional<Joules>& energy) {
  return energy ? std::optional(energy->value()) : std::nullopt;
}

// Whether the newest of the rows, or any of them, equals what is to be written.
template <class Equals>
bool is_among(Statement& rows_from_the_newest, ComparedWith others, const Equals& equals) {
  bool is_known = false;
  bool is_newest = true;
  while (rows_from_the_newest.step()) {
    const bool counts = is_newest || others == ComparedWith::all;
    if (counts && equals(rows_from_the_newest)) is_known = true;
    is_newest = false;
  }
  return is_known;
}

}  // namespace

PublishedWriter::PublishedWriter(Database& database)
    : rows_(database),
      find_figure_(database.prepare(
          fmt::format("SELECT {} FROM figure WHERE (setup, model) = (?, ?) ORDER BY number DESC",
                      columns::figure))),
      insert_figure_(database.prepare(
          insert_into("figure", fmt::format("setup, model, {}, source", columns::figure)))),
      find_statistics_(database.prepare(
          fmt::format("SELECT {} FROM model_statistic WHERE (model, counter) = (?, ?) ORDER BY "
                      "number DESC",
                      columns::model_statistic))),
      insert_statistics_(database.prepare(insert_into(
          "model_statistic", fmt::format("model, counter, {}, source", columns::model_statistic)))),
      find_training_run_(database.prepare(fmt::format(
          "SELECT {} FROM training_run WHERE (task, dataset, model, device) = (?, ?, ?, ?) AND "
          "device_count IS ? AND batch_size IS ? AND epochs IS ? AND data_fraction IS ? AND "
          "pretrain_dataset = ? ORDER BY number DESC",
          columns::training_run))),
      insert_training_run_(database.prepare(insert_into(
          "training_run",
          fmt::format("{}, {}, source", columns::training_key, columns::training_run)))) {}

std::int64_t PublishedWriter::setup(const Setup& setup) {
  if (!latest_setup_ || *latest_setup_ != setup) {
    latest_setup_row_ = rows_.setup(setup);
    latest_setup_ = setup;
  }
  return latest_setup_row_;
}

std::int64_t PublishedWriter::model(const std::string& name, int input_size) {
  const auto [place, is_new] = model_rows_[name].try_emplace(input_size, 0);
  if (is_new) {
    place->second = rows_.model({.name = name, .input_size = input_size, .sha256 = "", .file = ""});
  }
  return place->second;
}

bool PublishedWriter::write(const PublishedFigure& figure, std::int64_t source,
                            ComparedWith others) {
  const std::int64_t setup_row = setup(figure.setup);
  const std::int64_t model_row = model(figure.model, figure.input_size);
  find_figure_.bind(setup_row, model_row);
  PublishedFigure earlier{
      .setup = figure.setup, .model = figure.model, .input_size = figure.input_size};
  const bool is_known = is_among(find_figure_, others, [&](Statement& row) {
    read_figure(row, earlier);
    return earlier == figure;
  });
  if (is_known) return false;
  insert_figure_.bind(setup_row, model_row, name_of(figure.basis), figure.batch_size);
  bind_figure(insert_figure_, figure.energy_per_image);
  insert_figure_.run(figure.throughput_per_s, figure.latency_ms, source);
  return true;
}

bool PublishedWriter::write(const ModelStatistics& statistics, std::int64_t source,
                            ComparedWith others) {
  const std::int64_t model_row = model(statistics.model, statistics.input_size);
  find_statistics_.bind(model_row, statistics.counter);
  ModelStatistics earlier{.model = statistics.model,
                          .input_size = statistics.input_size,
                          .counter = statistics.counter};
  const bool is_known = is_among(find_statistics_, others, [&](Statement& row) {
    read_statistics(row, earlier);
    return earlier == statistics;
  });
  if (is_known) return false;
  insert_statistics_.run(model_row, statistics.counter, statistics.parameters, statistics.macs,
                         statistics.activations, source);
  return true;
}

bool PublishedWriter::write(const TrainingRun& run, std::int64_t source, ComparedWith others) {
  const auto bind_key = [&](Statement& statement) {
    std::apply([&](const auto&... part) { statement.bind(part...); }, run.key());
  };
  bind_key(find_training_run_);
  TrainingRun earlier = run;
  const bool is_known = is_among(find_training_run_, others, [&](Statement& row) {
    read_training_run(row, earlier);
    return earlier == run;
  });
  if (is_known) return false;
  bind_key(insert_training_run_);
  insert_training_run_.run(run.year, run.gflops_per_forward, run.parameters,
                           joules_of(run.pretrain), joules_of(run.train), joules_of(run.finetune),
                           joules_of(run.test), run.metric, run.accuracy_percent, source);
  return true;
}

}  // namespace wattfor
