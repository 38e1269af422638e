#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "measurement/measurement.h"

namespace wattfor {

// "a", "a and b", "a, b and c"
std::string listed_words(const std::vector<std::string>& words);

// "2 × NVIDIA H100 PCIe", each kind once; the sign between stands for "times".
std::vector<std::string> counted_devices(const Machine& machine, std::string_view times);

// "2 × NVIDIA H100 PCIe, driver 535.104.05, AMD EPYC 9575F (128 threads)"; empty where nothing is
// known of the machine.
std::string hardware_words(const Machine& machine);

}  // namespace wattfor
