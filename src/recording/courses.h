#pragma once

#include <span>

#include "recording/marks.h"
#include "recording/reference_power.h"
#include "response/power_course.h"
#include "units/quantity.h"

namespace wattfor {

// A reference as a course of power, on a clock that is `shift` ahead of UTC. The energy between any
// two of its readings is that of trapezoids.
PowerCourse course_of(const ReferencePower& reference, Seconds shift);

// 1 W while something is marked, else 0. `marks` is not empty.
PowerCourse course_of(std::span<const Mark> marks, Seconds shift);

}  // namespace wattfor
