#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/observed_training.h"
#include "analysis/training_extrapolation.h"
#include "measurement/energy.h"
#include "measurement/measurement.h"

namespace wattfor {

// The training whose energy is asked for.
struct ExtrapolationQuery {
  std::optional<int> epochs = std::nullopt;  // else those that the runs' programs told as planned
  std::optional<double> data_fraction = std::nullopt;  // else all the data
};

// What a whole training takes, from the epochs of tracked runs of it.
struct ExtrapolationView {
  std::vector<const Measurement*> runs;
  std::vector<ObservedRun> observed;  // beside them
  TrainingTarget target;
  TrainingExtrapolation answer;
  std::optional<EnergyFigure> energy;  // or, from one share of the data alone, between these two
  std::optional<EnergyFigure> startup_alone;
  std::optional<EnergyFigure> data_alone;
  Basis basis = Basis::measured;   // the weakest of the epochs'
  std::vector<std::string> notes;  // what a reader has to know of it, a line each
};

// The records must outlive the view. Throws Error{usage} where no number of epochs is asked for and
// none, or several, were told; as extrapolate_training() and observed_run() do.
ExtrapolationView extrapolate(std::span<const Measurement* const> runs,
                              const ExtrapolationQuery& query);

std::string extrapolation_text(const ExtrapolationView& view, int width);
nlohmann::json to_json(const ExtrapolationView& view);

}  // namespace wattfor
