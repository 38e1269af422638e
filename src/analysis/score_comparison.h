#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/ranking.h"
#include "analysis/scores.h"

namespace wattfor {

// What the scores of an image's energy make of the same models. The study's weighted Manhattan
// score counts the energy as a share of the greatest one: where one model takes far more than all
// others, energy hardly counts.
inline constexpr std::array compared_scores{Score::manhattan, Score::log_manhattan,
                                            Score::efficiency};
// W of the two that take one: energy and accuracy weigh the same.
inline constexpr double compared_weight = 0.5;

struct ScoreRanking {
  Score score = Score::manhattan;
  std::vector<double> scores;    // a place a row, NaN where it is undefined
  std::vector<RankedRow> first;  // ten at most
};

// Kendall's τ_b between the scores of all models: 1 where both put them in one order. Undefined as
// correlation.h says.
struct ScoreAgreement {
  Score a = Score::manhattan;
  Score b = Score::manhattan;
  std::optional<double> kendall;
};

// The study's remedy: a threshold before the score, the least accuracy or the greatest energy.
struct ScoreThreshold {
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;
  std::size_t models = 0;                                                // within it
  std::array<std::optional<std::size_t>, compared_scores.size()> first;  // row of the first by each
};

struct ScoreComparison {
  std::size_t models = 0;  // that have all scores
  EnergyRange energies;    // what the Manhattan scores count energy by: before any threshold
  std::array<ScoreRanking, compared_scores.size()> rankings;
  std::vector<ScoreAgreement> agreements;  // of each two
  // At 70, 75, 80 and 85 %; at the energies that three, two and one quarter of the models stay
  // below.
  std::vector<ScoreThreshold> thresholds;
};

// Of a setup's columns, one number a row, NaN where it is unknown; no energy at all where none is
// known.
ScoreComparison score_comparison(std::span<const double> accuracy_percent,
                                 std::span<const double> energy_j);

}  // namespace wattfor
