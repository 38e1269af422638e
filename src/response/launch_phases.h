#pragma once

#include <vector>

#include "response/kernel.h"
#include "units/quantity.h"

namespace wattfor {

// When to launch work on a gauge that looks part of the time, so that its launches together see
// what one can't: a randomly shifted lattice. A replicate is S launches, s/S of a period after a
// published update, all shifted by a random share of the period: unbiased whatever the load, and
// its error shows in the spread of independent replicates.

// Fewer leave too much of a part-time gauge's updates unseen.
inline constexpr int fewest_launches = 4;

// S = max(4, ⌈2T/W⌉): neighbours' windows overlap by half. 4 for a gauge that looks all the time,
// and at most 32, as many as one that looks at single moments gets.
int launches_a_replicate(const Kernel& kernel, Seconds update_period);

// The launches' places after an update, in order, each in [0, T). `shift` in [0, 1) is the
// replicate's own, at random.
std::vector<Seconds> launch_phases(int launches, Seconds update_period, double shift);

}  // namespace wattfor
