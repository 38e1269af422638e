#pragma once

#include <cstddef>
#include <optional>

#include "analysis/training_extrapolation.h"
#include "measurement/energy.h"
#include "measurement/measurement.h"

namespace wattfor {

// By what energies are off at most, as shares of them, downwards and upwards, 95 %.
struct RelativeError {
  double below = 0.0;
  double above = 0.0;

  bool operator==(const RelativeError&) const = default;
};

// A tracked run as an extrapolation takes it. What lies between an epoch and the next (validation,
// saving) belongs to the epoch: a whole training has it, too. Where each epoch has something after
// it, it is that; where some have not (a validation each fifth epoch), each has the mean share of
// it. What follows the last one ends the run: it counts as the mean of the others.
struct ObservedRun {
  ObservedTraining training;
  bool data_fraction_is_told = false;      // else it is taken for all the data
  bool startup_is_in_first_epoch = false;  // the first one began with the run
  // There is but one epoch, and what followed it is not known as something of each epoch.
  bool what_follows_is_unknown = false;
  std::size_t left_out = 0;       // epochs that never ended, or whose energy is not known
  Basis basis = Basis::measured;  // the weakest of the epochs'
  // What the sensors' figures of the run are off by, which its epochs don't tell as all are alike
  // in it: gains, and what a part-time gauge does not see of a load that keeps step with it. That
  // of the whole run; nothing where it is not known.
  std::optional<RelativeError> absolute;
  std::optional<RelativeError> comparison;
};

// Throws Error{invalid_input} where the run has no epoch that has ended and has an energy.
ObservedRun observed_run(const Measurement& run);

// An extrapolated energy with both its intervals, in which that of the prediction and that of the
// sensors are independent; one whose error is not known is absent.
EnergyFigure with_sensor_error(const ExtrapolatedEnergy& energy,
                               const std::optional<RelativeError>& absolute,
                               const std::optional<RelativeError>& comparison);

}  // namespace wattfor
