#include "response/quantum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace wattfor {
namespace {

constexpr std::size_t fewest_values = 3;
constexpr double rounding = 1e-12;       // of the largest reading, what text and sums may be off
constexpr double least_roundings = 1e3;  // roundings, below which a step is none
constexpr double off_the_step = 0.05;    // of a step

// Euclid's algorithm, whose remainders end where the rounding begins.
double common_step(double a, double b, double smallest) {
  while (b > smallest) {
    const double rest = std::abs(std::remainder(a, b));
    a = b;
    b = rest;
  }
  return a;
}

}  // namespace

std::optional<double> quantum_of(std::span<const Update> readings) {
  std::vector<double> values;
  values.reserve(readings.size());
  for (const Update& reading : readings) values.push_back(reading.power.value());
  std::ranges::sort(values);
  if (values.empty()) return std::nullopt;
  const double tolerance = rounding * std::max(std::abs(values.front()), std::abs(values.back()));
  const auto same = [&](double a, double b) { return b - a <= tolerance; };
  values.erase(std::ranges::unique(values, same).begin(), values.end());
  if (values.size() < fewest_values) return std::nullopt;

  double step = values[1] - values[0];
  for (std::size_t i = 2; i < values.size(); ++i) {
    const double difference = values[i] - values[i - 1];
    step = common_step(difference, step, least_roundings * tolerance);
    if (step <= least_roundings * tolerance) return std::nullopt;
    // The remainders' own rounding has gathered in the step; the difference is whole steps.
    step = difference / std::round(difference / step);
  }
  // Readings further and further apart tell it better and better.
  for (const double value : values) {
    const double distance = value - values.front();
    const double steps = std::round(distance / step);
    if (std::abs(distance / step - steps) > off_the_step) return std::nullopt;
    if (steps > 0.0) step = distance / steps;
  }
  // No reading has more digits: 0.01 is none the worse for being 0.009999999999999998.
  return std::stod(fmt::format("{:.9g}", step));
}

}  // namespace wattfor
