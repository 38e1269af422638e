#pragma once

#include <optional>
#include <span>

#include "response/profile.h"
#include "units/quantity.h"

namespace wattfor {

// One level of a load as two sensors showed it, each its mean over the same stretch.
struct LoadLevel {
  Watts reference;
  Watts sensor;
};

// sensor = gain × reference + offset.
struct GainFit {
  Uncertain<double> gain;
  Uncertain<Watts> offset;
  double explained = 0.0;  // share of the sensor's variance over the levels
};

// The straight line through the levels (github JimZeyuYang/GPU_Power_Benchmark holds boards against
// a meter so). The errors are those of the levels' scatter around it. Nothing for fewer than 4
// levels, or a reference that stays where it is.
std::optional<GainFit> fit_gain(std::span<const LoadLevel> levels);

}  // namespace wattfor
