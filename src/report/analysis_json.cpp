#include "report/analysis_json.h"

#include <string>
#include <utility>

#include "report/batch_section.h"
#include "report/json_values.h"
#include "report/scores_section.h"
#include "report/training_json.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

// A list of what `entry` makes of each.
template <class List, class Entry>
Json list_of(const List& list, const Entry& entry) {
  Json json = Json::array();
  for (const auto& each : list) json.push_back(entry(each));
  return json;
}

Json to_json(const Distribution& of) {
  return {{"models", of.count},
          {"geometric_mean", of.geometric_mean},
          {"geometric_sd", of.geometric_deviation},
          {"least", of.least},
          {"quantile_2_5", of.low},
          {"median", of.median},
          {"quantile_97_5", of.high},
          {"greatest", of.greatest}};
}

Json to_json(const std::optional<LineFit>& fit) {
  if (!fit) return nullptr;
  return {{"intercept", fit->intercept},
          {"intercept_error", fit->intercept_error},
          {"slope", fit->slope},
          {"slope_error", fit->slope_error},
          {"r_squared", value_or_null(fit->r_squared)}};
}

Json model_json(const ModelTable& table, std::size_t row) {
  return {{"model", table.models[row].model}, {"input_size", table.models[row].input_size}};
}

Json joined(Json json, const Json& more) {
  json.update(more);
  return json;
}

Json points_json(const ModelTable& table, const JudgedModels& models) {
  Json json = Json::array();
  for (std::size_t i = 0; i < models.rows.size(); ++i) {
    json.push_back(joined(model_json(table, models.rows[i]),
                          {{"energy_j", models.points[i].energy.value()},
                           {"accuracy_percent", models.points[i].accuracy_percent}}));
  }
  return json;
}

Json to_json(const SetupCorrelation& each) {
  return {{"a", each.a},
          {"b", each.b},
          {"models", each.models},
          {"pearson", value_or_null(each.pearson)},
          {"spearman", value_or_null(each.spearman)},
          {"joint", each.is_joint}};
}

Json to_json(const SetupReduction& each) {
  return joined(to_json(each.factor),
                {{"from", each.from},
                 {"to", each.to},
                 {"by_log_energy", to_json(each.by_energy)},
                 {"by_log_throughput_gain", to_json(each.by_throughput_gain)},
                 {"throughput_gain_pearson", value_or_null(each.throughput_gain_pearson)}});
}

Json to_json(const Driver& each) {
  return {{"quantity", each.quantity},
          {"source", each.source},
          {"setup", each.setup},
          {"models", each.models},
          {"left_out", each.left_out},
          {"pearson", value_or_null(each.pearson)},
          {"spearman", value_or_null(each.spearman)},
          {"flawed", each.flawed},
          {"sound_pearson", value_or_null(each.sound_pearson)},
          {"sound_spearman", value_or_null(each.sound_spearman)}};
}

Json flawed_json(const ModelTable& table, const std::vector<CheckedCounter>& counters) {
  Json json = Json::array();
  for (const CheckedCounter& counter : counters) {
    for (const FlawedCount& each : counter.flawed) {
      json.push_back(joined(model_json(table, each.row),
                            {{"source", counter.columns.counter},
                             {"quantity", std::string(name_of(each.quantity))},
                             {"value", each.value},
                             {"expected", value_or_null(each.expected)},
                             {"other_source", text_or_null(each.other_counter)}}));
    }
  }
  return json;
}

const char* name_of(FitLoss loss) {
  switch (loss) {
    case FitLoss::soft_l1:
      return "soft-l1";
    case FitLoss::cauchy:
      return "cauchy";
    case FitLoss::squared:
      break;
  }
  return "squared";
}

const char* name_of(BestAt place) {
  switch (place) {
    case BestAt::lower_end:
      return "lower-end";
    case BestAt::upper_end:
      return "upper-end";
    case BestAt::inside:
      break;
  }
  return "inside";
}

Json to_json(const std::string& setup, const FrontCurve& curve) {
  Json interval = nullptr;
  if (const auto& bootstrap = curve.log10_energy_j_at_100_percent) {
    interval = {{"low", value_or_null(bootstrap->low)},
                {"high", value_or_null(bootstrap->high)},
                {"resamples", bootstrap->fitted}};
  }
  const bool has_scale = curve.loss.loss != FitLoss::squared;
  return {{"setup", setup},
          {"models", curve.models},
          {"lowest_dropped", curve.lowest_dropped},
          {"loss", name_of(curve.loss.loss)},
          {"loss_scale_percent", has_scale ? Json(curve.loss.scale_percent) : Json(nullptr)},
          {"a", curve.fit.a},
          {"b", curve.fit.b},
          {"c", curve.fit.c},
          {"residual_sum", curve.fit.residual_sum},
          {"best_at", name_of(curve.fit.best_at)},
          {"log10_energy_j_at_100_percent", value_or_null(curve.fit.log10_energy_j_at_100_percent)},
          {"log10_energy_j_interval", std::move(interval)}};
}

