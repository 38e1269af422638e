#include "store/published_writer.h"

#include <fmt/format.h>

#include "store/columns.h"
#include "store/published_reader.h"
#include "store/sql_text.h"

namespace wattfor {
namespace {

Model published_model(const std::string& name, int input_size) {
  return {.name = name, .input_size = input_size, .sha256 = "", .file = ""};
}

}  // namespace

PublishedWriter::PublishedWriter(Database& database)
    : rows_(database),
      find_figure_(database.prepare(
          fmt::format("SELECT {} FROM figure WHERE (setup, model) = (?, ?) ORDER BY number DESC "
                      "LIMIT 1",
                      columns::figure))),
      insert_figure_(database.prepare(
          insert_into("figure", fmt::format("setup, model, {}, source", columns::figure)))),
      find_statistics_(database.prepare(
          fmt::format("SELECT {} FROM model_statistic WHERE (model, counter) = (?, ?) ORDER BY "
                      "number DESC LIMIT 1",
                      columns::model_statistic))),
      insert_statistics_(database.prepare(
          insert_into("model_statistic",
                      fmt::format("model, counter, {}, source", columns::model_statistic)))) {}

std::int64_t PublishedWriter::setup(const Setup& setup) {
  if (!latest_setup_ || *latest_setup_ != setup) {
    latest_setup_row_ = rows_.setup(setup);
    latest_setup_ = setup;
  }
  return latest_setup_row_;
}

bool PublishedWriter::write(const PublishedFigure& figure, std::int64_t source) {
  const std::int64_t setup_row = setup(figure.setup);
  const std::int64_t model_row = rows_.model(published_model(figure.model, figure.input_size));
  find_figure_.bind(setup_row, model_row);
  bool is_known = false;
  while (find_figure_.step()) {
    PublishedFigure newest{
        .setup = figure.setup, .model = figure.model, .input_size = figure.input_size};
    read_figure(find_figure_, newest);
    is_known = newest == figure;
  }
  if (is_known) return false;
  insert_figure_.bind(setup_row, model_row, name_of(figure.basis), figure.batch_size);
  bind_figure(insert_figure_, figure.energy_per_image);
  insert_figure_.run(figure.throughput_per_s, figure.latency_ms, source);
  return true;
}

bool PublishedWriter::write(const ModelStatistics& statistics, std::int64_t source) {
  const std::int64_t model_row =
      rows_.model(published_model(statistics.model, statistics.input_size));
  find_statistics_.bind(model_row, statistics.counter);
  bool is_known = false;
  while (find_statistics_.step()) {
    ModelStatistics newest{.model = statistics.model,
                           .input_size = statistics.input_size,
                           .counter = statistics.counter};
    read_statistics(find_statistics_, newest);
    is_known = newest == statistics;
  }
  if (is_known) return false;
  insert_statistics_.run(model_row, statistics.counter, statistics.parameters, statistics.macs,
                         statistics.activations, source);
  return true;
}

}  // namespace wattfor
