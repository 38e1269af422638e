#pragma once

#include <span>
#include <utility>
#include <vector>

#include "measurement/model_table.h"
#include "measurement/published.h"
#include "report/models.h"

namespace wattfor::test {

// What the store would answer that holds these, in the order in which they were added.
inline ModelTable sample_table(std::span<const Measurement> cells,
                               std::span<const Accuracy> accuracies = {},
                               const RecordIds& imported = {},
                               std::span<const PublishedFigure> published = {}) {
  std::vector<ModelKey> models;
  for (const Measurement& cell : cells) {
    models.push_back({cell.cell->model.name, cell.cell->model.input_size});
  }
  for (const Accuracy& each : accuracies) models.push_back({each.model, each.input_size});
  for (const PublishedFigure& each : published) models.push_back({each.model, each.input_size});
  ModelTable table = table_of(std::move(models));
  for (const Accuracy& each : accuracies) {
    const std::size_t row = table.find(each.model, each.input_size).value();
    table.test_set_column(each.test_set).top1_percent.set(row, each.top1_percent);
  }
  for (const PublishedFigure& each : published) {
    const std::size_t row = table.find(each.model, each.input_size).value();
    SetupColumns& columns = table.setup_columns(each.setup);
    columns.setup = each.setup;
    columns.set_energy(row, each.energy_per_image, each.basis);
    columns.is_imported[row] = true;
    if (each.batch_size) columns.batch_size.set(row, *each.batch_size);
    columns.throughput_per_s.set(row, each.throughput_per_s);
    columns.latency_ms.set(row, each.latency_ms);
  }
  add_measured(table, cells, imported);
  return table;
}

}  // namespace wattfor::test
