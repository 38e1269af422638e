#include "analysis/hull.h"

#include <algorithm>
#include <cmath>

namespace wattfor {
namespace {

// In decades, so that powers of ten are exact and what lies on a line through them is seen to.
double decade(const AccuracyAndEnergy& point) { return std::log10(point.energy.value()); }

// Whether `middle` lies above the line from `first` to `last`, the three in order of energy.
bool is_corner(const AccuracyAndEnergy& first, const AccuracyAndEnergy& middle,
               const AccuracyAndEnergy& last) {
  const double gained = middle.accuracy_percent - first.accuracy_percent;
  const double gained_later = last.accuracy_percent - middle.accuracy_percent;
  return gained * (decade(last) - decade(middle)) > gained_later * (decade(middle) - decade(first));
}

}  // namespace

std::vector<std::size_t> upper_left_hull(std::span<const AccuracyAndEnergy> points) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double energy = points[i].energy.value();
    const bool counts =
        energy > 0.0 && std::isfinite(energy) && std::isfinite(points[i].accuracy_percent);
    if (counts) order.push_back(i);
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (points[a].energy != points[b].energy) return points[a].energy < points[b].energy;
    if (points[a].accuracy_percent != points[b].accuracy_percent) {
      return points[a].accuracy_percent > points[b].accuracy_percent;
    }
    return a < b;
  });

  // Andrew's monotone chain, over the points that raise the accuracy.
  std::vector<std::size_t> hull;
  for (const std::size_t i : order) {
    if (!hull.empty() && points[i].accuracy_percent <= points[hull.back()].accuracy_percent)
      continue;
    while (hull.size() >= 2 &&
           !is_corner(points[hull[hull.size() - 2]], points[hull.back()], points[i])) {
      hull.pop_back();
    }
    hull.push_back(i);
  }
  return hull;
}

}  // namespace wattfor