Json curves_json(const std::vector<SetupFindings>& setups) {
  Json json = Json::array();
  for (const SetupFindings& setup : setups) {
    for (const FrontCurve& curve : setup.curves) {
      json.push_back(to_json(setup.columns->setup.id, curve));
    }
  }
  return json;
}

Json to_json(const ModelTable& table, const NaiveError& each) {
  return joined(to_json(each.underestimate), {{"setup", each.setup},
                                              {"source", each.counter},
                                              {"form", std::string(name_of(each.form))},
                                              {"left_out", each.left_out},
                                              {"worst", model_json(table, each.worst_row)}});
}

Json to_json(const ModelTable& table, const PowerDraw& each) {
  return joined(to_json(each.watts), {{"setup", each.setup},
                                      {"limit_w", value_or_null(each.limit_w)},
                                      {"above_limit", each.above_limit},
                                      {"greatest_of", model_json(table, each.greatest_row)}});
}

Json to_json(const InputAreaEffect& each) {
  return {{"setup", each.setup},
          {"models", each.weights},
          {"exponent_quantile_2_5", each.exponent_low},
          {"exponent_median", each.exponent_median},
          {"exponent_quantile_97_5", each.exponent_high},
          {"energy_percent_by_area_percent", to_json(each.energy_percent)},
          {"accuracy_percent_by_area_percent", to_json(each.accuracy_percent)}};
}

Json classes_json(const std::vector<SetupFindings>& setups) {
  Json json = Json::array();
  for (const SetupFindings& setup : setups) {
    for (const ClassCentre& centre : setup.classes) {
      json.push_back({{"setup", setup.columns->setup.id},
                      {"class", std::string(name_of(centre.model_class))},
                      {"models", centre.models},
                      {"energy_j", centre.energy_j},
                      {"accuracy_percent", centre.accuracy_percent}});
    }
  }
  return json;
}

Json years_json(const ModelTable& table, const std::vector<SetupFindings>& setups) {
  Json json = Json::array();
  for (const SetupFindings& setup : setups) {
    for (const YearlyHull& each : setup.years) {
      json.push_back({{"setup", setup.columns->setup.id},
                      {"year", each.year},
                      {"models", each.models},
                      {"new_models", each.new_models},
                      {"rise_percent_low_energy", value_or_null(each.rise_percent[0])},
                      {"rise_percent_middle_energy", value_or_null(each.rise_percent[1])},
                      {"rise_percent_high_energy", value_or_null(each.rise_percent[2])},
                      {"energy_factor", value_or_null(each.energy_factor)},
                      {"hull", points_json(table, each.corners)}});
    }
  }
  return json;
}

Json setups_json(const ModelTable& table, const std::vector<SetupFindings>& setups) {
  return list_of(setups, [&](const SetupFindings& each) {
    const Setup& setup = each.columns->setup;
    return Json{{"setup", setup.id},
                {"setup_label", setup.label},
                {"device", text_or_null(setup.device)},
                {"runtime", text_or_null(setup.runtime)},
                {"precision", text_or_null(setup.precision)},
                {"test_sets", each.test_sets},
                {"models", each.models.rows.size()},
                {"without_accuracy", list_of(each.without_accuracy, [&](std::size_t row) {
                   return model_json(table, row);
                 })}};
  });
}

}  // namespace

nlohmann::json to_json(const Analysis& analysis) {
  const ModelTable& table = analysis.table;
  const InferenceFindings& found = analysis.inference;
  const auto plain = [](const auto& each) { return to_json(each); };
  const auto of_models = [&](const auto& each) { return to_json(table, each); };
  Json pareto = Json::object();
  for (const SetupFindings& setup : found.setups) {
    pareto[setup.columns->setup.id] = points_json(table, setup.front);
  }
  Json json = {{"setups", setups_json(table, found.setups)},
               {"correlations", list_of(found.correlations, plain)},
               {"reductions", list_of(found.reductions, plain)},
               {"pareto", std::move(pareto)},
               {"diminishing_returns", curves_json(found.setups)},
               {"drivers", list_of(found.drivers, plain)},
               {"flawed_counts", flawed_json(table, found.counters)},
               {"naive_estimate", list_of(found.naive_errors, of_models)},
               {"input_size", list_of(found.input_area_effects, plain)},
               {"scores", scores_json(analysis)},
               {"power", list_of(found.power_draws, of_models)},
               {"classes", classes_json(found.setups)},
               {"years", years_json(table, found.setups)}};
  if (!analysis.batch_curves.empty()) json["batch_curves"] = batch_curves_json(analysis);
  json.update(training_json(analysis));
  return json;
}

}  // namespace wattfor
