#include "report/phase_shares_view.h"

#include <fmt/format.h>

#include "report/result_columns.h"

namespace wattfor {

ResultTable phase_shares_table(std::span<const TrainingRun> runs,
                               std::span<const PhaseShares> shares) {
  ResultTable table{
      .id = "training_phases",
      .title = "What the phases took of a run's electricity",
      .caption =
          "Of what is known of each; training holds the pre-training where its source counts "
          "it in.",
      .columns = {word_column("dataset", "data set"), word_column("model", "model"),
                  number_column("total_kwh", "in all", "kWh", 4),
                  number_column("pretrain_percent", "pre-training", "%"),
                  number_column("train_percent", "training", "%"),
                  number_column("finetune_percent", "fine-tuning", "%"),
                  number_column("test_percent", "test", "%")}};
  for (const PhaseShares& each : shares) {
    const TrainingRun& run = runs[each.run];
    table.rows.push_back({cell(run.dataset), cell(run.model), in_kilowatt_hours(each.total),
                          cell(each.pretrain_percent), cell(each.train_percent),
                          cell(each.finetune_percent), cell(each.test_percent)});
  }
  return table;
}

Figure phase_shares_figure(std::span<const TrainingRun> runs, std::span<const PhaseShares> shares) {
  Figure figure{.id = "training_phase_shares",
                .title = "What the phases took of a run's electricity",
                .caption = "Shares of what is known of each run.",
                .x = {.label = "share of the electricity", .unit = "%", .low = 0.0, .high = 100.0},
                .y = {.label = ""}};
  figure.bars.parts = {"pre-training", "training", "fine-tuning", "test"};
  for (const PhaseShares& each : shares) {
    const TrainingRun& run = runs[each.run];
    figure.bars.bars.push_back(
        {.name = run.dataset.empty() ? run.model : fmt::format("{}, {}", run.model, run.dataset),
         .values = {each.pretrain_percent.value_or(0.0), each.train_percent.value_or(0.0),
                    each.finetune_percent.value_or(0.0), each.test_percent.value_or(0.0)}});
  }
  return figure;
}

}  // namespace wattfor
