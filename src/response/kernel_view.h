#pragma once

#include "response/course_filter.h"
#include "response/kernel.h"

namespace wattfor {

// A course of power as a kernel shows it, ∫ h(u)·p(t − u) du, exactly. `rise` draws every change of
// the course out exponentially first, as power supplies and clocks do.
class KernelView {
 public:
  // `course` outlives the view.
  KernelView(const PowerCourse& course, const Kernel& kernel, Seconds rise = Seconds(0.0));

  // The mean power that a reading of gain 1 and offset 0 shows, of a counter the power of the
  // moment it counts up to. Call in order of time.
  Watts at(Seconds time);

 private:
  Kernel kernel_;
  Seconds rise_;
  CourseFilter newest_;  // at the kernel's end …
  CourseFilter other_;   // … at its beginning, or through its time constant
};

}  // namespace wattfor
