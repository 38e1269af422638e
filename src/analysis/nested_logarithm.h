#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

namespace wattfor {

// The curve of diminishing returns, A = a·ln(ln E + b) + c, in the form in which it is fitted:
// A = at_least + a·z with z = ln(1 + x/u), x = ln E − ln E_min and u = ln E_min + b. Unlike c, the
// accuracy at E_min keeps its digits where the curve is nearly straight.
struct NestedLogarithm {
  double u = 0.0;
  double a = 0.0;
  double at_least = 0.0;  // percent
  double cost = std::numeric_limits<double>::infinity();
};

// Three parameters and one point to judge them by.
inline constexpr std::size_t returns_fewest_energies = 4;

// Where u is sought: at 10⁻⁶ … 10⁴ times the span of x, ten steps a decade. The cost can have
// several dips over u: the lowest of the grid is the one whose floor is sought then.
inline constexpr int returns_steps_per_decade = 10;
inline constexpr int returns_lowest_decade = -6;
inline constexpr int returns_highest_decade = 4;
inline constexpr int returns_grid_size =
    (returns_highest_decade - returns_lowest_decade) * returns_steps_per_decade + 1;

constexpr double returns_decade(int step) {
  return returns_lowest_decade + static_cast<double>(step) / returns_steps_per_decade;
}

// a and at_least of the weighted straight line of the accuracies over z, all of one length.
void fit_linear_part(std::span<const double> z, std::span<const double> accuracy,
                     std::span<const double> weights, NestedLogarithm& curve);

// log₁₀ of the energy in joules at 100 %, from ln E_min with E_min in joules. Nothing where the
// curve does not rise, or where even this logarithm is beyond a double.
std::optional<double> log10_energy_at_100_percent(const NestedLogarithm& curve, double least_log);

}  // namespace wattfor
