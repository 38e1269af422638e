#include "dataset/training.h"

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "dataset/table_file.h"

namespace wattfor {
namespace {

struct Training {
  enum Column : std::size_t {
    model,
    task,
    dataset,
    year,
    gflops_per_forward,
    parameters,
    device,
    device_count,
    batch_size,
    epochs,
    data_fraction,
    pretrain_dataset,
    pretrain_kwh,
    train_kwh,
    finetune_kwh,
    test_kwh,
    metric,
    accuracy_percent
  };
  static constexpr std::array<std::string_view, 18> columns{"model",
                                                            "task",
                                                            "dataset",
                                                            "year",
                                                            "gflops_per_forward",
                                                            "parameters",
                                                            "device",
                                                            "device_count",
                                                            "batch_size",
                                                            "epochs",
                                                            "data_fraction",
                                                            "pretrain_dataset",
                                                            "pretrain_kwh",
                                                            "train_kwh",
                                                            "finetune_kwh",
                                                            "test_kwh",
                                                            "metric",
                                                            "accuracy_percent"};
  static constexpr std::size_t required = 1;
};

TrainingRun training_run_of(DataTable& table) {
  const auto electricity = [&](Training::Column column) {
    const auto kwh = table.positive(column, "kilowatt-hours");
    return kwh ? std::optional(kilowatt_hours(*kwh)) : std::nullopt;
  };
  return {.model = table.name(Training::model),
          .task = table.text(Training::task),
          .dataset = table.text(Training::dataset),
          .year = table.year(Training::year),
          .gflops_per_forward = table.positive(Training::gflops_per_forward, "GFLOPs"),
          .parameters = table.positive(Training::parameters, "a number"),
          .device = table.text(Training::device),
          .device_count = table.count(Training::device_count),
          .batch_size = table.count(Training::batch_size),
          .epochs = table.positive(Training::epochs, "epochs"),
          .data_fraction = table.share(Training::data_fraction),
          .pretrain_dataset = table.text(Training::pretrain_dataset),
          .pretrain = electricity(Training::pretrain_kwh),
          .train = electricity(Training::train_kwh),
          .finetune = electricity(Training::finetune_kwh),
          .test = electricity(Training::test_kwh),
          .metric = table.text(Training::metric),
          .accuracy_percent = table.percent(Training::accuracy_percent)};
}

std::string what_of(const TrainingRun& run) {
  return run.dataset.empty() ? run.model : run.model + " on " + run.dataset;
}

bool states_nothing(const TrainingRun& run) {
  return !run.pretrain && !run.train && !run.finetune && !run.test && !run.accuracy_percent;
}

// `use` gets each run that can be read, empty ones too, with its line.
void read_runs(TableFile& file, const std::function<void(TrainingRun run, int line)>& use) {
  FirstLines<decltype(TrainingRun{}.key())> first_lines;
  file.each(Training::columns, Training::required, "training runs", [&](DataTable& table) {
    TrainingRun run = training_run_of(table);
    if (!table.is_usable()) {
      table.leave_out(what_of(run));
      return RowUse::left_out;
    }
    const bool is_stated = !states_nothing(run);
    if (is_stated) {
      if (const auto earlier = first_lines.earlier(run.key(), table.line())) {
        table.leave_out(what_of(run), stands_already(*earlier));
        return RowUse::left_out;
      }
    }
    use(std::move(run), table.line());
    return is_stated ? RowUse::used : RowUse::empty;
  });
}

ImportedTables runs_of(TableFile file, ImportedTables& data) {
  read_runs(file, [&](TrainingRun run, int /*line*/) {
    if (!states_nothing(run)) file.table().training_runs.push_back(std::move(run));
  });
  return std::move(data);
}

}  // namespace

ImportedTables read_training(const std::string& file) {
  ImportedTables data;
  return runs_of(TableFile(file, Terms{}, data), data);
}

ImportedTables read_training(std::string text, const std::string& name) {
  ImportedTables data;
  return runs_of(TableFile(name, std::move(text), data), data);
}

TrainingRows read_training_rows(std::string text, const std::string& name) {
  ImportedTables data;
  TableFile file(name, std::move(text), data);
  TrainingRows rows;
  read_runs(file, [&](TrainingRun run, int line) {
    rows.rows.push_back({.line = line, .run = std::move(run)});
  });
  rows.left_out = std::move(data.left_out);
  return rows;
}

}  // namespace wattfor
