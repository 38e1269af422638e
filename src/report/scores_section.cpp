#include "report/scores_section.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "report/json_values.h"
#include "report/model_choice.h"
#include "report/result_columns.h"

namespace wattfor {
namespace {

// The row that a score puts first; nothing where no model has one.
std::optional<std::size_t> first_by(const ScoreComparison& scores, Score score) {
  for (const ScoreRanking& each : scores.rankings) {
    if (each.score == score && !each.first.empty()) return each.first.front().row;
  }
  return std::nullopt;
}

std::optional<double> energy_of_row(const SetupFindings& setup, std::optional<std::size_t> row) {
  return row ? std::optional(setup.columns->energy_j[*row]) : std::nullopt;
}

ResultCell model_cell(const Analysis& analysis, std::optional<std::size_t> row) {
  return row ? cell(words_of(analysis.table.models[*row])) : ResultCell();
}

// The scores under each other: names of models are too long to stand side by side.
ResultTable first_models_table(const Analysis& analysis, const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  ResultTable table{
      .id = result_id("scores " + id),
      .title = fmt::format("The first ten models by each score on {}", id),
      .caption = fmt::format(
          "Of {} models; W = {:g}. Manhattan counts energy as a share of the greatest, {:.3g} J; "
          "log-Manhattan in decades between {:.3g} J and that; efficiency is percent per joule.",
          setup.scores.models, compared_weight, setup.scores.energies.greatest.value(),
          setup.scores.energies.least.value()),
      .columns = {word_column("score", "score"), count_column("rank", "rank"),
                  word_column("model", "model"), number_column("energy_j", "energy", "J/image"),
                  fixed_column("accuracy_percent", "accuracy", "%", 2),
                  number_column("value", "score's value", "", 4)}};
  for (const ScoreRanking& of : setup.scores.rankings) {
    for (const RankedRow& each : of.first) {
      table.rows.push_back({cell(name_of(of.score)), cell(each.rank),
                            model_cell(analysis, each.row), setup.columns->energy_j[each.row],
                            setup.accuracy_percent[each.row], of.scores[each.row]});
    }
  }
  return table;
}

ResultTable agreements_table(const Analysis& analysis) {
  ResultTable table{
      .id = "score_agreement",
      .title = "How far the scores agree",
      .caption =
          "Kendall's τ between the orders that two scores put all models in, and the energies of "
          "the models that they put first.",
      .columns = {word_column("a", "score"), word_column("b", "and"),
                  fixed_column("kendall", "Kendall's τ", "", 3),
                  number_column("a_first_energy_j", "its first", "J/image"),
                  number_column("b_first_energy_j", "the other's", "J/image"),
                  word_column("setup", "setup")}};
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.scores.models == 0) continue;
    for (const ScoreAgreement& each : setup.scores.agreements) {
      const auto energy = [&](Score score) {
        return cell(energy_of_row(setup, first_by(setup.scores, score)));
      };
      table.rows.push_back({cell(name_of(each.a)), cell(name_of(each.b)), cell(each.kendall),
                            energy(each.a), energy(each.b), cell(setup.columns->setup.id)});
    }
  }
  return table;
}

ResultTable thresholds_table(const Analysis& analysis, const SetupFindings& setup) {
  const std::string& id = setup.columns->setup.id;
  ResultTable table{
      .id = result_id("score_thresholds " + id),
      .title = fmt::format("The first by each score within a limit on {}", id),
      .caption =
          "A least accuracy, or the energy that three, two and one quarter of the models stay "
          "below. It leaves models out and changes no score.",
      .columns = {fixed_column("min_accuracy_percent", "at least", "%", 0),
                  number_column("max_energy_j", "at most", "J/image"),
                  count_column("models", "models"), word_column("score", "score"),
                  word_column("model", "first"), number_column("energy_j", "energy", "J/image"),
                  fixed_column("accuracy_percent", "accuracy", "%", 2)}};
  for (const ScoreThreshold& threshold : setup.scores.thresholds) {
    for (std::size_t i = 0; i < compared_scores.size(); ++i) {
      const std::optional<std::size_t> row = threshold.first[i];
      const ResultCell accuracy = row ? ResultCell(setup.accuracy_percent[*row]) : ResultCell();
      table.rows.push_back({cell(threshold.min_accuracy_percent), cell(threshold.max_energy_j),
                            cell(threshold.models), cell(name_of(compared_scores[i])),
                            model_cell(analysis, row), cell(energy_of_row(setup, row)), accuracy});
    }
  }
  return table;
}

