#pragma once

#include <span>
#include <string>
#include <string_view>

#include "recording/known_truth.h"
#include "response/kernel.h"
#include "response/power_course.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A figure, as an SVG file, of a window as a gauge saw it: the true power (line), the gauge's
// updates (dots) with what each looked back at where that is a stretch of its own, the window
// itself (shaded) with its energies below; of a long one its first seconds. Course and updates are
// on one clock, on which the window begins at `start`.
std::string window_svg(const PowerCourse& course, std::span<const Update> updates,
                       const Kernel& kernel, Seconds start, const CheckedWindow& window,
                       std::string_view title);

}  // namespace wattfor
