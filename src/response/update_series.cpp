#include "response/update_series.h"

#include <algorithm>

namespace wattfor {
namespace {

constexpr double periods_to_a_gap = 1.5;

}  // namespace

void UpdateSeries::add(Seconds time, Watts power) {
  Sums sums;
  if (!updates_.empty()) {
    const Update& last = updates_.back();
    if (time <= last.time) return;
    sums = sums_.back();
    const Seconds since = time - last.time;
    if (since > periods_to_a_gap * period_) {
      const Seconds gap = since - period_;
      sums.energy_j += (0.5 * (last.power + power) * gap).value();
      sums.unseen_s += gap.count();
    }
    const double step = (power - last.power).value();
    sums.squared_steps_w2 += step * step;
  }
  sums.energy_j += (power * period_).value();
  updates_.push_back({time, power});
  sums_.push_back(sums);
}

Joules UpdateSeries::energy(std::size_t first, std::size_t last) const {
  if (first >= last) return Joules(0.0);
  const Joules before = Joules(sums_[first].energy_j) - updates_[first].power * period_;
  return Joules(sums_[last - 1].energy_j) - before;
}

Seconds UpdateSeries::unseen(std::size_t first, std::size_t last) const {
  if (first >= last) return Seconds(0.0);
  return Seconds(sums_[last - 1].unseen_s - sums_[first].unseen_s);
}

double UpdateSeries::squared_steps(std::size_t first, std::size_t last) const {
  if (first >= last) return 0.0;
  return sums_[last - 1].squared_steps_w2 - sums_[first].squared_steps_w2;
}

std::size_t UpdateSeries::after(Seconds time) const {
  const auto found = std::ranges::upper_bound(updates_, time, {}, &Update::time);
  return static_cast<std::size_t>(found - updates_.begin());
}

}  // namespace wattfor
