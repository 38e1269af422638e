#include "analysis/score_comparison.h"

#include <algorithm>
#include <iterator>

#include "analysis/correlation.h"
#include "analysis/distribution.h"

namespace wattfor {
namespace {

constexpr std::size_t shown_of_ranking = 10;
constexpr std::array min_accuracies_percent{70.0, 75.0, 80.0, 85.0};
constexpr std::array energy_shares{0.75, 0.5, 0.25};

std::vector<double> picked(std::span<const double> column, std::span<const std::size_t> rows) {
  std::vector<double> numbers;
  numbers.reserve(rows.size());
  for (const std::size_t row : rows) numbers.push_back(column[row]);
  return numbers;
}

// What each score puts first of the rows that stay.
void judge(ScoreThreshold& threshold, const ScoreComparison& comparison,
           std::span<const std::size_t> rows, std::span<const double> energy_j) {
  threshold.models = rows.size();
  for (std::size_t i = 0; i < comparison.rankings.size(); ++i) {
    const auto first = ranking(comparison.rankings[i].scores, energy_j, rows, 1);
    if (!first.empty()) threshold.first[i] = first.front().row;
  }
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
  const auto add = [&](ScoreThreshold threshold, auto is_within) {
    std::vector<std::size_t> within;
    std::ranges::copy_if(rows, std::back_inserter(within), is_within);
    judge(threshold, comparison, within, energy_j);
    comparison.thresholds.push_back(threshold);
  };
  for (const double least : min_accuracies_percent) {
    add({.min_accuracy_percent = least, .max_energy_j = {}, .first = {}},
        [&](std::size_t row) { return accuracy_percent[row] >= least; });
  }
  std::vector<double> energies = picked(energy_j, rows);
  std::ranges::sort(energies);
  for (const double share : energy_shares) {
    if (energies.empty()) break;
    const double greatest = quantile(energies, share);
    add({.min_accuracy_percent = {}, .max_energy_j = greatest, .first = {}},
        [&](std::size_t row) { return energy_j[row] <= greatest; });
  }
  return comparison;
}

}  // namespace wattfor
