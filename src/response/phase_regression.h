#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "response/kernel.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A stretch in which the work was in one of its phases, as markers in the program tell: `phase`
// counts from 0.
struct PhaseStretch {
  Seconds from{0.0};
  Seconds to{0.0};
  std::size_t phase = 0;
};

// Batches of equal work, one after another between `edges`, each divided into so many equal phases.
// What the work does within a phase is not known, but is the same in every batch, so that their
// mean is still told.
std::vector<PhaseStretch> batch_phases(std::span<const Seconds> edges, std::size_t phases);

// How many the kernel can tell apart: the batch's length over the window's, 1 to 8.
std::size_t phases_of_a_batch(Seconds batch, const Kernel& kernel);

// The mean length of the batches between `edges`; 0 of none.
Seconds usual_batch(std::span<const Seconds> edges);

// The mean power of each phase, and the energy of all stretches.
struct PhasePowers {
  std::vector<Watts> powers = {};
  std::vector<Watts> standard_errors = {};
  Joules energy;
  Joules standard_error;
  double condition = 1.0;  // of the least squares, κ₂
};

// What can't be told apart, and what would help.
struct IllConditioned {
  std::string reason;
};

// Least squares of y_k = Σ_j P_j·(share of kernel k in phase j) over the updates of one or several
// runs that lie wholly inside the stretches. Refused where the shares hardly differ from update to
// update, as where the work keeps step with them: then any split of the power fits, and a figure
// would be made up. The errors assume that power is constant within a phase.
class PhaseRegression {
 public:
  explicit PhaseRegression(std::size_t phases);

  // A run's updates and its stretches, in order of time, without gaps or overlap; of the updates
  // those that look back to a moment before `until`.
  void add(const UpdateSeries& series, const Kernel& kernel, std::span<const PhaseStretch> run,
           Seconds until);
  void add(const UpdateSeries& series, const Kernel& kernel, std::span<const PhaseStretch> run) {
    if (!run.empty()) add(series, kernel, run, run.back().to);
  }

  // The energy is of one run of `stretches`.
  std::variant<PhasePowers, IllConditioned> solve(std::span<const PhaseStretch> stretches) const;

 private:
  std::size_t phases_;
  std::vector<double> shares_;  // row by row, `phases_` each
  std::vector<double> powers_;
};

}  // namespace wattfor