nlohmann::json judged_json(const Analysis& analysis, const SetupFindings& setup, std::size_t row) {
  const ModelKey& model = analysis.table.models[row];
  return {{"model", model.model},
          {"input_size", model.input_size},
          {"energy_j", setup.columns->energy_j[row]},
          {"accuracy_percent", setup.accuracy_percent[row]}};
}

nlohmann::json rankings_json(const Analysis& analysis, const SetupFindings& setup) {
  nlohmann::json json = nlohmann::json::array();
  for (const ScoreRanking& of : setup.scores.rankings) {
    nlohmann::json first = nlohmann::json::array();
    for (const RankedRow& each : of.first) {
      nlohmann::json model = judged_json(analysis, setup, each.row);
      model["rank"] = each.rank;
      model["score"] = of.scores[each.row];
      first.push_back(std::move(model));
    }
    json.push_back({{"score", std::string(name_of(of.score))}, {"first", std::move(first)}});
  }
  return json;
}

nlohmann::json agreements_json(const SetupFindings& setup) {
  nlohmann::json json = nlohmann::json::array();
  for (const ScoreAgreement& each : setup.scores.agreements) {
    const auto energy = [&](Score score) {
      return value_or_null(energy_of_row(setup, first_by(setup.scores, score)));
    };
    json.push_back({{"a", std::string(name_of(each.a))},
                    {"b", std::string(name_of(each.b))},
                    {"kendall", value_or_null(each.kendall)},
                    {"a_first_energy_j", energy(each.a)},
                    {"b_first_energy_j", energy(each.b)}});
  }
  return json;
}

nlohmann::json thresholds_json(const Analysis& analysis, const SetupFindings& setup) {
  nlohmann::json json = nlohmann::json::array();
  for (const ScoreThreshold& threshold : setup.scores.thresholds) {
    nlohmann::json first = nlohmann::json::object();
    for (std::size_t i = 0; i < compared_scores.size(); ++i) {
      const std::optional<std::size_t> row = threshold.first[i];
      first[std::string(name_of(compared_scores[i]))] =
          row ? judged_json(analysis, setup, *row) : nlohmann::json(nullptr);
    }
    json.push_back({{"min_accuracy_percent", value_or_null(threshold.min_accuracy_percent)},
                    {"max_energy_j", value_or_null(threshold.max_energy_j)},
                    {"models", threshold.models},
                    {"first", std::move(first)}});
  }
  return json;
}

}  // namespace

ReportSection scores_section(const Analysis& analysis) {
  ReportSection section{.heading = "Scores"};
  section.paragraphs = {
      "Scores make one number of accuracy and energy, and do not agree. The weighted Manhattan "
      "score counts energy as a share of the greatest: where one model takes far more than the "
      "rest, it ranks nearly by accuracy. Efficiency favours models that do next to nothing."};
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.scores.models == 0) continue;
    section.tables.push_back(first_models_table(analysis, setup));
    section.tables.push_back(thresholds_table(analysis, setup));
  }
  ResultTable agreements = agreements_table(analysis);
  if (!agreements.rows.empty()) section.tables.push_back(std::move(agreements));
  return section;
}

nlohmann::json scores_json(const Analysis& analysis) {
  nlohmann::json json = nlohmann::json::array();
  for (const SetupFindings& setup : analysis.inference.setups) {
    if (setup.scores.models == 0) continue;
    json.push_back({{"setup", setup.columns->setup.id},
                    {"weight", compared_weight},
                    {"models", setup.scores.models},
                    {"least_energy_j", setup.scores.energies.least.value()},
                    {"greatest_energy_j", setup.scores.energies.greatest.value()},
                    {"rankings", rankings_json(analysis, setup)},
                    {"agreements", agreements_json(setup)},
                    {"thresholds", thresholds_json(analysis, setup)}});
  }
  return json;
}

}  // namespace wattfor
