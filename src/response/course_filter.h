#pragma once

#include <cstddef>

#include "response/power_course.h"
#include "units/quantity.h"

namespace wattfor {

// What an RC filter passes of a course, exactly: each piece of it moves the filter towards the
// piece's power. A time constant of zero passes the course itself. Runs along the course once, so
// that many times cost no more than the course is long.
class CourseFilter {
 public:
  // `course` outlives the filter.
  CourseFilter(const PowerCourse& course, Seconds time_constant)
      : course_(course), tau_(time_constant), time_(course.start()), power_(course.before()) {}

  struct Passed {
    Watts power;
    Joules energy;  // since the course's start, negative before it
  };
  // Call in order of time.
  Passed at(Seconds time);

 private:
  void move_to(Seconds time, Watts towards);

  const PowerCourse& course_;
  Seconds tau_;
  Seconds time_;
  Watts power_;
  Joules flowed_{0.0};    // of the course itself, since its start
  std::size_t next_ = 1;  // the edge that comes next
};

}  // namespace wattfor
