#include "report/rank.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "analysis/model_filter.h"
#include "analysis/ranking.h"
#include "analysis/sam.h"
#include "base/error.h"
#include "report/model_training.h"
#include "report/sam_view.h"

namespace wattfor {
namespace {

std::string why_without_accuracy(const ModelTable& table, const JudgedSetup& setup,
                                 std::size_t row) {
  if (!std::isnan(setup.accuracy_percent[row])) {
    return fmt::format("{} is no percentage", setup.accuracy_percent[row]);
  }
  const auto& [model, input_size] = table.models[row];
  std::string reason = fmt::format("unknown on {}", fmt::join(setup.test_sets, " and "));
  const bool has_one = std::ranges::any_of(table.test_sets, [row](const TestSetColumn& column) {
    return !std::isnan(column.top1_percent[row]);
  });
  const std::string sizes = has_one ? "" : sizes_with_accuracy(table, model);
  if (!sizes.empty())
    reason += fmt::format("; known at input size {}, measured at {}", sizes, input_size);
  return reason;
}

std::vector<double> electricity_of(const std::vector<const TrainingRun*>& runs) {
  std::vector<double> training_j;
  training_j.reserve(runs.size());
  for (const TrainingRun* run : runs) {
    training_j.push_back(run == nullptr ? not_known : run->train->value());
  }
  return training_j;
}

void require_training(const JudgedSetup& setup, std::span<const TrainingRun* const> runs) {
  std::size_t models = 0;
  for (std::size_t row = 0; row < runs.size(); ++row) {
    if (std::isnan(setup.energy_j[row])) continue;
    if (runs[row] != nullptr) return;
    ++models;
  }
  throw Error(ErrorCode::not_found,
              fmt::format("--score sam needs the electricity that training took, and the store "
                          "knows it of none of the setup's {} models; bring it in with `wattfor "
                          "import training FILE.csv` (columns model, train_kwh, …; models are "
                          "joined by name)",
                          models));
}

std::string why_without_sam(const JudgedSetup& setup, const TrainingRun* run, std::size_t row) {
  if (run == nullptr) return "the electricity of its training is unknown";
  const auto value = sam(setup.accuracy_percent[row], *run->train);
  const auto* fault = std::get_if<SamFault>(&value);
  return fault == nullptr ? "" : std::string(explain(*fault));
}

// Names the setup's models that have no score, and why.
void name_unranked(const ModelTable& table, const JudgedSetup& setup,
                   std::span<const double> scores, std::span<const TrainingRun* const> runs,
                   RankView& view) {
  const auto unranked = [&](std::size_t row, std::string reason) {
    return UnrankedModel{.model = table.models[row].model,
                         .input_size = table.models[row].input_size,
                         .reason = std::move(reason)};
  };
  for (const auto& [row, reason] : setup.columns->without_energy) {
    view.without_energy.push_back(unranked(row, reason));
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (std::isnan(setup.energy_j[row]) || !std::isnan(scores[row])) continue;
    if (has_score(setup.accuracy_percent[row], Joules(setup.energy_j[row])) && !runs.empty()) {
      view.without_training.push_back(unranked(row, why_without_sam(setup, runs[row], row)));
    } else {
      view.without_accuracy.push_back(unranked(row, why_without_accuracy(table, setup, row)));
    }
  }
}

FilteredRows within_thresholds(const JudgedSetup& setup, std::span<const double> scores,
                               const RankQuery& query) {
  constexpr double no_limit = std::numeric_limits<double>::infinity();
  const std::array limits{
      ColumnLimit{.column = setup.accuracy_percent,
                  .least = query.min_accuracy_percent.value_or(-no_limit)},
      ColumnLimit{.column = setup.energy_j, .most = query.max_energy_j.value_or(no_limit)}};
  return filter_rows(scores, limits);
}

nlohmann::json to_json(const RankRow& row) {
  nlohmann::json json = to_json(static_cast<const ModelFigures&>(row));
  json["rank"] = row.rank;
  json["score"] = row.score;
  if (row.training) json["train_kwh"] = in_kilowatt_hours(*row.training);
  return json;
}

nlohmann::json to_json(const std::vector<UnrankedModel>& models) {
  nlohmann::json list = nlohmann::json::array();
  for (const UnrankedModel& each : models) {
    list.push_back(
        {{"model", each.model}, {"input_size", each.input_size}, {"reason", each.reason}});
  }
  return list;
}

}  // namespace

void require_limits(const RankQuery& query) {
  const auto refuse_unless = [](bool holds, const std::string& message) {
    if (!holds) throw Error(ErrorCode::usage, message);
  };
  // Written so that NaN, which compares to nothing, is refused, too.
  refuse_unless(query.weight >= 0.0 && query.weight <= 1.0,
                fmt::format("--weight is {}: expected a number from 0 (only accuracy counts) to 1 "
                            "(only energy counts)",
                            query.weight));
  if (const auto minimum = query.min_accuracy_percent) {
    refuse_unless(
        *minimum >= 0.0 && *minimum <= 100.0,
        fmt::format("--min-accuracy is {}: expected a percentage from 0 to 100", *minimum));
  }
  if (const auto maximum = query.max_energy_j) {
    refuse_unless(*maximum > 0.0 && std::isfinite(*maximum),
                  fmt::format("--max-energy-j is {}: expected joules above 0", *maximum));
  }
  if (query.top) {
    refuse_unless(*query.top > 0,
                  fmt::format("--top is {}: expected the number of rows, at least 1", *query.top));
  }
}

RankView rank(const ModelTable& table, const RankQuery& query,
              std::span<const TrainingRun> trained) {
  require_limits(query);
  const JudgedSetup setup = judged_setup(table, query.where);
  RankView view;
  view.setup = setup.columns->setup;
  view.score = query.score;
  view.weight = query.weight;
  view.test_sets = setup.test_sets;
  view.greatest_energy = setup.energies.greatest;
  view.least_energy = setup.energies.least;
  std::vector<const TrainingRun*> runs;  // of SAM alone
  if (query.score == Score::sam) {
    runs = training_of_models(table, trained);
    require_training(setup, runs);
  }
  const std::vector<double> scores = scores_of(query.score, setup.accuracy_percent, setup.energy_j,
                                               setup.energies, query.weight, electricity_of(runs));
  name_unranked(table, setup, scores, runs, view);
  const FilteredRows within = within_thresholds(setup, scores, query);
  const auto ranked =
      ranking(scores, setup.energy_j, within.rows,
              query.top ? static_cast<std::size_t>(*query.top) : within.rows.size());
  std::vector<const TrainingRun*> shown_runs;
  for (const auto& [row, rank] : ranked) {
    RankRow& ranked_row = view.rows.emplace_back();
    static_cast<ModelFigures&>(ranked_row) = figures_of(table, setup, row);
    ranked_row.rank = static_cast<int>(rank);
    ranked_row.score = scores[row];
    if (runs.empty()) continue;
    ranked_row.training = runs[row]->train;
    shown_runs.push_back(runs[row]);
  }
  view.warnings = sam_warnings(shown_runs);
  const auto candidates = std::ranges::count_if(scores, [](double s) { return !std::isnan(s); });
  view.filtered_out = static_cast<int>(candidates) - static_cast<int>(within.rows.size());
  view.beyond_top = static_cast<int>(within.rows.size() - ranked.size());
  return view;
}

nlohmann::json to_json(const RankView& view) {
  nlohmann::json rows = nlohmann::json::array();
  for (const RankRow& row : view.rows) rows.push_back(to_json(row));
  const bool has_weight = view.score == Score::manhattan || view.score == Score::log_manhattan;
  nlohmann::json json{{"setup", view.setup.id},
                      {"setup_label", view.setup.label},
                      {"score", std::string(name_of(view.score))},
                      {"weight", has_weight ? nlohmann::json(view.weight) : nullptr},
                      {"test_sets", view.test_sets},
                      {"greatest_energy_j", view.greatest_energy.value()},
                      {"least_energy_j", view.least_energy.value()},
                      {"rows", rows},
                      {"filtered_out", view.filtered_out},
                      {"beyond_top", view.beyond_top},
                      {"without_accuracy", to_json(view.without_accuracy)},
                      {"without_energy", to_json(view.without_energy)}};
  if (view.score == Score::sam) {
    json["without_training"] = to_json(view.without_training);
    json["warnings"] = view.warnings;
  }
  return json;
}

}  // namespace wattfor
