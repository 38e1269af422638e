#pragma once

#include <cstddef>
#include <span>

#include "response/kernel.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// The power beside a window, from updates that saw nothing of it.
struct Level {
  Watts power;
  Watts deviation;          // standard deviation of those updates
  std::size_t updates = 0;  // 0: there were none, and `power` is that of the nearest one
  Watts nearest;            // the one of them that is next to the window
};

// The energy of a window as a gauge's updates tell it, with what goes into its uncertainty.
struct PaddedEnergy {
  Joules energy;  // Σ T·y less what flowed before and after; to be held against gain and offset
  // What the updates' kernels have inside the window, in seconds of it: the window's own length for
  // a gauge that looks all the time; more or less, by chance, for one that looks away.
  Seconds seen{0.0};
  Seconds unseen{0.0};         // in gaps between the updates
  Seconds weight_before{0.0};  // with which the level before the window is in the energy …
  Seconds weight_after{0.0};   // … and the level after it
  Level before;
  Level after;
  double squared_steps = 0.0;  // Σ (y_k − y_{k−1})² of the updates in it, in W²
  std::size_t updates = 0;     // that see some of the window
};

// How much time beside a window tells the power there.
struct Padding {
  Padding(Seconds each) : before(each), after(each) {}
  Padding(Seconds before_it, Seconds after_it) : before(before_it), after(after_it) {}

  Seconds before{0.0};
  Seconds after{0.0};
};

// E = T·Σ y_k − P⁻·Σ c⁻_k − P⁺·Σ c⁺_k over the updates whose kernel h reaches into [from, to], with
// c_k = T·(share of kernel k that lies before `from`, after `to`): exact for a gauge that looks all
// the time, as ∫ h = 1. The levels P⁻ and P⁺ come from the updates of the latest `padding` before
// the window and of the first after it.
//
// An exponential kernel never ends, but all that it keeps of the past is in any one update: what
// the updates owe to the time before the window is told by the last one before it, and what comes
// after the first one beyond the window is as that one falls to the level. Other work more than an
// update beside the window is in neither.
PaddedEnergy padded_energy(const UpdateSeries& series, const Kernel& kernel, Seconds from,
                           Seconds to, const Padding& padding);

// The level that these updates tell; `otherwise` is the power where there are none, and the
// nearest.
Level level_of(std::span<const Update> updates, Watts otherwise);

// The same window where the power on both sides of it is known better.
PaddedEnergy with_level(PaddedEnergy padded, const Level& level);

// The integral that is usual: by trapezoids over what a program read between `from` and `to`,
// interpolated at the edges. For comparison only.
Joules naive_energy(std::span<const Update> polls, Seconds from, Seconds to);

}  // namespace wattfor
