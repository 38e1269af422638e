#include "response/power_course.h"

#include <algorithm>
#include <iterator>

namespace wattfor {

PowerCourse::PowerCourse(Seconds start, Watts before)
    : before_(before), after_(before), edges_{start}, energies_{Joules(0.0)} {}

void PowerCourse::then(Watts power, Seconds duration) {
  if (duration <= Seconds(0.0)) return;
  edges_.push_back(edges_.back() + duration);
  powers_.push_back(power);
  energies_.push_back(energies_.back() + power * duration);
}

Watts PowerCourse::power_at(Seconds time) const {
  if (time < edges_.front()) return before_;
  if (time >= edges_.back()) return after_;
  const auto next = std::ranges::upper_bound(edges_, time);
  return powers_[static_cast<std::size_t>(next - edges_.begin()) - 1];
}

Joules PowerCourse::since_start(Seconds time) const {
  if (time <= edges_.front()) return before_ * (time - edges_.front());
  if (time >= edges_.back()) return energies_.back() + after_ * (time - edges_.back());
  const auto next = std::ranges::upper_bound(edges_, time);
  const auto index = static_cast<std::size_t>(next - edges_.begin()) - 1;
  return energies_[index] + powers_[index] * (time - edges_[index]);
}

PowerCourse coarsened(const PowerCourse& course, Seconds piece) {
  PowerCourse result(course.start(), course.before());
  const auto edges = course.edges();
  Joules energy{0.0};
  for (std::size_t i = 0; i < course.powers().size(); ++i) {
    energy += course.powers()[i] * (edges[i + 1] - edges[i]);
    const Seconds length = edges[i + 1] - result.end();
    if (length < piece && i + 1 < course.powers().size()) continue;
    result.then(energy / length, length);
    energy = Joules(0.0);
  }
  result.finally(course.after());
  return result;
}

}  // namespace wattfor
