#pragma once

#include <optional>
#include <span>

#include "units/quantity.h"

namespace wattfor {

// A value that a counter published, unwrapped.
struct Count {
  Seconds time{0.0};
  Joules energy;
};

// E = C(first edge at or after t1) − C(last edge at or before t0) − P⁻·(t0 − e0) − P⁺·(e1 − t1),
// where an edge is a moment at which the counter was published, `delay` after what it counts up to.
// P⁻ and P⁺ are the powers before and after the window. Nothing where it has no edge on either
// side.
std::optional<Joules> counter_energy(std::span<const Count> counts, Seconds delay, Seconds from,
                                     Seconds to, Watts before, Watts after);

}  // namespace wattfor
