#pragma once

#include <span>
#include <vector>

#include "response/phase_regression.h"

namespace wattfor::test {

// Of stretches whose phases have these powers.
inline Joules phase_energy(const std::vector<Watts>& powers,
                           std::span<const PhaseStretch> stretches) {
  const auto durations = phase_durations(stretches, powers.size());
  Joules energy{0.0};
  for (std::size_t i = 0; i < powers.size(); ++i) energy += powers[i] * durations[i];
  return energy;
}

}  // namespace wattfor::test
