#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/energy_ratio.h"
#include "analysis/model_family.h"
#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "report/model_figures.h"

namespace wattfor {

inline constexpr std::size_t fewest_compared = 2;
inline constexpr std::size_t most_compared = 8;

struct CompareQuery {
  std::vector<std::string> models;     // MODEL or MODEL@INPUT_SIZE
  std::vector<std::string> setups;     // all that have an energy of each of the models, where empty
  std::vector<std::string> test_sets;  // all, where empty; the front is by their mean, or the usual
};

struct CountedBy {
  std::string counter;
  std::optional<double> parameters;
  std::optional<double> macs;
  std::optional<double> activations;
};

// What holds of a model on every setup.
struct ComparedModel {
  std::string model;
  int input_size = 0;
  const ModelFamily* family = nullptr;                  // null where it is not known
  std::vector<std::optional<double>> accuracy_percent;  // one a test set of the view
  std::vector<CountedBy> counts;                        // of the counters that know something
};

// The same on one setup, where the models are compared with its first.
struct ComparedFigures : ModelFigures {
  std::string reason;                // why there is no energy, where it is NaN
  std::optional<EnergyRatio> ratio;  // to the first; absent where one has no energy
  // Of the models that beat it in accuracy and energy, the one with the least energy; absent on the
  // front, and where no front is known.
  std::optional<ModelKey> dominated_by;
};

struct CompareBlock {
  Setup setup;
  std::vector<std::string> test_sets;  // that the front is of; empty where it is not known
  std::vector<ComparedFigures> models;
};

struct CompareView {
  std::vector<std::string> test_sets;  // whose accuracies are shown
  std::vector<ComparedModel> models;
  std::vector<CompareBlock> setups;
};

// Throws Error{usage} for too few or too many models, one that is named twice or has several input
// sizes (they are listed), Error{not_found} for a name that is none.
CompareView compare(const ModelTable& table, const CompareQuery& query);

nlohmann::json to_json(const CompareView& view);
// A column a model; as many columns beside each other as fit.
std::string compare_text(const CompareView& view, int width);

}  // namespace wattfor
