#pragma once

#include <map>
#include <string>
#include <vector>

#include "sensor/nvml_library.h"
#include "units/quantity.h"

namespace wattfor {

// Bits of nvmlDeviceGetCurrentClocksEventReasons in words. An idle GPU's low clock is no throttling
// and adds no word.
std::vector<std::string> throttle_words(unsigned long long reasons);

// For how long the clocks were held down since the driver was loaded, by the same words, and by
// three more for what has no bit: "thermal limit", "board limit", "reliability limit". Two reasons
// may hold at once, so the times do not add up. Only what the driver answers is in it.
std::map<std::string, Seconds> throttle_times(const NvmlFunctions& nvml, nvmlDevice_t gpu);

}  // namespace wattfor
