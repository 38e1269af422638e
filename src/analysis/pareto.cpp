#include "analysis/pareto.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace wattfor {

namespace {

// The places of the points that are numbers.
std::vector<std::size_t> numbers_among(std::span<const AccuracyAndEnergy> points) {
  std::vector<std::size_t> places;
  places.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_point =
        !std::isnan(points[i].accuracy_percent) && !std::isnan(points[i].energy.value());
    if (is_point) places.push_back(i);
  }
  return places;
}

// Leaves those on the front, by energy.
void keep_front(std::span<const AccuracyAndEnergy> points, std::vector<std::size_t>& places) {
  // By energy, and the most accurate first among equals: then a point is on the front where its
  // accuracy exceeds that of all before it, or where it equals the point that did so last.
  std::ranges::sort(places, [&](std::size_t a, std::size_t b) {
    if (points[a].energy != points[b].energy) return points[a].energy < points[b].energy;
    return points[a].accuracy_percent > points[b].accuracy_percent;
  });
  const AccuracyAndEnergy* last = nullptr;
  std::erase_if(places, [&](std::size_t place) {
    const AccuracyAndEnergy& point = points[place];
    const bool exceeds = last == nullptr || point.accuracy_percent > last->accuracy_percent;
    const bool equals = last != nullptr && point.energy == last->energy &&
                        point.accuracy_percent == last->accuracy_percent;
    if (exceeds) last = &point;
    return !exceeds && !equals;
  });
}

// Throws out what the front of a sample already beats: of many points most, in one pass, so that
// few are left to be sorted.
void drop_what_a_sample_beats(std::span<const AccuracyAndEnergy> points,
                              std::vector<std::size_t>& places) {
  constexpr std::size_t sample_size = 1024;
  const std::size_t step = places.size() / sample_size;
  if (step < 2) return;
  std::vector<std::size_t> sample;
  for (std::size_t i = 0; i < places.size(); i += step) sample.push_back(places[i]);
  keep_front(points, sample);
  std::erase_if(places, [&](std::size_t place) {
    const auto energy_of = [&](std::size_t of) { return points[of].energy; };
    const auto not_less = std::ranges::lower_bound(sample, points[place].energy, {}, energy_of);
    return not_less != sample.begin() &&
           points[*std::prev(not_less)].accuracy_percent >= points[place].accuracy_percent;
  });
}

}  // namespace

std::vector<bool> pareto_front(std::span<const AccuracyAndEnergy> points) {
  std::vector<std::size_t> places = numbers_among(points);
  drop_what_a_sample_beats(points, places);
  keep_front(points, places);
  std::vector<bool> on_front(points.size(), false);
  for (const std::size_t place : places) on_front[place] = true;
  return on_front;
}

}  // namespace wattfor
