#include "response/course_edges.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

namespace wattfor {
namespace {

constexpr std::size_t fewest_edges = 4;
constexpr double level_percentile = 0.05;
constexpr double share_of_an_end = 0.1;
constexpr double near_a_level = 0.25;

}  // namespace

CourseLevels levels_of(const PowerCourse& course) {
  const auto edges = course.edges();
  std::vector<std::pair<Watts, Seconds>> pieces;
  for (std::size_t i = 0; i < course.powers().size(); ++i) {
    pieces.emplace_back(course.powers()[i], edges[i + 1] - edges[i]);
  }
  const Seconds length = course.end() - course.start();
  for (const Watts end : {course.before(), course.after()}) {
    pieces.emplace_back(end, share_of_an_end * length);
  }
  std::ranges::sort(pieces);
  const auto below_for = [&](double share) {
    Seconds left = share * (1.0 + 2.0 * share_of_an_end) * length;
    for (const auto& [power, duration] : pieces) {
      left -= duration;
      if (left < Seconds(0.0)) return power;
    }
    return pieces.back().first;
  };
  return {.low = below_for(level_percentile), .high = below_for(1.0 - level_percentile)};
}

std::vector<LoadEdge> edges_of(const PowerCourse& course) {
  std::vector<LoadEdge> found;
  const auto [low, high] = levels_of(course);
  if (high <= low) return found;
  const Watts middle = 0.5 * (low + high);
  const Watts below = low + near_a_level * (high - low);
  const Watts above = high - near_a_level * (high - low);

  std::optional<bool> is_high;
  bool was_over = false;
  Seconds crossing = course.start();
  const auto visit = [&](Seconds time, Watts power) {
    if ((power > middle) != was_over) crossing = time;
    was_over = power > middle;
    if (power > below && power < above) return;
    const bool now_high = power >= above;
    if (is_high && *is_high != now_high) found.push_back({crossing, now_high});
    is_high = now_high;
  };
  visit(course.start(), course.before());
  for (std::size_t i = 0; i < course.powers().size(); ++i) {
    visit(course.edges()[i], course.powers()[i]);
  }
  visit(course.end(), course.after());
  return found;
}

std::optional<double> keeping_step(std::span<const LoadEdge> edges, Seconds update_period) {
  std::optional<double> least;
  for (const bool up : {true, false}) {
    std::complex<double> sum = 0.0;
    std::size_t count = 0;
    for (const LoadEdge& edge : edges) {
      if (edge.up != up) continue;
      sum += std::polar(1.0, 2.0 * std::numbers::pi * (edge.time / update_period));
      ++count;
    }
    if (count < fewest_edges) return std::nullopt;
    const double alike = std::abs(sum) / static_cast<double>(count);
    least = std::min(least.value_or(1.0), alike);
  }
  return least;
}

}  // namespace wattfor
