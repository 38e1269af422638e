#pragma once

#include <optional>

#include "measurement/energy.h"
#include "response/padded_energy.h"
#include "response/profile.h"
#include "units/quantity.h"

namespace wattfor {

// What a window's energy rests on besides its updates and the sensor's profile.
struct WindowFacts {
  Seconds duration{0.0};
  Seconds update_period{0.0};  // of the updates as they were used
  // Standard deviation of the moment at which each update is taken to be published, of each on its
  // own; and of what is common to all of them.
  Seconds time_error{0.0005};
  Seconds phase_error{0.0};
  // How long the power takes to fall when the work has ended, about: what flows then counts as the
  // window's. GPUs take up to some 5 ms.
  Seconds fall{0.0015};
  // The powers between which the device may have been while a part-time gauge looked away: the
  // lowest and highest ever seen, or its limit.
  Watts lowest{0.0};
  Watts highest{0.0};
  // What may flow at most where nothing was seen.
  Watts most{0.0};
};

// What can be wrong with an energy, in J of the figure itself. Half-widths of 95 %, independent of
// each other, but for the last five, which are bounds.
struct ErrorBudget {
  Joules gain;    // of the board, in `absolute` alone: common to all its figures
  Joules offset;  // the same
  Joules noise;   // of the updates
  Joules levels;  // the powers beside the window
  Joules timing;  // when the updates were published, and what they looked back at
  Joules gaps;
  // While a part-time gauge looked away. A load that keeps step with the updates shows nothing of
  // it in their spread.
  Joules unattended_low;
  Joules unattended_high;
  // Over which time the gauge averages, where nobody knows that: bounds that no further launch
  // tells.
  Joules unknown_low;
  Joules unknown_high;
};

// The energy with both intervals: what is independent in quadrature, the bounds on top.
EnergyFigure figure_of(Joules energy, const ErrorBudget& budget);

struct EstimatedEnergy {
  EnergyFigure figure;
  ErrorBudget budget;
};

// What flowed where a board's gauge read `read` over so long, (E − o·L) / g, with what is uncertain
// of its gain and offset; the figure has no intervals yet.
EstimatedEnergy of_board(Joules read, Seconds duration, const SensorProfile& profile);

// (E·L/seen − o·L) / g with both intervals: the padded energy E, held against the window's length
// L, as the updates' kernels have more or less than L in the window by chance. That is no worse for
// any sensor, and better for one that looks part of the time (single shots of 0.5 s of a 25/100 ms
// gauge: 13.9 % instead of 15.1 %, of 1 s 3.3 instead of 4.6). Nothing where less than half of the
// window was seen.
//
// `comparison` leaves out gain and offset. The priors of both go together: the boards' gains were
// found with their offsets fitted apart. A gain that was calibrated without an offset has the
// offset in it.
std::optional<EstimatedEnergy> figure_of(const PaddedEnergy& padded, const SensorProfile& profile,
                                         const WindowFacts& window);

}  // namespace wattfor
