#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/class_centres.h"
#include "analysis/dominance.h"
#include "analysis/energy_ratio.h"
#include "analysis/hull.h"
#include "analysis/line_fit.h"
#include "analysis/log_ratio.h"
#include "analysis/model_filter.h"
#include "analysis/pareto.h"
#include "analysis/ranking.h"
#include "analysis/sam.h"
#include "analysis/scores.h"
#include "support/golden.h"

// What the explorer, which mirrors these functions (web/src/analysis), must answer, too: questions
// with their answers, read by the web tests. A number that is not known is null.
namespace wattfor {
namespace {

using nlohmann::json;
using Numbers = std::vector<double>;
using Rows = std::vector<std::size_t>;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

struct Models {
  std::string name;
  Numbers accuracy_percent;
  Numbers energy_j;
  Numbers train_j;
};

json energies(const Models& models) {
  return {{"name", models.name},
          {"accuracy_percent", models.accuracy_percent},
          {"energy_j", models.energy_j},
          {"train_kwh", [&] {
             json list = json::array();
             for (const double joules : models.train_j) list.push_back(joules / 3.6e6);
             return list;
           }()}};
}

// Numbers of every kind, the same on every machine: each a multiple of a power of two, so that
// printing and reading it changes nothing. About one in eight is unknown, one in four stands twice.
Models many(std::size_t rows) {
  Models models{.name = "many", .accuracy_percent = {}, .energy_j = {}, .train_j = {}};
  std::uint64_t state = 7;
  const auto draw = [&](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<double>((state >> 33U) % below);
  };
  for (std::size_t row = 0; row < rows; ++row) {
    const bool is_copy = row > 0 && draw(4) == 0;
    models.accuracy_percent.push_back(is_copy        ? models.accuracy_percent.back()
                                      : draw(8) == 0 ? unknown
                                                     : 40.0 + draw(480) / 8.0);
    models.energy_j.push_back(is_copy        ? models.energy_j.back()
                              : draw(8) == 0 ? unknown
                                             : (1.0 + draw(4000)) / 1024.0);
    models.train_j.push_back(draw(8) == 0 ? unknown : 3.6e6 * draw(200));
  }
  return models;
}

std::vector<Models> tables() {
  return {
      {"plain", {76.5, 81.25, 84.0, 88.5}, {0.25, 0.5, 1.0, 4.0}, {3.6e7, 3.6e8, 3.6e9, 7.2e9}},
      {"ties", {80.0, 80.0, 80.0, 82.0, 82.0}, {1.0, 0.5, 0.5, 2.0, 2.0}, Numbers(5, 3.6e8)},
      {"unknown", {unknown, 80.0, 75.0, unknown}, {0.5, unknown, 1.0, unknown}, Numbers(4, 1e9)},
      {"one model", {80.0}, {0.5}, {3.6e8}},
      {"equal energies", {70.0, 80.0, 90.0}, {0.5, 0.5, 0.5}, Numbers(3, 3.6e6)},
      {"no percentages", {100.5, -1.0, 100.0, 0.0}, {1.0, 2.0, 3.0, 4.0}, {1.8e7, 1e9, 0.0, -1.0}},
      {"no energies", {80.0, 81.0, 82.0}, {0.0, -1.0, 2.0}, Numbers(3, unknown)},
      {"no models", {}, {}, {}},
      many(400)};
}

std::vector<AccuracyAndEnergy> points_of(const Models& models) {
  std::vector<AccuracyAndEnergy> points;
  points.reserve(models.energy_j.size());
  for (std::size_t i = 0; i < models.energy_j.size(); ++i) {
    points.push_back({models.accuracy_percent[i], Joules(models.energy_j[i])});
  }
  return points;
}

Rows all_of(const Models& models) {
  Rows rows(models.energy_j.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

json interval(const std::optional<Interval>& sides) {
  return sides ? json{sides->low, sides->high} : json(nullptr);
}

void expect_answers(const std::string& name, const json& answers) {
  test::expect_golden(name, answers.dump(1) + "\n");
}

TEST(ExplorerGoldenTest, Scores) {
  json answers = json::array();
  for (const Models& models : tables()) {
    const EnergyRange range = energy_range(models.energy_j);
    json scores = json::array();
    for (const Score score : enumerators<Score>) {
      const bool has_weight = score == Score::manhattan || score == Score::log_manhattan;
      for (const double weight : {0.0, 0.25, 0.5, 1.0, 1.5}) {
        if (!has_weight && weight != 0.5) continue;
        scores.push_back({{"score", std::string(name_of(score))},
                          {"weight", weight},
                          {"values", scores_of(score, models.accuracy_percent, models.energy_j,
                                               range, weight, models.train_j)}});
      }
    }
    json table = energies(models);
    table["least_j"] = range.least.value();
    table["greatest_j"] = range.greatest.value();
    table["scores"] = scores;
    answers.push_back(table);
  }
  expect_answers("scores.json", answers);
}

TEST(ExplorerGoldenTest, Rankings) {
  json answers = json::array();
  for (const Models& models : tables()) {
    const Numbers scores = scores_of(Score::manhattan, models.accuracy_percent, models.energy_j,
                                     energy_range(models.energy_j), 0.5);
    for (const std::size_t top : {std::size_t{1}, std::size_t{3}, std::size_t{20}, all_rows}) {
      json ranked = json::array();
      for (const auto& [row, rank] : ranking(scores, models.energy_j, all_of(models), top)) {
        ranked.push_back({row, rank});
      }
      answers.push_back({{"name", models.name},
                         {"scores", scores},
                         {"costs", models.energy_j},
                         {"top", top == all_rows ? json(nullptr) : json(top)},
                         {"ranked", ranked}});
    }
  }
  expect_answers("rankings.json", answers);
}

TEST(ExplorerGoldenTest, Means) {
  const std::vector<Numbers> columns{
      {70.0, 80.0, unknown, 90.5}, {60.0, unknown, 50.0, 81.25}, {10.0, 20.0, 30.0, 40.125}, {}};
  json answers = json::array();
  for (const Rows& chosen : {Rows{0}, Rows{0, 1}, Rows{2, 0}, Rows{0, 1, 2}, Rows{0, 3}, Rows{}}) {
    std::vector<std::span<const double>> of;
    json asked = json::array();
    for (const std::size_t column : chosen) {
      of.emplace_back(columns[column]);
      asked.push_back(columns[column].empty() ? json(nullptr) : json(columns[column]));
    }
    answers.push_back({{"columns", asked}, {"rows", 4}, {"mean", mean_of(of, 4)}});
  }
  expect_answers("means.json", answers);
}

TEST(ExplorerGoldenTest, FrontsAndHulls) {
  json answers = json::array();
  for (const Models& models : tables()) {
    const auto points = points_of(models);
    const std::vector<bool> on_front = pareto_front(points);
    Rows front;
    for (std::size_t row = 0; row < on_front.size(); ++row) {
      if (on_front[row]) front.push_back(row);
    }
    json table = energies(models);
    table["front"] = front;
    table["hull"] = upper_left_hull(points);
    answers.push_back(table);
  }
  expect_answers("fronts.json", answers);
}

TEST(ExplorerGoldenTest, WhatBeatsAModel) {
  json answers = json::array();
  for (const Models& models : tables()) {
    for (const std::size_t row : {std::size_t{0}, std::size_t{2}, std::size_t{3}}) {
      if (row >= models.energy_j.size()) continue;
      json table = energies(models);
      table["row"] = row;
      table["beaten_by"] = rows_that_beat(row, models.accuracy_percent, models.energy_j);
      answers.push_back(table);
    }
  }
  expect_answers("dominance.json", answers);
}

TEST(ExplorerGoldenTest, RatiosAndSavings) {
  const auto figure = [](double energy, std::optional<Interval> comparison) {
    return EnergyFigure{.energy = Joules(energy), .absolute = {}, .comparison = comparison};
  };
  const std::vector<EnergyFigure> figures{
      figure(2.0, Interval{1.75, 2.5}),  figure(1.0, Interval{0.96875, 1.0625}),
      figure(0.5, std::nullopt),         figure(4.0, Interval{0.0, 8.0}),
      figure(unknown, Interval{1., 2.}), figure(0.0, Interval{0.0, 0.5}),
      figure(2.25, Interval{2.0, 2.375})};
  const auto shown = [](const EnergyFigure& each) {
    return json{{"energy_j", each.energy.value()}, {"comparison", interval(each.comparison)}};
  };
  json answers = json::array();
  for (const EnergyFigure& a : figures) {
    for (const EnergyFigure& b : figures) {
      const auto ratio = energy_ratio(a, b);
      const EnergySaving saving = energy_saving(a, b);
      json answer{{"model", shown(a)}, {"reference", shown(b)}, {"ratio", nullptr}};
      if (ratio) {
        const auto unsure = is_unsure(*ratio);
        answer["ratio"] = {{"factor", ratio->factor},
                           {"interval", interval(ratio->interval)},
                           {"is_unsure", unsure ? json(*unsure) : json(nullptr)}};
      }
      answer["saving"] = {{"energy_j", saving.energy.value()},
                          {"interval", interval(saving.interval)}};
      answers.push_back(answer);
    }
  }
  expect_answers("ratios.json", answers);
}

TEST(ExplorerGoldenTest, Sam) {
  json answers = json::array();
  for (const double accuracy : {80.0, 0.0, 100.0, 100.5, -1.0, unknown}) {
    for (const double kwh : {68.0, 10.0, 9.5, 1.25, 1.0, 0.5, 0.0, -3.0, unknown}) {
      for (const double alpha : {5.0, 1.0, 10.0}) {
        const auto value = sam(accuracy, kilowatt_hours(kwh), SamForm::published, {.alpha = alpha});
        const Sam* defined = std::get_if<Sam>(&value);
        json answer{{"accuracy_percent", accuracy}, {"train_kwh", kwh}, {"alpha", alpha}};
        answer["sam"] = defined == nullptr ? unknown : defined->value;
        answer["is_inflated"] = defined != nullptr && defined->is_inflated;
        answers.push_back(answer);
      }
    }
  }
  expect_answers("sam.json", answers);
}

TEST(ExplorerGoldenTest, Filters) {
  const Models models = many(200);
  const Numbers scores = scores_of(Score::manhattan, models.accuracy_percent, models.energy_j,
                                   energy_range(models.energy_j), 0.5);
  struct Asked {
    double min_accuracy_percent;
    double max_energy_j;
    double max_train_kwh;
  };
  json answers = json::array();
  for (const auto& [accuracy, energy, train] :
       {Asked{0.0, 100.0, 1e6}, Asked{70.0, 2.0, 1e6}, Asked{80.0, 1.0, 100.0},
        Asked{101.0, 1.0, 100.0}, Asked{70.0, 0.5, 50.0}}) {
    const std::array limits{ColumnLimit{.column = models.accuracy_percent, .least = accuracy},
                            ColumnLimit{.column = models.energy_j, .most = energy},
                            ColumnLimit{.column = models.train_j, .most = train * 3.6e6}};
    const FilteredRows filtered = filter_rows(scores, limits);
    json removed = json::array();
    for (const auto& each : filtered.removed) {
      removed.push_back({each.beyond, each.unknown, each.only});
    }
    answers.push_back({{"min_accuracy_percent", accuracy},
                       {"max_energy_j", energy},
                       {"max_train_kwh", train},
                       {"rows", filtered.rows},
                       {"removed", removed}});
  }
  json table = energies(models);
  table["scores"] = scores;
  expect_answers("filters.json", {{"models", table}, {"answers", answers}});
}

TEST(ExplorerGoldenTest, LinePredictions) {
  json answers = json::array();
  for (const auto& [x, y] : std::initializer_list<std::pair<Numbers, Numbers>>{
           {{1.0, 2.0, 5.0}, {0.5, 1.25, 2.0}},
           {{0.125, 0.25, 0.5, 0.75, 1.0}, {1.0, 1.75, 3.5, 4.875, 7.25}},
           {{1.0, 2.0, 4.0}, {0.5, 1.0, 2.0}}}) {
    const LineFit fit = fit_line(x, y).value();
    json predictions = json::array();
    for (const double at : {0.0, 1.0, 3.5, 90.0}) {
      const LinePrediction predicted = predict_at(fit, at);
      predictions.push_back({{"at", at},
                             {"value", predicted.value},
                             {"low", predicted.low},
                             {"high", predicted.high}});
    }
    answers.push_back({{"runs", fit.rows},
                       {"intercept", fit.intercept},
                       {"slope", fit.slope},
                       {"slope_error", fit.slope_error},
                       {"mean_over", fit.mean_x},
                       {"residual_sum", fit.residual_sum_of_squares},
                       {"t_95", t_of_95_percent(fit)},
                       {"predictions", predictions}});
  }
  expect_answers("line_predictions.json", answers);
}

TEST(ExplorerGoldenTest, FactorsBetweenSetups) {
  json answers = json::array();
  for (const auto& [a, b] : std::initializer_list<std::pair<Numbers, Numbers>>{
           {{4.0, 2.0, 1.0}, {1.0, 1.0, 1.0}},
           {{4.0, 2.5, 1.75, 8.0, 3.125}, {1.0, 0.5, 0.625, 2.0, 1.5}},
           {{1.0, 2.0}, {1.0, 2.0}},
           {{1.0}, {2.0}},
           {{1.0, 0.0}, {2.0, 3.0}}}) {
    const auto ratio = log_ratio(a, b);
    answers.push_back(
        {{"a", a},
         {"b", b},
         {"geometric_mean", ratio ? json(ratio->geometric_mean) : json(nullptr)},
         {"geometric_deviation", ratio ? json(ratio->geometric_deviation) : json(nullptr)}});
  }
  expect_answers("factors.json", answers);
}

TEST(ExplorerGoldenTest, ClassCentres) {
  const std::array<ModelFamily, 3> families{
      {{.name = "a", .model_class = ModelClass::cnn, .year = 2015, .paper = "", .prefixes = ""},
       {.name = "b", .model_class = ModelClass::hybrid, .year = 2021, .paper = "", .prefixes = ""},
       {.name = "c", .model_class = ModelClass::mlp, .year = 2021, .paper = "", .prefixes = ""}}};
  const std::vector<const ModelFamily*> of_row{families.data(), &families[1], families.data(),
                                               nullptr,         &families[1], families.data()};
  const Models models{"classes",
                      {70.0, 80.5, 74.25, 90.0, 84.0, 60.0},
                      {0.25, 1.0, 0.75, 8.0, 3.0, 0.125},
                      Numbers(6, unknown)};
  json words = json::array();
  for (const ModelFamily* family : of_row) {
    words.push_back(family == nullptr ? json(nullptr)
                                      : json(std::string(name_of(family->model_class))));
  }
  json centres = json::array();
  for (const ClassCentre& centre :
       class_centres({.rows = all_of(models), .points = points_of(models)}, of_row)) {
    centres.push_back({{"class", std::string(name_of(centre.model_class))},
                       {"models", centre.models},
                       {"energy_j", centre.energy_j},
                       {"accuracy_percent", centre.accuracy_percent}});
  }
  json table = energies(models);
  table["classes"] = words;
  table["centres"] = centres;
  expect_answers("class_centres.json", table);
}

}  // namespace
}  // namespace wattfor
