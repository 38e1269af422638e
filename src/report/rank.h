#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/scores.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "measurement/training_run.h"
#include "report/judged_setup.h"
#include "report/model_figures.h"

namespace wattfor {

// What to rank and how.
struct RankQuery {
  SetupChoice where;
  Score score = Score::manhattan;
  double weight = 0.5;  // on energy, 0 … 1; of the Manhattan scores
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;  // per image
  std::optional<int> top;
};

// Throws Error{usage} where a weight, a threshold or `top` lies outside its limits. rank() does it,
// too; this one needs no records.
void require_limits(const RankQuery& query);

struct RankRow : ModelFigures {
  int rank = 0;  // from 1; equal scores share a rank
  double score = 0.0;
  std::optional<Joules> training = std::nullopt;  // what SAM is of
};

// A model that could not be ranked, and why.
struct UnrankedModel {
  std::string model;
  int input_size = 0;
  std::string reason;
};

struct RankView {
  Setup setup;
  Score score = Score::manhattan;
  double weight = 0.5;
  std::vector<std::string> test_sets;
  Joules greatest_energy;  // N: over all models of the setup, before any threshold
  Joules least_energy;     // the same
  std::vector<RankRow> rows;
  int filtered_out = 0;  // ranked models that a threshold removed
  int beyond_top = 0;    // rows that `top` cut off
  std::vector<UnrankedModel> without_accuracy;
  std::vector<UnrankedModel> without_energy;
  // By SAM only: models that have it not, and what its figures suffer from.
  std::vector<UnrankedModel> without_training;
  std::vector<std::string> warnings;
};

// The models of one setup, own ones and imported ones where the table has both. The front, N and
// E_min are taken over the whole setup before any threshold. Throws as judged_setup() does.
// SAM takes the electricity of the `trained` models, by their names; of several runs of one model
// the one that took the most, which is the most of its epochs and data. Throws Error{not_found}
// where it is known of none.
RankView rank(const ModelTable& table, const RankQuery& query,
              std::span<const TrainingRun> trained = {});

// {"setup":…, "score":…, "rows":[…], …}: stable keys that carry their unit; unknown is null.
nlohmann::json to_json(const RankView& view);

}  // namespace wattfor
