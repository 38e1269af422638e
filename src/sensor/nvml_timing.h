#pragma once

#include <optional>
#include <string_view>

#include "units/quantity.h"

namespace wattfor {

enum class NvmlQuantity {
  energy,         // the counter
  power_instant,  // field 186
  power_average,  // field 185
  power_usage,    // nvmlDeviceGetPowerUsage, which is one or the other
  power_samples,  // the driver's buffer, of unknown content
};

// How often a value is published and over which time it is averaged; absent where nobody published
// it.
struct NvmlTiming {
  std::optional<Seconds> update_period;
  std::optional<Seconds> averaging_window;
};

// Nominal figures, until the board itself is calibrated: for the power readings those of
// response/default_profiles.h. `architecture` as nvmlDeviceGetArchitecture gives it, absent where
// unknown; `board` as nvmlDeviceGetName.
NvmlTiming nominal_timing(NvmlQuantity quantity, std::optional<unsigned> architecture,
                          std::string_view board);

}  // namespace wattfor
