#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "units/quantity.h"

namespace wattfor {

// The tables that amdgpu shows in a GPU's file gpu_metrics: a header (size, format, content) and a
// structure that differs with each of them (kernel drivers/gpu/drm/amd/include/kgd_pp_interface.h,
// struct gpu_metrics_vF_C). Format 1 is of boards, 2 and 3 are of processors with graphics.

// 2⁻¹⁶ J, as the kernel says of format 1.4 and later ("15.259 µJ"); AMD's library takes every
// accumulator so (ROCm/rocm_smi_lib, kEnergyCounterResolution).
inline constexpr double joules_per_accumulator_count = 1.0 / 65536.0;

struct EnergyAccumulator {
  std::uint64_t count = 0;
  std::optional<Joules> range;  // after which it starts again at zero; nothing for 64 bits
  // Whether the kernel states the unit. In older tables it is that of accelerators by what AMD's
  // library does; of what else fills them (Radeon boards) nobody says.
  bool unit_is_documented = false;
};

// The accumulator in a table, or why there is none: a table that is cut off, of another size than
// its kind, of a kind that is not known or has none, or whose firmware did not fill it in.
std::variant<EnergyAccumulator, std::string> energy_accumulator(std::string_view table);

// Whether the table is that of a processor with graphics.
bool is_processor_table(std::string_view table);

}  // namespace wattfor
