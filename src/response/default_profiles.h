#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "response/profile.h"
#include "units/quantity.h"

namespace wattfor {

// NVIDIA's chips, as far as their power sensors differ.
enum class GpuGeneration { kepler, maxwell, pascal, volta, turing, ampere, ada, hopper };

// Which of a board's power readings: nvidia-smi's power.draw, power.draw.average and
// power.draw.instant; NVML's PowerUsage and the fields 185 and 186.
enum class PowerReading { draw, average, instant };

// How the readings of a class of boards respond, until one of them is calibrated. Source: the
// result sheet of github JimZeyuYang/GPU_Power_Benchmark (arXiv 2312.02741), for drivers from 535
// on. Of Blackwell and later nothing is published.
struct DefaultProfile {
  std::string_view name;    // "a100-instant"
  std::string_view boards;  // which they are, for a person
  Seconds update_period{0.0};
  // Of a boxcar. Absent of boards that follow as an RC filter does, with a time constant that
  // nobody published.
  std::optional<Seconds> window = std::nullopt;
};

std::span<const DefaultProfile> default_profiles();

// Null where there is none of that name.
const DefaultProfile* default_profile(std::string_view name);

// The profile of a board of that name ("NVIDIA A100-SXM4-80GB"); null where none is known.
const DefaultProfile* default_profile(GpuGeneration generation, std::string_view board,
                                      PowerReading reading);

// The generation that a board's name tells, where it does.
std::optional<GpuGeneration> generation_of(std::string_view board);

// As a profile in full, of that field.
SensorProfile to_profile(const DefaultProfile& profile, const std::string& field);

}  // namespace wattfor
