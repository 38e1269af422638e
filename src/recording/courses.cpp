#include "recording/courses.h"

#include <algorithm>
#include <vector>

namespace wattfor {

PowerCourse course_of(const ReferencePower& reference, Seconds shift) {
  const auto readings = reference.readings();
  PowerCourse course(readings.front().time + shift, readings.front().power);
  for (std::size_t i = 1; i < readings.size(); ++i) {
    course.then(0.5 * (readings[i - 1].power + readings[i].power),
                readings[i].time + shift - course.end());
  }
  course.finally(readings.back().power);
  return course;
}

PowerCourse course_of(std::span<const Mark> marks, Seconds shift) {
  std::vector<Mark> sorted(marks.begin(), marks.end());
  std::ranges::sort(sorted, {}, &Mark::start_us);
  PowerCourse course(sorted.front().start() + shift, Watts(0.0));
  for (const Mark& mark : sorted) {
    // What is marked twice has no duration left.
    course.then(Watts(0.0), mark.start() + shift - course.end());
    course.then(Watts(1.0), mark.end() + shift - course.end());
  }
  course.finally(Watts(0.0));
  return course;
}

}  // namespace wattfor
