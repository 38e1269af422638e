#include "report/training_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "analysis/equivalents.h"
#include "report/phase_shares_view.h"
#include "report/result_columns.h"

namespace wattfor {
namespace {

std::string words_of(const ComparableRuns& group) {
  std::vector<std::string> words;
  for (const std::string& word : {group.dataset, group.task, group.metric}) {
    if (!word.empty()) words.push_back(word);
  }
  if (!group.device.empty()) {
    words.push_back(group.device_count ? fmt::format("{} × {}", *group.device_count, group.device)
                                       : group.device);
  }
  if (group.batch_size) words.push_back(fmt::format("batch {}", *group.batch_size));
  return words.empty() ? "runs that say nothing of themselves"
                       : fmt::format("{}", fmt::join(words, ", "));
}

ResultTable sam_table(const Analysis& analysis) {
  ResultTable table{
      .id = "sam",
      .title = "Training runs by SAM",
      .caption =
          "5 · a⁵ / lg kWh, the accuracy a as a share. Only runs of one group compare: like "
          "hardware, one batch size.",
      .columns = {word_column("group", "group"), word_column("model", "model"),
                  word_column("pretrain_dataset", "pre-trained on"),
                  number_column("train_kwh", "electricity", "kWh", 4),
                  fixed_column("accuracy_percent", "accuracy", "%", 2),
                  fixed_column("sam", "SAM", "", 3)}};
  for (const ComparableRuns& group : analysis.training.comparable) {
    for (std::size_t i = 0; i < group.runs.size(); ++i) {
      const TrainingRun& run = analysis.runs[group.runs[i]];
      table.rows.push_back({cell(words_of(group)), cell(run.model), cell(run.pretrain_dataset),
                            in_kilowatt_hours(*run.train), cell(run.accuracy_percent),
                            group.sam[i]});
    }
  }
  return table;
}

ResultTable alpha_table(const Analysis& analysis) {
  ResultTable table{.id = "sam_alpha",
                    .title = "How the order by SAM changes with α",
                    .caption =
                        "Kendall's τ between the order at this α and at 5, and the model "
                        "that is first. β only scales.",
                    .columns = {word_column("group", "group"), number_column("alpha", "α"),
                                fixed_column("kendall", "Kendall's τ", "", 3),
                                word_column("best_model", "first")}};
  for (const ComparableRuns& group : analysis.training.comparable) {
    for (const ComparableRuns::AtAlpha& each : group.alphas) {
      table.rows.push_back({cell(words_of(group)), each.alpha, cell(each.kendall),
                            cell(analysis.runs[each.best].model)});
    }
  }
  return table;
}

ResultTable conditions_table(const Analysis& analysis) {
  ResultTable table{
      .id = "training_conditions",
      .title = "The same models trained under two conditions",
      .caption = "Does the order of their electricity hold? Ratios of b to a in decades.",
      .columns = {word_column("dataset", "data set"), word_column("a", "a"), word_column("b", "b"),
                  count_column("models", "models"), fixed_column("kendall", "Kendall's τ", "", 3),
                  fixed_column("mean_log10_ratio", "mean lg ratio", "", 3),
                  fixed_column("sd_log10_ratio", "its SD", "", 3)}};
  for (const ConditionComparison& each : analysis.training.conditions) {
    table.rows.push_back({cell(each.dataset), cell(each.a), cell(each.b), cell(each.models),
                          cell(each.kendall), each.mean_log10_ratio, each.deviation_log10_ratio});
  }
  return table;
}

ResultTable lines_table(const Analysis& analysis) {
  ResultTable table{.id = "training_lines",
                    .title = "Electricity over epochs, and over the share of the data",
                    .caption =
                        "kWh = intercept + slope · quantity. Of all the data: what the line "
                        "says of a run with it, with the 95 % prediction interval.",
                    .columns = {word_column("dataset", "data set"), word_column("model", "model"),
                                word_column("over", "over"), count_column("runs", "runs"),
                                number_column("intercept_kwh", "intercept", "kWh"),
                                number_column("slope_kwh", "slope", "kWh"),
                                fixed_column("r_squared", "R²", "", 5),
                                number_column("whole_kwh", "all the data", "kWh"),
                                number_column("whole_low_kwh", "from", "kWh"),
                                number_column("whole_high_kwh", "to", "kWh")}};
  for (const TrainingLine& each : analysis.training.lines) {
    const bool is_epochs = each.over == TrainedOver::epochs;
    table.rows.push_back({cell(each.dataset), cell(each.model),
                          cell(is_epochs ? "epochs" : "share of the data"), cell(each.runs),
                          each.kwh.intercept, each.kwh.slope, cell(each.kwh.r_squared)});
    std::vector<ResultCell>& row = table.rows.back();
    // How many epochs a whole run has is its owner's to say; all the data are all.
    if (is_epochs) {
      row.insert(row.end(), 3, ResultCell{});
    } else {
      const LinePrediction whole = predict_at(each.kwh, 1.0);
      row.insert(row.end(), {whole.value, whole.low, whole.high});
    }
  }
  return table;
}

ResultTable pretraining_table(const Analysis& analysis) {
  ResultTable table{.id = "pretraining",
                    .title = "What pre-training gave, and took",
                    .caption = "Against the same model trained on the same data without it.",
                    .columns = {word_column("dataset", "data set"), word_column("model", "model"),
                                word_column("pretrain_dataset", "pre-trained on"),
                                fixed_column("accuracy_points", "accuracy", "points", 2),
                                number_column("electricity_factor", "electricity", "×")}};
  for (const PretrainingGain& each : analysis.training.pretraining) {
    const TrainingRun& run = analysis.runs[each.with];
    table.rows.push_back({cell(run.dataset), cell(run.model), cell(run.pretrain_dataset),
                          each.accuracy_points, each.electricity_factor});
  }
  return table;
}

ResultTable training_years_table(const Analysis& analysis) {
  ResultTable table{
      .id = "training_years",
      .title = "Accuracy and electricity over the years",
      .caption =
          "AICc of a line and of an exponential, each through the same runs: the lesser "
          "fits better.",
      .columns = {word_column("dataset", "data set"), count_column("runs", "runs"),
                  number_column("accuracy_slope", "accuracy", "points a year"),
                  fixed_column("accuracy_line_aicc", "line", "", 2),
                  fixed_column("accuracy_exponential_aicc", "exponential", "", 2),
                  number_column("kwh_rate", "electricity", "ln a year"),
                  fixed_column("kwh_line_aicc", "line", "", 2),
                  fixed_column("kwh_exponential_aicc", "exponential", "", 2)}};
  const auto aicc = [](const auto& fit) { return cell(fit ? fit->aicc : std::nullopt); };
  for (const TrainingYears& each : analysis.training.years) {
    table.rows.push_back(
        {cell(each.dataset), cell(each.runs.size()),
         cell(each.accuracy_line ? std::optional(each.accuracy_line->slope) : std::nullopt),
         aicc(each.accuracy_line), aicc(each.accuracy_exponential),
         cell(each.kwh_exponential ? std::optional(each.kwh_exponential->rate) : std::nullopt),
         aicc(each.kwh_line), aicc(each.kwh_exponential)});
  }
  return table;
}

// "hours_of_a_fridge_freezer"
std::string column_key(std::string_view words) {
  std::string key(words);
  std::ranges::transform(words, key.begin(), [](char c) {
    if (c == ' ' || c == '-') return '_';
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return key;
}

ResultColumn thing_column(const EverydayThing& thing) {
  return number_column(column_key(thing.name), std::string(thing.name));
}

// A narrow terminal keeps what stands on the left: one thing, then what tells the runs apart.
ResultTable training_equivalents_table(const Analysis& analysis) {
  ResultTable table{
      .id = "training_equivalents",
      .title = "What the runs took, in everyday things",
      .caption =
          "All phases that a run states. docs/equivalents.md tells how much a thing takes, of "
          "which year and from where.",
      .columns = {word_column("model", "model"), number_column("total_kwh", "in all", "kWh", 4)}};
  std::vector<std::pair<const TrainingRun*, Joules>> totals;
  Joules least(std::numeric_limits<double>::infinity());
  for (const TrainingRun& run : analysis.runs) {
    const Joules total = stated_electricity(run).total;
    if (!(total > Joules(0.0))) continue;
    totals.emplace_back(&run, total);
    least = std::min(least, total);
  }
  const EverydayThing& first = common_thing(least);
  std::vector<EverydayThing> others(everyday_things().begin(), everyday_things().end());
  std::erase_if(others, [&](const EverydayThing& each) { return each.name == first.name; });
  table.columns.push_back(thing_column(first));
  table.columns.push_back(word_column("dataset", "data set"));
  table.columns.push_back(word_column("pretrain_dataset", "pre-trained on"));
  for (const EverydayThing& thing : others) table.columns.push_back(thing_column(thing));
  for (const auto& [run, total] : totals) {
    std::vector<ResultCell>& cells = table.rows.emplace_back();
    cells = {cell(run->model), in_kilowatt_hours(total), total / first.each, cell(run->dataset),
             cell(run->pretrain_dataset)};
    for (const EverydayThing& thing : others) cells.emplace_back(total / thing.each);
  }
  return table;
}

// As in the training study's figure 3: points sized by electricity, accuracy or SAM over it.
Figure electricity_figure(const Analysis& analysis, bool is_sam) {
  Figure figure{
      .id = is_sam ? "training_sam" : "training_accuracy",
      .title = is_sam ? "SAM and electricity of training" : "Accuracy and electricity of training",
      .caption = "Each point is a run; its area is the electricity to train it.",
      .x = {.label = "electricity to train", .unit = "kWh", .scale = AxisScale::log10},
      .y = {.label = is_sam ? "SAM" : "accuracy", .unit = is_sam ? "" : "%"}};
  figure.sizes = FigureSizes{.label = "electricity", .unit = "kWh"};
  for (const ComparableRuns& group : analysis.training.comparable) {
    FigurePoints points{.name = words_of(group), .points = {}};
    for (std::size_t i = 0; i < group.runs.size(); ++i) {
      const TrainingRun& run = analysis.runs[group.runs[i]];
      const double kwh = in_kilowatt_hours(*run.train);
      points.points.push_back({.x = kwh,
                               .y = is_sam ? group.sam[i] : *run.accuracy_percent,
                               .label = run.model,
                               .size = kwh});
    }
    if (!points.points.empty()) figure.points.push_back(std::move(points));
  }
  return figure;
}

}  // namespace

ReportSection training_section(const Analysis& analysis) {
  ReportSection section{.heading = "Training"};
  for (ResultTable& table : std::vector{
           sam_table(analysis), alpha_table(analysis), conditions_table(analysis),
           lines_table(analysis), phase_shares_table(analysis.runs, analysis.training.phases),
           pretraining_table(analysis), training_years_table(analysis)}) {
    if (!table.rows.empty()) section.tables.push_back(std::move(table));
  }
  if (analysis.shows_equivalents) {
    ResultTable told = training_equivalents_table(analysis);
    if (told.rows.empty()) {
      section.notes.emplace_back(
          "nothing to tell in everyday things: the store holds no training run that states its "
          "electricity; `wattfor import training FILE.csv` brings some in");
    } else {
      section.tables.push_back(std::move(told));
    }
  }
  for (const bool is_sam : {false, true}) {
    Figure figure = electricity_figure(analysis, is_sam);
    if (!figure.points.empty()) section.figures.push_back(std::move(figure));
  }
  if (!analysis.training.phases.empty()) {
    section.figures.push_back(phase_shares_figure(analysis.runs, analysis.training.phases));
  }
  for (const ComparableRuns& group : analysis.training.comparable) {
    for (const std::size_t run : group.runs) {
      const TrainingRun& ranked = analysis.runs[run];
      const auto scored = sam(*ranked.accuracy_percent, *ranked.train);
      if (!std::get<Sam>(scored).is_inflated) continue;
      section.notes.push_back(
          fmt::format("{} took less than 10 kWh: its logarithm is below 1 and hands out the score",
                      ranked.model));
    }
    if (group.without_sam.empty()) continue;
    section.notes.push_back(fmt::format(
        "left out of {}: {} runs of which SAM is not defined (no accuracy, or no electricity above "
        "1 kWh)",
        words_of(group), group.without_sam.size()));
  }
  return section;
}

}  // namespace wattfor
