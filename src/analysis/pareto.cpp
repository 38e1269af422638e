#include "analysis/pareto.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace wattfor {

std::vector<bool> pareto_front(std::span<const AccuracyAndEnergy> points) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_point =
        !std::isnan(points[i].accuracy_percent) && !std::isnan(points[i].energy.value());
    if (is_point) order.push_back(i);
  }
  // By energy, and the most accurate first among equals: then a point is on the front where its
  // accuracy exceeds that of all before it, or where it equals the point that did so last.
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (points[a].energy != points[b].energy) return points[a].energy < points[b].energy;
    return points[a].accuracy_percent > points[b].accuracy_percent;
  });

  std::vector<bool> on_front(points.size(), false);
  const AccuracyAndEnergy* last = nullptr;
  for (const std::size_t i : order) {
    const AccuracyAndEnergy& point = points[i];
    const bool exceeds = last == nullptr || point.accuracy_percent > last->accuracy_percent;
    const bool equals = last != nullptr && point.energy == last->energy &&
                        point.accuracy_percent == last->accuracy_percent;
    if (exceeds || equals) {
      on_front[i] = true;
      last = &point;
    }
  }
  return on_front;
}

}  // namespace wattfor
