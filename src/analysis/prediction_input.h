#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/model_family.h"

namespace wattfor {

// What is known of a model before it runs. The numbers are one counter's, and the same counter's
// for all models of one prediction: counters disagree.
struct PredictionInput {
  std::string_view
      model;           // as timm names them; what stands before the first dot is its architecture
  int input_size = 0;  // pixels of a side
  double parameters = 0.0;
  double macs = 0.0;                  // multiply-accumulates of one image
  std::optional<double> activations;  // numbers that its layers put out for one image
};

// The numbers that a prediction rests on, each by its logarithm: the work, what of it goes through
// memory, and at which resolution.
enum class PredictionFeature { macs, activations_per_mac, parameters_per_mac, input_size };
template <>
inline constexpr std::array enumerators<PredictionFeature>{
    PredictionFeature::macs, PredictionFeature::activations_per_mac,
    PredictionFeature::parameters_per_mac, PredictionFeature::input_size};

std::string_view name_of(PredictionFeature feature);

// By what two models' energies are alike.
struct ModelTraits {
  // By PredictionFeature: natural logarithms, about zero for a usual model. A model whose
  // activations are unknown has zero for these.
  std::array<double, enumerators<PredictionFeature>.size()> features = {};
  std::string architecture;
  const ModelFamily* known_family = nullptr;
  std::string family;              // its name, or the letters that the model's name begins with
  std::vector<std::string> words;  // the runs of letters in the architecture's name, each once
};

// Undefined where the input size or one of the numbers is not above zero or not finite, or where
// the model has no name.
std::optional<ModelTraits> traits_of(const PredictionInput& input);

// The prior covariance of the natural logarithms of two models' energies per image on one setup,
// whatever its level: before any is measured, energies follow the features as a plane does, with a
// bend by the activations per MAC; each family deviates from it by a level and a smooth course of
// its own, each word in a name and each architecture by a level. The variances and lengths were
// found as those that make the energies of 1,405 published models most likely (A100, TensorRT;
// docs/prediction.md) and hold on the other setups: twice or half of any changes errors by a tenth
// of their size at most.
double log_energy_covariance(const ModelTraits& a, const ModelTraits& b);

// What two measurements of equal models differ by, as a variance of the same logarithm.
inline constexpr double log_energy_noise = 0.0007;

}  // namespace wattfor
