#include "analysis/yearly_hulls.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/hull.h"

namespace wattfor {
namespace {

// Means over a stretch are taken at so many places, evenly spaced.
constexpr int places = 64;

double logarithm(const AccuracyAndEnergy& point) { return std::log(point.energy.value()); }

JudgedModels hull_of(const JudgedModels& models) {
  JudgedModels hull;
  for (const std::size_t place : upper_left_hull(models.points)) {
    hull.rows.push_back(models.rows[place]);
    hull.points.push_back(models.points[place]);
  }
  return hull;
}

// The hull's accuracy at ln E: nothing left of its first corner, level right of its last.
std::optional<double> accuracy_at(const JudgedModels& hull, double log_energy) {
  const auto& points = hull.points;
  const auto next = std::ranges::lower_bound(points, log_energy, {}, logarithm);
  if (next == points.end()) return points.back().accuracy_percent;
  if (next == points.begin()) {
    return logarithm(*next) == log_energy ? std::optional(next->accuracy_percent) : std::nullopt;
  }
  const AccuracyAndEnergy& before = *(next - 1);
  const double share = (log_energy - logarithm(before)) / (logarithm(*next) - logarithm(before));
  return std::lerp(before.accuracy_percent, next->accuracy_percent, share);
}

// ln E at which the hull reaches an accuracy that is not above its last corner's.
double log_energy_at(const JudgedModels& hull, double accuracy_percent) {
  const auto& points = hull.points;
  const auto next =
      std::ranges::lower_bound(points, accuracy_percent, {}, &AccuracyAndEnergy::accuracy_percent);
  if (next == points.begin()) return logarithm(*next);
  const AccuracyAndEnergy& before = *(next - 1);
  const double share = (accuracy_percent - before.accuracy_percent) /
                       (next->accuracy_percent - before.accuracy_percent);
  return std::lerp(logarithm(before), logarithm(*next), share);
}

std::optional<double> rise_between(const JudgedModels& before, const JudgedModels& now, double from,
                                   double to) {
  double sum = 0.0;
  int count = 0;
  for (int i = 0; i < places; ++i) {
    const double at = std::lerp(from, to, (i + 0.5) / places);
    const auto was = accuracy_at(before, at);
    const auto is = accuracy_at(now, at);
    if (!was || !is) continue;
    sum += *is - *was;
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

std::optional<double> energy_factor(const JudgedModels& before, const JudgedModels& now) {
  const double least = before.points.front().accuracy_percent;
  const double greatest = before.points.back().accuracy_percent;
  double sum = 0.0;
  for (int i = 0; i < places; ++i) {
    const double at = std::lerp(least, greatest, (i + 0.5) / places);
    sum += log_energy_at(now, at) - log_energy_at(before, at);
  }
  return std::exp(sum / places);
}

}  // namespace

std::vector<YearlyHull> yearly_hulls(const JudgedModels& models,
                                     std::span<const ModelFamily* const> families) {
  std::map<int, JudgedModels> of_year;
  for (std::size_t i = 0; i < models.rows.size(); ++i) {
    const ModelFamily* family = families[models.rows[i]];
    if (family == nullptr) continue;
    of_year[family->year].rows.push_back(models.rows[i]);
    of_year[family->year].points.push_back(models.points[i]);
  }
  std::vector<YearlyHull> hulls;
  JudgedModels so_far;
  for (const auto& [year, added] : of_year) {
    so_far.rows.insert(so_far.rows.end(), added.rows.begin(), added.rows.end());
    so_far.points.insert(so_far.points.end(), added.points.begin(), added.points.end());
    hulls.push_back({.year = year,
                     .models = so_far.rows.size(),
                     .new_models = added.rows.size(),
                     .corners = hull_of(so_far),
                     .rise_percent = {},
                     .energy_factor = std::nullopt});
  }
  for (std::size_t i = 1; i < hulls.size(); ++i) {
    const JudgedModels& before = hulls[i - 1].corners;
    const JudgedModels& now = hulls[i].corners;
    const auto& last = hulls.back().corners.points;
    const double first_energy = logarithm(last.front());
    const double third = (logarithm(last.back()) - first_energy) / 3.0;
    for (std::size_t part = 0; part < hulls[i].rise_percent.size(); ++part) {
      const double from = first_energy + static_cast<double>(part) * third;
      hulls[i].rise_percent[part] = rise_between(before, now, from, from + third);
    }
    hulls[i].energy_factor = energy_factor(before, now);
  }
  return hulls;
}

}  // namespace wattfor
