#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/measurement.h"
#include "measurement/published.h"
#include "store/store.h"

namespace wattfor {

enum class Score { efficiency, manhattan, log_manhattan };

std::string_view name_of(Score score);
// Nothing for any other name.
std::optional<Score> score_from_name(std::string_view name);

// What to rank and how. An absent setup is the only one there is; no test set stands for
// `imagenet-original`, or the only one that the setup's models have.
struct RankQuery {
  std::optional<std::string> setup;  // its id
  Score score = Score::manhattan;
  double weight = 0.5;  // on energy, 0 … 1; of the Manhattan scores
  std::optional<double> min_accuracy_percent;
  std::optional<double> max_energy_j;  // per image
  std::vector<std::string> test_sets;  // the accuracy is the mean over them
  std::optional<int> top;
};

// Throws Error{usage} where a weight, a threshold or `top` lies outside its limits. rank() does it,
// too; this one needs no records.
void require_limits(const RankQuery& query);

// One model at its best batch size: the one with the least energy per image. What a publication
// does not tell is absent.
struct RankRow {
  int rank = 0;  // from 1; equal scores share a rank
  std::string model;
  int input_size = 0;
  double accuracy_percent = 0.0;
  EnergyFigure energy;  // per image
  Basis basis = Basis::missing;
  std::optional<int> batch_size;
  std::optional<double> throughput_per_s;
  std::optional<double> latency_ms;
  double score = 0.0;
  bool on_pareto_front = false;
  bool is_imported = false;  // measured elsewhere
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
};

// Joins the finished cells of one setup, or what others published of it where none was measured,
// with the models' accuracies. Simulated records are left
// out; of several records of one cell the last in `measurements` counts, of a model whose file
// changed the last file, and of one that was measured here nothing that was `imported`. The front
// and N are taken over the whole setup before any threshold. Throws Error{usage} where the setup or
// the test set must be chosen (it lists them), Error{not_found} where there is no such thing.
RankView rank(std::span<const Measurement> measurements, std::span<const Accuracy> accuracies,
              const RankQuery& query, const RecordIds& imported = {},
              std::span<const PublishedFigure> published = {});

// {"setup":…, "score":…, "rows":[…], …}: stable keys that carry their unit; unknown is null.
nlohmann::json to_json(const RankView& view);

}  // namespace wattfor
