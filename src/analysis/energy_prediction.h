#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/prediction_input.h"
#include "units/quantity.h"

namespace wattfor {

// The energy per image of a model that was never measured, from those that were on the same setup:
// a Gaussian process over the logarithm of the energy (log_energy_covariance()), whose intervals
// are widened or narrowed until they hold 90 % of what was measured, each architecture predicted
// from the others. docs/prediction.md tells how well it does, and what it is not for.

struct MeasuredModel {
  PredictionInput input;
  Joules energy;  // per image
};

// The median of what the energy may be, and the 90 % interval of one measurement of it.
struct PredictedEnergy {
  Joules energy;
  Joules low;
  Joules high;
};

// A measured model that the prediction leans on: of its architecture, the nearest one.
struct Relative {
  std::size_t row = 0;  // among those that were given
  // Before either is measured, two thirds of such pairs differ by less than this factor.
  double usual_factor = 1.0;
};

struct EnergyPrediction {
  PredictedEnergy energy;
  std::string family;               // by its name, or the letters that the model's begins with
  std::size_t family_rows = 0;      // how many of it were measured
  std::vector<Relative> relatives;  // the nearest ones, five at most
  // What lies outside the range of the measured models: the intervals were not tried there.
  std::vector<PredictionFeature> extrapolates;
};

// What is held out together: an architecture with all of its weights and input sizes, or all
// architectures of a family, as if nothing of its kind had been measured.
enum class HeldOut { architectures, families };

struct CrossValidationPlan {
  HeldOut held_out = HeldOut::architectures;
  std::size_t folds = 10;
  std::uint64_t seed = 0;  // of which fold an architecture or a family falls in
};

struct CrossValidation {
  double median_relative_error = 0.0;        // of |predicted − measured| / measured
  double coverage = 0.0;                     // the share of rows whose interval holds them
  double median_interval_factor = 1.0;       // half the rows' intervals reach no further than this
  std::vector<PredictedEnergy> predictions;  // each row as told by the other folds
};

class EnergyPredictor {
 public:
  static constexpr std::size_t fewest_architectures = 10;

  // Undefined where a row has no traits (traits_of()) or an energy that is not above zero, where
  // some rows know their activations and others don't, and with fewer than ten architectures:
  // nothing could tell then how wide a 90 % interval is. Takes about a second for 1,400 rows, and
  // grows with their cube.
  static std::optional<EnergyPredictor> fit(std::span<const MeasuredModel> measured);

  EnergyPredictor(EnergyPredictor&&) noexcept;
  EnergyPredictor& operator=(EnergyPredictor&&) noexcept;
  ~EnergyPredictor();

  std::size_t rows() const;
  std::size_t architectures() const;
  bool uses_activations() const;

  // Undefined where the model has no traits, and where it lacks the activations that the measured
  // ones have; those that they lack are not looked at.
  std::optional<EnergyPrediction> predict(const PredictionInput& input) const;

  // Of the same rows. What is held out is unknown to the intervals' width, too. The folds depend on
  // the plan alone, on every platform; there are as many as there is to hold out, at most.
  // Undefined with less than two.
  std::optional<CrossValidation> cross_validate(const CrossValidationPlan& plan = {}) const;

 private:
  struct Fit;
  explicit EnergyPredictor(std::unique_ptr<const Fit> fit);

  std::unique_ptr<const Fit> fit_;
};

}  // namespace wattfor
