#include "response/counter_energy.h"

#include <algorithm>

namespace wattfor {

std::optional<Joules> counter_energy(std::span<const Count> counts, Seconds delay, Seconds from,
                                     Seconds to, Watts before, Watts after) {
  const auto next = std::ranges::upper_bound(counts, from + delay, {}, &Count::time);
  const auto closing = std::ranges::lower_bound(counts, to + delay, {}, &Count::time);
  if (next == counts.begin() || closing == counts.end()) return std::nullopt;
  const Count& opening = *(next - 1);
  return closing->energy - opening.energy - before * (from + delay - opening.time) -
         after * (closing->time - delay - to);
}

}  // namespace wattfor
