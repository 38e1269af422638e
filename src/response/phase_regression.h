#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/kernel.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A stretch in which work was in one of its phases; `phase` counts from 0.
struct PhaseStretch {
  Seconds from{0.0};
  Seconds to{0.0};
  std::size_t phase = 0;
};

// Batches of equal work, one after another between `edges`, each divided into so many equal phases.
// What the work does within a phase is not known, but is the same in every batch, so that their
// mean is still told.
std::vector<PhaseStretch> batch_phases(std::span<const Seconds> edges, std::size_t phases);

// How many the kernel can tell apart: the batch's length over the window's, of 5 ms at least; 1 to
// 8.
std::size_t phases_of_a_batch(Seconds batch, const Kernel& kernel);

// For how long the updates' kernels look at each phase of a run, as each update stands for a
// period: its length for a gauge that looks all the time, more or less by chance for one that looks
// away.
std::vector<Seconds> seen_phases(const UpdateSeries& series, const Kernel& kernel,
                                 std::span<const PhaseStretch> run, std::size_t phases);

// For how long it was in each of them.
std::vector<Seconds> phase_durations(std::span<const PhaseStretch> run, std::size_t phases);

// Least squares of y_k = Σ_j P_j·(share of kernel k in phase j) over the updates of one or several
// runs that lie wholly inside the stretches. Refused where the shares hardly differ from update to
// update, as where the work keeps step with them: then any split of the power fits, and a figure
// would be made up.
class PhaseRegression {
 public:
  explicit PhaseRegression(std::size_t phases);

  // A run's updates and its stretches, in order of time, without gaps or overlap.
  void add(const UpdateSeries& series, const Kernel& kernel, std::span<const PhaseStretch> run);

  // The mean power of each phase; nothing where there are too few updates, or they see the phases
  // in almost the same shares.
  std::optional<std::vector<Watts>> powers() const;

 private:
  std::size_t phases_;
  std::vector<double> shares_;  // row by row, `phases_` each
  std::vector<double> readings_;
};

}  // namespace wattfor
