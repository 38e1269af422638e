#include "response/course_filter.h"

#include <cmath>

namespace wattfor {

CourseFilter::Passed CourseFilter::at(Seconds time) {
  const Watts before = course_.before();
  if (time <= course_.start()) {
    const bool begins = time == course_.start() && tau_ <= Seconds(0.0);
    return {begins ? course_.power_at(time) : before, before * (time - course_.start())};
  }
  const auto edges = course_.edges();
  const auto powers = course_.powers();
  while (next_ < edges.size() && edges[next_] <= time) {
    move_to(edges[next_], powers[next_ - 1]);
    ++next_;
  }
  move_to(time, next_ < edges.size() ? powers[next_ - 1] : course_.after());
  // τ·x' = p − x: what was not passed yet is τ·x.
  return {power_, flowed_ - (power_ - before) * tau_};
}

void CourseFilter::move_to(Seconds time, Watts towards) {
  const Seconds since = time - time_;
  flowed_ += towards * since;
  const double moved = tau_ > Seconds(0.0) ? -std::expm1(-since / tau_) : 1.0;
  power_ += moved * (towards - power_);
  time_ = time;
}

}  // namespace wattfor
