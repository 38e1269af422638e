#pragma once

#include <string>

#include "measurement/measurement.h"

namespace wattfor {

// What `wattfor run` says when the command has ended: duration, energy per component with basis and
// 95 % interval, gross and net, average and peak power, the windows that the command marked, what
// it told of its training, what was assumed, gaps and warnings. The JSON form is the record itself
// (measurement/json.h).
std::string run_summary(const Measurement& run, int width);

}  // namespace wattfor
