#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/error_budget.h"
#include "response/padded_energy.h"
#include "response/profile.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// The powers between which a device may be while nobody looks: the lowest and highest ever seen, or
// its limit; and what it may draw at most where nothing was read.
struct PowerBounds {
  Watts lowest;
  Watts highest;
  Watts most;
};

// What a gauge's updates say of windows of time: padded energies with their error budgets. Of a
// gauge whose averaging window is unknown the figure holds for every window that boards have, from
// a moment to a second.
class GaugeEstimator {
 public:
  // The updates come `update_period` apart. Where they are polls, no faster than the sensor
  // publishes, each was published at any moment of `age` before its time; 0 where the times are the
  // publications' own. No more than `padding` beside a window tells the power there.
  GaugeEstimator(const SensorProfile& profile, Seconds update_period, Seconds age,
                 const Padding& padding);

  // How much of time on both sides of a window updates may see of it: what lies beyond is level.
  Seconds reach() const;
  // How many launches together see what one can't (launch_phases.h): one of a gauge that looks all
  // the time, and of one whose averaging window nobody knows, as each of them would be wrong alike.
  int launches_a_replicate() const;

  // `idle` is for how long nothing else goes on beside the window that would show in the power
  // there. `phase_error` is the standard error of the updates' beat. A window that falls
  // between two updates is taken at the power of the two, as anything within the bounds.
  // Nothing where less than half of a window was seen.
  std::optional<EstimatedEnergy> energy(const UpdateSeries& series, Seconds from, Seconds to,
                                        const Padding& idle, const PowerBounds& bounds,
                                        Seconds phase_error) const;

  // What a gauge that looks part of the time says of runs of the same batches, each between two
  // neighbours of a run's edges, all runs together: the powers of a batch's phases
  // (phase_regression.h), and by them the energy of each run. How far the updates scatter about
  // them is in `unattended`, as launches at other moments tell it. Empty where the updates don't
  // tell the phases apart, where the averaging window is unknown, and of a gauge that looks all the
  // time: it tells every window on its own.
  std::vector<EstimatedEnergy> of_batches(const UpdateSeries& series,
                                          std::span<const std::vector<Seconds>> runs) const;

 private:
  std::optional<EstimatedEnergy> by_any(const UpdateSeries& series, Seconds from, Seconds to,
                                        const Padding& idle, const WindowFacts& facts) const;

  Seconds update_period_;
  Seconds age_;
  Padding padding_;
  std::vector<SensorProfile> possible_;  // the likeliest first
};

}  // namespace wattfor
