#include "report/rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "analysis/pareto.h"
#include "analysis/scores.h"
#include "base/error.h"
#include "measurement/json.h"
#include "report/best_batches.h"
#include "report/json_values.h"
#include "report/nearest_word.h"
#include "store/exchange.h"

namespace wattfor {
namespace {

constexpr char usual_test_set[] = "imagenet-original";

using ModelKey = std::pair<std::string, int>;
// A model's accuracy in percent by test set; only what is known.
using AccuraciesOfModel = std::map<std::string, double>;
using AccuracyTable = std::map<ModelKey, AccuraciesOfModel>;

// A model of the setup that is ranked.
struct Candidate {
  std::string model;
  int input_size = 0;
  std::optional<RankRow> row;  // without accuracy and score; absent where it has no energy
  std::string reason;          // why it has none
};

// The setups with a finished cell or a published figure, and how many models each has.
std::map<std::string, std::set<ModelKey>> setups_in(std::span<const Measurement> records,
                                                    std::span<const PublishedFigure> published) {
  std::map<std::string, std::set<ModelKey>> setups;
  for (const Measurement& record : records) {
    if (!record.cell || record.outcome != Outcome::done || is_simulated(record)) continue;
    const Model& model = record.cell->model;
    setups[record.cell->setup.id].emplace(model.name, model.input_size);
  }
  for (const PublishedFigure& figure : published) {
    setups[figure.setup.id].emplace(figure.model, figure.input_size);
  }
  return setups;
}

Error nothing_to_rank(std::span<const Measurement> records) {
  std::size_t failed = 0;
  std::string last_reason;
  for (const Measurement& record : records) {
    if (!record.cell || record.outcome != Outcome::failed) continue;
    ++failed;
    last_reason = record.reason;
  }
  std::string message =
      "there is nothing to rank: the store holds no measured model; `wattfor sweep MODEL…` "
      "measures some, `wattfor import study DIR` brings published ones in";
  if (failed > 0) {
    message += fmt::format(". {} cell{} failed, the last with: {}", failed, failed == 1 ? "" : "s",
                           last_reason);
  }
  return {ErrorCode::not_found, message};
}

std::string choose_setup(std::span<const Measurement> records,
                         std::span<const PublishedFigure> published, const RankQuery& query) {
  const auto setups = setups_in(records, published);
  std::string list;
  std::vector<std::string> ids;
  for (const auto& [id, models] : setups) {
    list += fmt::format("\n  {}  ({} model{})", id, models.size(), models.size() == 1 ? "" : "s");
    ids.push_back(id);
  }
  if (setups.empty()) throw nothing_to_rank(records);
  if (!query.setup) {
    if (setups.size() == 1) return ids.front();
    throw Error(ErrorCode::usage,
                fmt::format("models of different setups are not ranked together; choose one with "
                            "--setup:{}",
                            list));
  }
  if (setups.contains(*query.setup)) return *query.setup;
  throw Error(ErrorCode::not_found,
              fmt::format("there is no setup '{}'; did you mean '{}'? The store has:{}",
                          *query.setup, nearest_word(*query.setup, ids), list));
}

// What was measured of it, at its best batch size.
Candidate candidate_of(const ModelFigure& figure) {
  Candidate candidate{.model = figure.model,
                      .input_size = figure.input_size,
                      .row = std::nullopt,
                      .reason = figure.reason};
  if (figure.best == nullptr) return candidate;
  const CellResult& result = *figure.best->result;
  candidate.row = RankRow{.rank = 0,
                          .model = figure.model,
                          .input_size = figure.input_size,
                          .accuracy_percent = 0.0,
                          .energy = result.energy_per_image,
                          .basis = figure.best->energy.total.basis,
                          .batch_size = figure.best->cell->batch_size,
                          .throughput_per_s = result.throughput_per_s,
                          .latency_ms = result.latency_ms,
                          .score = 0.0,
                          .on_pareto_front = false,
                          .is_imported = figure.is_imported};
  return candidate;
}

Candidate candidate_of(const PublishedFigure& figure) {
  return {.model = figure.model,
          .input_size = figure.input_size,
          .row = RankRow{.rank = 0,
                         .model = figure.model,
                         .input_size = figure.input_size,
                         .accuracy_percent = 0.0,
                         .energy = figure.energy_per_image,
                         .basis = figure.basis,
                         .batch_size = figure.batch_size,
                         .throughput_per_s = figure.throughput_per_s,
                         .latency_ms = figure.latency_ms,
                         .score = 0.0,
                         .on_pareto_front = false,
                         .is_imported = true},
          .reason = ""};
}

// A setup as it was described last, and its models. What was measured is not mixed with what others
// published under the same name.
struct SetupModels {
  Setup setup;
  std::vector<Candidate> candidates;
};

SetupModels models_of(std::span<const Measurement> records, const RecordIds& imported,
                      std::span<const PublishedFigure> published, const std::string& id) {
  SetupModels models;
  for (const Measurement& record : records) {
    if (!record.cell || record.cell->setup.id != id || is_simulated(record)) continue;
    models.setup = record.cell->setup;
  }
  for (const ModelFigure& figure : best_batches(records, id, imported)) {
    models.candidates.push_back(candidate_of(figure));
  }
  if (!models.candidates.empty()) return models;
  for (const PublishedFigure& figure : published) {
    if (figure.setup.id != id) continue;
    models.setup = figure.setup;
    models.candidates.push_back(candidate_of(figure));
  }
  return models;
}

AccuracyTable table_of(std::span<const Accuracy> accuracies) {
  AccuracyTable table;
  for (const Accuracy& accuracy : accuracies) {
    if (!accuracy.top1_percent) continue;
    table[{accuracy.model, accuracy.input_size}][accuracy.test_set] = *accuracy.top1_percent;
  }
  return table;
}

// The sizes at which a model has an accuracy, "224 and 384"; empty where it has none.
std::string sizes_with_accuracy(const std::string& model, const AccuracyTable& table) {
  std::vector<int> sizes;
  for (auto each = table.lower_bound({model, 0}); each != table.end() && each->first.first == model;
       ++each) {
    sizes.push_back(each->first.second);
  }
  return fmt::format("{}", fmt::join(sizes, " and "));
}

Error no_accuracy(const std::vector<Candidate>& candidates, const AccuracyTable& table) {
  std::string message =
      fmt::format("none of the setup's {} models has a known accuracy; ", candidates.size());
  for (const Candidate& figure : candidates) {
    const std::string sizes = sizes_with_accuracy(figure.model, table);
    if (sizes.empty()) continue;
    message += fmt::format(
        "'{}' was measured at input size {} and has one at {}: models are joined "
        "by name and input size (0 where the input is no image); ",
        figure.model, figure.input_size, sizes);
    break;
  }
  message +=
      "bring some in with `wattfor import accuracy FILE.csv` (columns model, input_size, test_set, "
      "top1_percent, top5_percent)";
  return {ErrorCode::not_found, message};
}

std::vector<std::string> choose_test_sets(const std::vector<Candidate>& candidates,
                                          const AccuracyTable& table, const RankQuery& query) {
  std::map<std::string, int> models_on;  // of this setup
  for (const Candidate& figure : candidates) {
    const auto known = table.find({figure.model, figure.input_size});
    if (known == table.end()) continue;
    for (const auto& [test_set, accuracy] : known->second) ++models_on[test_set];
  }
  std::string list;
  std::vector<std::string> names;
  for (const auto& [test_set, models] : models_on) {
    list += fmt::format("\n  {}  ({} model{})", test_set, models, models == 1 ? "" : "s");
    names.push_back(test_set);
  }
  if (models_on.empty()) throw no_accuracy(candidates, table);
  for (const std::string& asked : query.test_sets) {
    if (models_on.contains(asked)) continue;
    throw Error(
        ErrorCode::not_found,
        fmt::format("no model of the setup has an accuracy on '{}'; did you mean '{}'? There "
                    "are:{}",
                    asked, nearest_word(asked, names), list));
  }
  if (!query.test_sets.empty()) return query.test_sets;
  if (models_on.contains(usual_test_set)) return {usual_test_set};
  if (models_on.size() == 1) return names;
  throw Error(
      ErrorCode::usage,
      fmt::format("accuracies on several test sets are there; choose with --test-set:{}", list));
}

// The mean over the test sets, of a model that has all of them.
std::optional<double> accuracy_on(const std::vector<std::string>& test_sets,
                                  const AccuraciesOfModel& known) {
  double sum = 0.0;
  for (const std::string& test_set : test_sets) {
    const auto found = known.find(test_set);
    if (found == known.end()) return std::nullopt;
    sum += found->second;
  }
  return sum / static_cast<double>(test_sets.size());
}

std::optional<double> score_of(const RankRow& row, const RankView& view) {
  switch (view.score) {
    case Score::efficiency:
      return efficiency(row.accuracy_percent, row.energy.energy);
    case Score::log_manhattan:
      return log_manhattan(row.accuracy_percent, row.energy.energy, view.least_energy,
                           view.greatest_energy, view.weight);
    case Score::manhattan:
      break;
  }
  return weighted_manhattan(row.accuracy_percent, row.energy.energy, view.greatest_energy,
                            view.weight);
}

// The rows of all models that have both figures, scored but not ordered; the others are named.
void join(const std::vector<Candidate>& candidates, const AccuracyTable& table, RankView& view) {
  const auto unranked = [](const Candidate& candidate, std::string reason) {
    return UnrankedModel{
        .model = candidate.model, .input_size = candidate.input_size, .reason = std::move(reason)};
  };
  for (const Candidate& candidate : candidates) {
    if (!candidate.row) {
      view.without_energy.push_back(unranked(candidate, candidate.reason));
      continue;
    }
    const auto known = table.find({candidate.model, candidate.input_size});
    const auto accuracy =
        known == table.end() ? std::nullopt : accuracy_on(view.test_sets, known->second);
    if (!accuracy) {
      std::string reason = fmt::format("unknown on {}", fmt::join(view.test_sets, " and "));
      if (known == table.end()) {
        const std::string sizes = sizes_with_accuracy(candidate.model, table);
        if (!sizes.empty()) {
          reason +=
              fmt::format("; known at input size {}, measured at {}", sizes, candidate.input_size);
        }
      }
      view.without_accuracy.push_back(unranked(candidate, std::move(reason)));
      continue;
    }
    RankRow row = *candidate.row;
    row.accuracy_percent = *accuracy;
    const auto score = score_of(row, view);
    if (!score) {
      view.without_accuracy.push_back(
          unranked(candidate, fmt::format("{} is no percentage", *accuracy)));
      continue;
    }
    row.score = *score;
    view.rows.push_back(std::move(row));
  }
}

void mark_front(std::vector<RankRow>& rows) {
  std::vector<AccuracyAndEnergy> points;
  points.reserve(rows.size());
  for (const RankRow& row : rows) {
    points.push_back({.accuracy_percent = row.accuracy_percent, .energy = row.energy.energy});
  }
  const std::vector<bool> on_front = pareto_front(points);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].on_pareto_front = on_front[i];
}

void apply_thresholds(const RankQuery& query, RankView& view) {
  const auto is_beyond = [&](const RankRow& row) {
    return (query.min_accuracy_percent && row.accuracy_percent < *query.min_accuracy_percent) ||
           (query.max_energy_j && row.energy.energy > Joules(*query.max_energy_j));
  };
  view.filtered_out = static_cast<int>(std::erase_if(view.rows, is_beyond));
}

void order(std::vector<RankRow>& rows) {
  std::ranges::sort(rows, [](const RankRow& a, const RankRow& b) {
    // Among equal scores the least energy first; the name only makes the order certain.
    return std::tuple(-a.score, a.energy.energy, a.model, a.input_size) <
           std::tuple(-b.score, b.energy.energy, b.model, b.input_size);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_tie = i > 0 && rows[i].score == rows[i - 1].score;
    rows[i].rank = is_tie ? rows[i - 1].rank : static_cast<int>(i) + 1;
  }
}

nlohmann::json to_json(const RankRow& row) {
  nlohmann::json json = to_json(row.energy);
  json["rank"] = row.rank;
  json["model"] = row.model;
  json["input_size"] = row.input_size;
  json["accuracy_percent"] = row.accuracy_percent;
  json["basis"] = std::string(name_of(row.basis));
  json["batch_size"] = value_or_null(row.batch_size);
  json["throughput_per_s"] = value_or_null(row.throughput_per_s);
  json["latency_ms"] = value_or_null(row.latency_ms);
  json["score"] = row.score;
  json["on_pareto_front"] = row.on_pareto_front;
  json["imported"] = row.is_imported;
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

std::string_view name_of(Score score) {
  switch (score) {
    case Score::efficiency:
      return "efficiency";
    case Score::log_manhattan:
      return "log-manhattan";
    case Score::manhattan:
      break;
  }
  return "manhattan";
}

std::optional<Score> score_from_name(std::string_view name) {
  for (const Score score : {Score::efficiency, Score::manhattan, Score::log_manhattan}) {
    if (name == name_of(score)) return score;
  }
  return std::nullopt;
}

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

RankView rank(std::span<const Measurement> measurements, std::span<const Accuracy> accuracies,
              const RankQuery& query, const RecordIds& imported,
              std::span<const PublishedFigure> published) {
  require_limits(query);
  RankView view;
  const std::string setup = choose_setup(measurements, published, query);
  const SetupModels models = models_of(measurements, imported, published, setup);
  view.setup = models.setup;
  view.score = query.score;
  view.weight = query.weight;
  const AccuracyTable table = table_of(accuracies);
  view.test_sets = choose_test_sets(models.candidates, table, query);
  for (const Candidate& candidate : models.candidates) {
    if (!candidate.row) continue;
    const Joules energy = candidate.row->energy.energy;
    view.greatest_energy = std::max(view.greatest_energy, energy);
    view.least_energy =
        view.least_energy > Joules(0.0) ? std::min(view.least_energy, energy) : energy;
  }
  join(models.candidates, table, view);
  mark_front(view.rows);
  apply_thresholds(query, view);
  order(view.rows);
  if (query.top && view.rows.size() > static_cast<std::size_t>(*query.top)) {
    view.beyond_top = static_cast<int>(view.rows.size()) - *query.top;
    view.rows.resize(static_cast<std::size_t>(*query.top));
  }
  return view;
}

nlohmann::json to_json(const RankView& view) {
  nlohmann::json rows = nlohmann::json::array();
  for (const RankRow& row : view.rows) rows.push_back(to_json(row));
  return {{"setup", view.setup.id},
          {"setup_label", view.setup.label},
          {"score", std::string(name_of(view.score))},
          {"weight", view.score == Score::efficiency ? nullptr : nlohmann::json(view.weight)},
          {"test_sets", view.test_sets},
          {"greatest_energy_j", view.greatest_energy.value()},
          {"least_energy_j", view.least_energy.value()},
          {"rows", rows},
          {"filtered_out", view.filtered_out},
          {"beyond_top", view.beyond_top},
          {"without_accuracy", to_json(view.without_accuracy)},
          {"without_energy", to_json(view.without_energy)}};
}

}  // namespace wattfor
