#pragma once

#include <optional>
#include <span>
#include <vector>

#include "response/power_course.h"
#include "units/quantity.h"

namespace wattfor {

// A moment at which the load steps up or down.
struct LoadEdge {
  Seconds time{0.0};
  bool up = true;
};

// What a course is below for 5 % and for 95 % of its time, where what is before and after it counts
// as a tenth of its length each: of a single stretch of load it is the lower level.
struct CourseLevels {
  Watts low;
  Watts high;
};
CourseLevels levels_of(const PowerCourse& course);

// Where a course goes over from near one of its two levels to near the other: its latest
// crossing of the middle before it has come from a quarter of the way to three quarters of it, or
// back. None where the levels are the same.
std::vector<LoadEdge> edges_of(const PowerCourse& course);

// How alike the moments of an update's period are at which the edges of one direction fall: 0 where
// they are spread evenly, 1 where a load keeps step with the updates, so that each of them sees the
// same part of it. Nothing for fewer than 4 edges of either direction.
std::optional<double> keeping_step(std::span<const LoadEdge> edges, Seconds update_period);

}  // namespace wattfor
