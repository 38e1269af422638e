#pragma once

#include <cstddef>
#include <optional>

#include "analysis/training_extrapolation.h"
#include "measurement/energy.h"
#include "measurement/measurement.h"

namespace wattfor {

// A tracked run as an extrapolation takes it. What lies between an epoch and the next (validation,
// saving) belongs to the epoch: a whole training has it, too. After the last one it is the mean of
// what lay between the others, as what follows it ends the run.
struct ObservedRun {
  ObservedTraining training;
  bool data_fraction_is_told = false;  // else it is taken for all the data
  std::size_t left_out = 0;            // epochs that never ended, or that no sensor saw
  Basis basis = Basis::measured;       // the weakest of the epochs'
  // By what all energies of the run are off together at most, as the sensors' gains are: shares of
  // them, downwards and upwards, 95 %.
  Interval common = {};
};

// Throws Error{invalid_input} where the run has no epoch that has ended and has an energy.
ObservedRun observed_run(const Measurement& run);

// An extrapolated energy with both its intervals: `comparison` the prediction's own, `absolute`
// with what is common to the energies that it rests on.
EnergyFigure with_common_error(const ExtrapolatedEnergy& energy, const Interval& common);

}  // namespace wattfor
