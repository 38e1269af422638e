#include "response/update_series.h"

#include <algorithm>

namespace wattfor {
namespace {

constexpr double periods_to_a_gap = 1.5;
constexpr double same_update = 0.5;  // periods

}  // namespace

void UpdateSeries::add(Seconds time, Watts power) {
  Sums sums;
  if (!updates_.empty()) {
    const Update& last = updates_.back();
    if (time <= last.time) return;
    sums = sums_.back();
    ++sums.number;
    const Seconds since = time - last.time;
    if (since > periods_to_a_gap * period_) {
      const Seconds gap = since - period_;
      sums.gaps_j += (0.5 * (last.power + power) * gap).value();
      sums.unseen_s += gap.count();
    }
    const double step = (power - last.power).value();
    sums.squared_steps_w2 += step * step;
  }
  sums.power_w += power.value();
  sums.highest = power;
  updates_.push_back({time, power});
  sums_.push_back(sums);
}

void UpdateSeries::add_or_amend(Seconds time, Watts power) {
  if (!updates_.empty() && time - updates_.back().time < same_update * period_) {
    if (time < updates_.back().time) return;
    time = updates_.back().time;
    updates_.pop_back();
    sums_.pop_back();
  }
  add(time, power);
}

void UpdateSeries::thin(const std::function<bool(Seconds)>& is_kept) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < updates_.size(); ++i) {
    // The last one may still be amended, by what the one before it said.
    const bool at_an_end = i == 0 || i + 2 >= updates_.size();
    if (!at_an_end && !is_kept(updates_[i].time)) {
      sums_[i + 1].highest = std::max(sums_[i].highest, sums_[i + 1].highest);
      continue;
    }
    updates_[kept] = updates_[i];
    sums_[kept] = sums_[i];
    ++kept;
  }
  updates_.resize(kept);
  sums_.resize(kept);
}

std::size_t UpdateSeries::count(std::size_t first, std::size_t last) const {
  return first >= last ? 0 : sums_[last - 1].number - sums_[first].number + 1;
}

Watts UpdateSeries::highest(std::size_t first, std::size_t last) const {
  Watts highest{0.0};
  for (std::size_t i = first; i < last; ++i) highest = std::max(highest, sums_[i].highest);
  return highest;
}

Joules UpdateSeries::energy(std::size_t first, std::size_t last) const {
  if (first >= last) return Joules(0.0);
  const Sums& begin = sums_[first];
  const Sums& end = sums_[last - 1];
  const Watts powers = Watts(end.power_w - begin.power_w) + updates_[first].power;
  return powers * period_ + Joules(end.gaps_j - begin.gaps_j);
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
