#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A sensor that looks away shows a load that keeps step with its updates as whatever it does when
// looked at: a square wave of the update's period, launched at other moments of it, reads different
// means, though it draws the same. One that looks all the time reads the same mean always.

struct AttentionResult {
  std::vector<Watts> means;  // of each recording
  Watts spread;              // from the lowest to the highest mean
  Watts noise;               // standard error of a mean, from the readings' scatter within it
  bool part_time = false;    // the spread is more than the noise and the drift of a load explain
  // W/T of a boxcar at half duty, from spread/swing = min(1, T/W − 1); where that reaches 1, W is
  // half of T or less and 0.5 the most it can be. Only where the swing is known.
  std::optional<double> attention;
};

// One recording a launch, at least 4 of them, evenly spaced over the period (8 are usual): its
// updates that saw nothing but the load. `swing` is the load's high less its low power, as the
// sensor shows it. Nothing for fewer recordings, or one with fewer than 8 updates. Of a counter,
// give its mean power over stretches.
std::optional<AttentionResult> attention_test(std::span<const std::vector<Update>> recordings,
                                              std::optional<Watts> swing);

}  // namespace wattfor
