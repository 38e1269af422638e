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

  // Between two launches, so that no update sees some of both, and every other time one sees
  // neither.
  Seconds rest() const;

  // What a gauge that looks part of the time says of launches of the same batches, one after
  // another at stratified moments of its updates (launch_phases.h), at least rest() apart, each
  // batch between two neighbours of a run's edges. The level beside them is that of all the time
  // between them. A run is not held against its own length, which would favour what it happened to
  // see, but has what its updates lack of each phase of a batch at the mean power of that phase in
  // all runs (phase_regression.h), or, where those can't be told apart, of the runs' time at their
  // mean. Over launches at all moments both come to nothing, so the mean energy is right whatever
  // the load; the phases make it sure of it sooner. What may have flowed unseen stays in each
  // figure's `unattended`.
  //
  // Empty where no update tells the level, less than half of a run was seen, the averaging window
  // is unknown, or the gauge looks all the time: it tells every window on its own.
  std::vector<EstimatedEnergy> of_launches(const UpdateSeries& series,
                                           std::span<const std::vector<Seconds>> runs,
                                           const PowerBounds& bounds, Seconds phase_error) const;

 private:
  // Of one whose averaging window nobody knows this can't be told, and it counts as one that does
  // not.
  bool looks_part_time() const;
  WindowFacts facts_of(const UpdateSeries& series, Seconds from, Seconds to,
                       const PowerBounds& bounds, Seconds phase_error) const;
  std::optional<EstimatedEnergy> by_any(const UpdateSeries& series, Seconds from, Seconds to,
                                        const Padding& idle, const WindowFacts& facts) const;

  Seconds update_period_;
  Seconds age_;
  Padding padding_;
  std::vector<SensorProfile> possible_;  // the likeliest first
};

}  // namespace wattfor
