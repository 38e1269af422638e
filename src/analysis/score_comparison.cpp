#include "analysis/score_comparison.h"

#include <cmath>

#include "analysis/correlation.h"
#include "analysis/model_filter.h"

namespace wattfor {
namespace {

constexpr std::size_t shown_of_ranking = 10;
constexpr std::array min_accuracies_percent{70.0, 75.0, 80.0, 85.0};

std::vector<double> picked(std::span<const double> column, std::span<const std::size_t> rows) {
  std::vector<double> numbers;
  numbers.reserve(rows.size());
  for (const std::size_t row : rows) numbers.push_back(column[row]);
  return numbers;
}

ScoreThreshold at_least(double min_accuracy_percent, const ScoreComparison& comparison,
                        std::span<const double> accuracy_percent,
                        std::span<const double> energy_j) {
  ScoreThreshold threshold{.min_accuracy_percent = min_accuracy_percent, .models = 0, .first = {}};
  const std::array limits{ColumnLimit{.column = accuracy_percent, .least = min_accuracy_percent}};
  for (std::size_t i = 0; i < comparison.rankings.size(); ++i) {
    const std::vector<double>& scores = comparison.rankings[i].scores;
    const std::vector<std::size_t> rows = filter_rows(scores, limits).rows;
    threshold.models = rows.size();
    const auto first = ranking(scores, energy_j, rows, 1);
    if (!first.empty()) threshold.first[i] = first.front().row;
  }
  return threshold;
}

}  // namespace

ScoreComparison score_comparison(std::span<const double> accuracy_percent,
                                 std::span<const double> energy_j) {
  accuracy_percent = accuracy_percent.first(energy_j.size());
  ScoreComparison comparison;
  comparison.energies = energy_range(energy_j);
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < energy_j.size(); ++row) {
    if (has_score(accuracy_percent[row], Joules(energy_j[row]))) rows.push_back(row);
  }
  comparison.models = rows.size();
  for (std::size_t i = 0; i < compared_scores.size(); ++i) {
    ScoreRanking& of = comparison.rankings[i];
    of.score = compared_scores[i];
    of.scores =
        scores_of(of.score, accuracy_percent, energy_j, comparison.energies, compared_weight);
    of.first = ranking(of.scores, energy_j, rows, shown_of_ranking);
  }
  for (std::size_t a = 0; a < compared_scores.size(); ++a) {
    for (std::size_t b = a + 1; b < compared_scores.size(); ++b) {
      comparison.agreements.push_back(
          {.a = compared_scores[a],
           .b = compared_scores[b],
           .kendall = kendall(picked(comparison.rankings[a].scores, rows),
                              picked(comparison.rankings[b].scores, rows))});
    }
  }
  for (const double min_accuracy_percent : min_accuracies_percent) {
    comparison.thresholds.push_back(
        at_least(min_accuracy_percent, comparison, accuracy_percent, energy_j));
  }
  return comparison;
}

}  // namespace wattfor
