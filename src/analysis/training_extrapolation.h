#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/training_epochs.h"
#include "measurement/energy.h"
#include "units/quantity.h"

namespace wattfor {

// What a whole training takes, from its first epochs on a part of the data: energy is linear in the
// epochs and in the share of the data (the training study, sections 5.9 and 5.10),
//
//   E(e, f) = E₀ + e·(s + f·v)
//
// in joules, with e epochs, f the share of the data in (0, 1], E₀ what it takes before the first
// epoch, s what an epoch takes to start whatever the data, v what all the data take once.
//
// Fitted are the energies of the epochs, not their running sum: its errors are those of all epochs
// before, and least squares that take them as independent claim intervals much too narrow. Each
// run's mean after its warm-up is a point of the line in f, weighted by its relative variance. The
// warm-up follows a line in f of its own, by the same weights, and is counted once:
//
//   E = E₀ + warm-up(F) + (N − K)·(s + F·v)
//
// with N and F the target's epochs and share, and K the epochs of the warm-up. s and v are not
// negative; where least squares would have one so, it is zero and the other is fitted alone.
//
// The 95 % prediction interval is that of the energy which one more training would take: what the
// means, the warm-up and E₀ are uncertain by, and what the new epochs vary by themselves. It takes
// epochs to vary in proportion to their energy, alike at all shares unless an F test at 20 % says
// otherwise; sums of successive epochs to vary by `variance_inflation` more (epoch_variation.h);
// and Student's t with the degrees of freedom of Welch and Satterthwaite (variance_sum.h). As s and
// v are not negative, an epoch at share F takes between 1 and F/f times one at f: beyond that, at
// 99.5 % on each side, the interval does not reach. What the sensor's gain is off by is not in it:
// that scales the answer as it scales the epochs.
//
// Of 20,000 simulated trainings (relative spread 0.3 to 10 %, ρ from 0 to 0.3, three to six epochs
// at 1 % and at 10 % of the data) 95 % of the whole runs lay in the interval, of those with ρ above
// 0.15 93 %; of such with ρ = 0.6 throughout it were 81 %.

struct ObservedTraining {
  double data_fraction = 1.0;
  std::optional<Joules> before_first_epoch;  // nothing where it was not measured
  std::vector<Joules> epochs;                // in their order, from the first
};

struct TrainingTarget {
  int epochs = 1;
  double data_fraction = 1.0;
};

struct ExtrapolatedEnergy {
  Joules energy;
  Interval interval;  // 95 %, joules
};

// From one share alone, s and v can't be told apart: the answer for another share lies between that
// of either alone.
struct ShareBracket {
  ExtrapolatedEnergy startup_alone;  // v = 0: an epoch takes the same at every share
  ExtrapolatedEnergy data_alone;     // s = 0: it takes in proportion to the share
};

struct FittedJoules {
  double value = 0.0;
  // Nothing where nothing says how sure it is. Of s and v, it is that of the free fit even where
  // one of them was put to zero.
  std::optional<double> standard_error;
};

// Which part least squares would have below zero.
enum class HeldAtZero { neither, startup, data };

// What an epoch takes after the warm-up.
struct EpochParts {
  FittedJoules startup;  // s
  FittedJoules data;     // v
  HeldAtZero held_at_zero = HeldAtZero::neither;
  // It is below zero by more than chance makes it in 39 of 40 trainings: the model does not hold,
  // or the runs are not of one training. The interval then reaches to the free fit's, too.
  bool contradicts_model = false;
};

struct ObservedFit {
  Joules steady_epoch;              // the fit's, at the run's share
  std::vector<double> residuals_j;  // measured − fitted, of all its epochs; first the warm-up's
  std::optional<EpochTrend> trend;  // throttling, say: it is told of, the prediction is without it
};

struct TrainingExtrapolation {
  // Either of the two: the bracket where all runs have one share and the target another.
  std::optional<ExtrapolatedEnergy> predicted;
  std::optional<ShareBracket> bracket;

  std::optional<FittedJoules> before_first_epoch;  // nothing: not measured, not in the energy
  std::optional<EpochParts> parts;                 // nothing with one share
  std::optional<double> r_squared;  // of the epochs after the warm-up, in joules; nothing with one
                                    // share, where the line is their mean
  std::vector<ObservedFit> runs;    // in the order of what was given

  std::size_t warm_up_epochs = 0;
  // No run has the epochs to tell a warm-up from the rest: the first epochs, which then count as
  // all others do, may hold one, and the interval knows nothing of it.
  bool warm_up_is_hidden = false;
  double relative_spread = 0.0;  // of epochs after the warm-up, at the share nearest to the target
  bool spread_is_assumed = false;        // `assumed_spread`: nothing tells how epochs vary
  bool start_spread_is_assumed = false;  // likewise, as E₀ is known from one run
  // The runs' means lie further from the fit than their epochs' variation explains (an F test at
  // 5 %): energy is not linear in the data, or runs differ from each other. The interval then takes
  // its variance and degrees of freedom from that scatter.
  bool scatters = false;
  double autocorrelation = 0.0;
  // How far outside what was measured the target lies, 1 where it does not: times the epochs of the
  // longest run; times the greatest share, or from the least one down to it.
  double beyond_epochs = 1.0;
  double beyond_data_fraction = 1.0;
};

// Throws Error (invalid_input) for no run or no epoch, an epoch's energy outside 1 nJ … 10²⁰ J (all
// of the world's electricity in a year), an E₀ below zero or above that, a share outside 10⁻⁹ … 1,
// and a target of less than one epoch or more than 10⁹. Shares within 0.1 % count as one.
TrainingExtrapolation extrapolate_training(std::span<const ObservedTraining> runs,
                                           const TrainingTarget& target);

}  // namespace wattfor
