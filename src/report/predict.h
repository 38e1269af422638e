#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/energy_prediction.h"
#include "measurement/model_table.h"

namespace wattfor {

// Which model's energy to predict on which setup. Either all counts of the model are given, its
// activations where the counter has any, or none and the store has them.
struct PredictQuery {
  std::string model;
  std::optional<std::string> setup;  // its id; the only one there is, where absent
  std::optional<int> input_size;     // the only one that the model was counted at, where absent
  std::optional<std::string> counter;
  std::optional<double> parameters;
  std::optional<double> macs;
  std::optional<double> activations;
};

// Throws Error{usage} where a count is not above zero, or some are given and others not. predict()
// does it, too; this one needs no records.
void require_counts(const PredictQuery& query);

// A measured model beside the predicted one.
struct MeasuredRelative {
  std::string model;
  int input_size = 0;
  Joules energy;  // per image
  Basis basis = Basis::measured;
  double usual_factor = 1.0;  // as in Relative
};

struct PredictView {
  Setup setup;
  std::string counter;
  std::string model;
  int input_size = 0;
  double parameters = 0.0;
  double macs = 0.0;
  std::optional<double> activations;
  bool counts_are_given = false;

  PredictedEnergy energy;  // per image, with its 90 % interval
  const ModelFamily* known_family = nullptr;
  std::string family;
  std::size_t family_rows = 0;
  std::vector<PredictionFeature> extrapolates;
  std::vector<MeasuredRelative> relatives;
  // The model itself, where it was measured on the setup. The prediction is made without it then,
  // and without the other weights of its architecture at its input size.
  std::optional<MeasuredRelative> measured;

  // What it rests on.
  std::size_t rows = 0;
  std::size_t architectures = 0;
  std::size_t modelled_rows = 0;  // whose energy no sensor read
  std::size_t uncounted = 0;      // models of the setup that are left out for want of counts
  std::size_t folds = 0;
  std::optional<CrossValidation> by_architectures;
  std::optional<CrossValidation> by_families;
};

// Throws Error{usage} where the setup or the input size must be chosen or counts are missing (it
// says which), Error{not_found} where the setup, the counter or the model's counts are not there,
// or too few models were measured.
PredictView predict(const ModelTable& table, const PredictQuery& query);

// Stable keys that carry their unit; unknown is null.
nlohmann::json to_json(const PredictView& view);

}  // namespace wattfor
