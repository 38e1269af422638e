#include "report/training_json.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/equivalents_view.h"
#include "report/json_values.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

std::optional<double> kwh_of(const std::optional<Joules>& electricity) {
  return electricity ? std::optional(in_kilowatt_hours(*electricity)) : std::nullopt;
}

Json run_json(const TrainingRun& run) {
  return {{"task", text_or_null(run.task)},
          {"dataset", text_or_null(run.dataset)},
          {"model", run.model},
          {"pretrain_dataset", text_or_null(run.pretrain_dataset)},
          {"train_kwh", value_or_null(kwh_of(run.train))},
          {"accuracy_percent", value_or_null(run.accuracy_percent)}};
}

Json group_json(const ComparableRuns& group) {
  return {{"task", text_or_null(group.task)},
          {"dataset", text_or_null(group.dataset)},
          {"metric", text_or_null(group.metric)},
          {"device", text_or_null(group.device)},
          {"device_count", value_or_null(group.device_count)},
          {"batch_size", value_or_null(group.batch_size)}};
}

Json sam_json(const Analysis& analysis) {
  Json json = Json::array();
  for (const ComparableRuns& group : analysis.training.comparable) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < group.runs.size(); ++i) {
      Json row = run_json(analysis.runs[group.runs[i]]);
      row["sam"] = group.sam[i];
      rows.push_back(row);
    }
    Json left_out = Json::array();
    for (const std::size_t run : group.without_sam) {
      left_out.push_back(run_json(analysis.runs[run]));
    }
    Json entry = group_json(group);
    entry["runs"] = rows;
    entry["left_out"] = left_out;
    json.push_back(entry);
  }
  return json;
}

Json alpha_json(const Analysis& analysis) {
  Json json = Json::array();
  for (const ComparableRuns& group : analysis.training.comparable) {
    for (const ComparableRuns::AtAlpha& each : group.alphas) {
      Json entry = group_json(group);
      entry["alpha"] = each.alpha;
      entry["kendall"] = value_or_null(each.kendall);
      entry["best_model"] = analysis.runs[each.best].model;
      json.push_back(entry);
    }
  }
  return json;
}

Json conditions_json(const TrainingFindings& found) {
  Json json = Json::array();
  for (const ConditionComparison& each : found.conditions) {
    json.push_back({{"task", text_or_null(each.task)},
                    {"dataset", text_or_null(each.dataset)},
                    {"a", each.a},
                    {"b", each.b},
                    {"models", each.models},
                    {"kendall", value_or_null(each.kendall)},
                    {"mean_log10_ratio", each.mean_log10_ratio},
                    {"sd_log10_ratio", each.deviation_log10_ratio}});
  }
  return json;
}

Json lines_json(const TrainingFindings& found) {
  Json json = Json::array();
  for (const TrainingLine& each : found.lines) {
    json.push_back({{"task", text_or_null(each.task)},
                    {"dataset", text_or_null(each.dataset)},
                    {"model", each.model},
                    {"over", each.over == TrainedOver::epochs ? "epochs" : "data_fraction"},
                    {"runs", each.runs},
                    {"intercept_kwh", each.kwh.intercept},
                    {"slope_kwh", each.kwh.slope},
                    {"slope_error_kwh", each.kwh.slope_error},
                    {"mean_over", each.kwh.mean_x},
                    {"residual_sum_kwh2", each.kwh.residual_sum_of_squares},
                    {"t_95", t_of_95_percent(each.kwh)},
                    {"r_squared", value_or_null(each.kwh.r_squared)}});
  }
  return json;
}

Json phases_json(const Analysis& analysis) {
  Json json = Json::array();
  for (const PhaseShares& each : analysis.training.phases) {
    Json entry = run_json(analysis.runs[each.run]);
    entry["total_kwh"] = value_or_null(kwh_of(each.total));
    entry["pretrain_percent"] = value_or_null(each.pretrain_percent);
    entry["train_percent"] = value_or_null(each.train_percent);
    entry["finetune_percent"] = value_or_null(each.finetune_percent);
    entry["test_percent"] = value_or_null(each.test_percent);
    json.push_back(entry);
  }
  return json;
}

Json pretraining_json(const Analysis& analysis) {
  Json json = Json::array();
  for (const PretrainingGain& each : analysis.training.pretraining) {
    json.push_back({{"with", run_json(analysis.runs[each.with])},
                    {"without", run_json(analysis.runs[each.without])},
                    {"accuracy_points", each.accuracy_points},
                    {"electricity_factor", each.electricity_factor}});
  }
  return json;
}

Json line_json(const std::optional<LineFit>& fit) {
  if (!fit) return nullptr;
  return {{"intercept", fit->intercept}, {"slope", fit->slope}, {"aicc", value_or_null(fit->aicc)}};
}

Json exponential_json(const std::optional<ExponentialFit>& fit) {
  if (!fit) return nullptr;
  return {{"ln_a", fit->log_a}, {"rate", fit->rate}, {"aicc", value_or_null(fit->aicc)}};
}

Json training_years_json(const TrainingFindings& found) {
  Json json = Json::array();
  for (const TrainingYears& each : found.years) {
    json.push_back({{"task", text_or_null(each.task)},
                    {"dataset", text_or_null(each.dataset)},
                    {"metric", text_or_null(each.metric)},
                    {"runs", each.runs.size()},
                    {"accuracy_line", line_json(each.accuracy_line)},
                    {"accuracy_exponential", exponential_json(each.accuracy_exponential)},
                    {"kwh_line", line_json(each.kwh_line)},
                    {"kwh_exponential", exponential_json(each.kwh_exponential)}});
  }
  return json;
}

Json training_equivalents_json(const std::vector<TrainingRun>& runs) {
  Json json = Json::array();
  for (const TrainingRun& run : runs) {
    const Joules total = stated_electricity(run).total;
    if (!(total > Joules(0.0))) continue;
    Json entry = run_json(run);
    entry["total_kwh"] = in_kilowatt_hours(total);
    entry["equivalents"] = equivalents_json(total);
    json.push_back(std::move(entry));
  }
  return json;
}

}  // namespace

nlohmann::json training_json(const Analysis& analysis) {
  Json json{{"sam", sam_json(analysis)},
            {"sam_alpha", alpha_json(analysis)},
            {"training_conditions", conditions_json(analysis.training)},
            {"training_lines", lines_json(analysis.training)},
            {"training_phases", phases_json(analysis)},
            {"pretraining", pretraining_json(analysis)},
            {"training_years", training_years_json(analysis.training)}};
  if (analysis.shows_equivalents) {
    json["training_equivalents"] = training_equivalents_json(analysis.runs);
  }
  return json;
}

}  // namespace wattfor
