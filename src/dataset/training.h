#pragma once

#include <string>
#include <vector>

#include "dataset/imported_tables.h"

namespace wattfor {

// What it took to train models, a run a row: the columns model, task, dataset, year,
// gflops_per_forward, parameters, device, device_count, batch_size, epochs, data_fraction,
// pretrain_dataset, pretrain_kwh, train_kwh, finetune_kwh, test_kwh, metric and accuracy_percent in
// any order. Only `model` must be there; what is absent or empty is unknown. A row that states
// neither electricity nor an accuracy is empty. docs/datasets.md has the units. Throws Error naming
// the file where it is no such table.
ImportedTables read_training(const std::string& file);
// The same of a text, which is called `name`.
ImportedTables read_training(std::string text, const std::string& name);

// Rows as they stand in such a table, empty ones too, for those who speak of its lines.
struct TrainingRow {
  int line = 0;
  TrainingRun run;
};
struct TrainingRows {
  std::vector<TrainingRow> rows;
  std::vector<LeftOut> left_out;
};
TrainingRows read_training_rows(std::string text, const std::string& name);

}  // namespace wattfor
