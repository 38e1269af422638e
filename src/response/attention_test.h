#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/kernel.h"
#include "response/profile.h"
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
  // Share of the time at which it looks: W/T of the window, or 2τ/T of the time constant, whose
  // means over the phases are nearest to these. Only where the swing is known.
  std::optional<Uncertain<double>> attention;
};

// One recording a launch, at least 4 of them, each launched as much later within the
// period as all of them fill it evenly (8 are usual): its updates that saw nothing but the load,
// which is on for half of each period. `swing` is the load's high less its low power, as the sensor
// shows it. An exponential is told from its shape; every other kind, and one that is not known, is
// taken for a boxcar no longer than the period. Nothing for fewer recordings, or one with fewer
// than 8 updates. Of a counter, give its mean power over whole periods.
std::optional<AttentionResult> attention_test(std::span<const std::vector<Update>> recordings,
                                              std::optional<Watts> swing,
                                              ResponseKind kind = ResponseKind::boxcar);

}  // namespace wattfor
