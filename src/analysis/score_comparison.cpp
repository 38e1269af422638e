#include "analysis/score_comparison.h"

#include <algorithm>
#include <iterator>

#include "analysis/correlation.h"

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
                        std::span<const std::size_t> rows, std::span<const double> accuracy_percent,
                        std::span<const double> energy_j) {
  std::vector<std::size_t> reached;
  std::ranges::copy_if(rows, std::back_inserter(reached), [&](std::size_t row) {
    return accuracy_percent[row] >= min_accuracy_percent;
  });
  ScoreThreshold threshold{
      .min_accuracy_percent = min_accuracy_percent, .models = reached.size(), .first = {}};
  for (std::size_t i = 0; i < comparison.rankings.size(); ++i) {
    const auto first = ranking(comparison.rankings[i].scores, energy_j, reached, 1);
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
        at_least(min_accuracy_percent, comparison, rows, accuracy_percent, energy_j));
  }
  return comparison;
}

}  // namespace wattfor
