#pragma once

#include <span>
#include <string>
#include <vector>

#include "response/identify.h"
#include "response/kernel.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// The response to load steps whose times nobody noted.
struct EdgeFit {
  Kernel kernel;  // boxcar or exponential, without a delay
  Seconds width_error{0.0};
  std::vector<StepPoint> points;
  std::string refusal;  // why it can't be told; the rest is empty then
};

// Least squares over the jumps of the readings, whose times, and levels before and after, are
// parameters of their own: one update within a step tells its time and nothing else, so that only a
// response over several updates is identified. The error is half of the range of widths whose
// squares are less than 1 + 4/(n − p) of the least, two standard errors.
EdgeFit fit_edges(std::span<const Update> updates, Seconds period);

}  // namespace wattfor
