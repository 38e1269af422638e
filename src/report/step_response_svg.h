#pragma once

#include <span>
#include <string>
#include <string_view>

#include "response/identify.h"
#include "response/kernel.h"

namespace wattfor {

// A figure, as an SVG file, of readings after a load's step (dots) with what the kernel makes of it
// (line).
std::string step_response_svg(std::span<const StepPoint> points, const Kernel& kernel,
                              std::string_view title);

}  // namespace wattfor
