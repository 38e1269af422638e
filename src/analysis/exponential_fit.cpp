#include "analysis/exponential_fit.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "analysis/aicc.h"
#include "analysis/column.h"
#include "analysis/line_fit.h"

namespace wattfor {
namespace {

// The problem in numbers about one: t = (x − x̄) / spread and v = y / greatest, v = exp(level +
// b·t).
struct ScaledRows {
  std::vector<double> t;
  std::vector<double> v;
};

struct Course {
  double level = 0.0;
  double b = 0.0;
};

// The residuals' sum of squares, and their gradient and curvature by level and b (Gauss-Newton).
struct NormalEquations {
  double cost = 0.0;
  double gradient_level = 0.0;
  double gradient_b = 0.0;
  double level_level = 0.0;
  double level_b = 0.0;
  double b_b = 0.0;
};

NormalEquations normal_equations(const ScaledRows& rows, const Course& course) {
  NormalEquations sums;
  for (std::size_t i = 0; i < rows.t.size(); ++i) {
    const double t = rows.t[i];
    const double fitted = std::exp(course.level + course.b * t);
    const double residual = rows.v[i] - fitted;
    sums.cost += residual * residual;
    sums.gradient_level += fitted * residual;
    sums.gradient_b += fitted * t * residual;
    sums.level_level += fitted * fitted;
    sums.level_b += fitted * fitted * t;
    sums.b_b += fitted * fitted * t * t;
  }
  return sums;
}

// The damped step: (H + damping·diag H)·step = gradient.
Course damped_step(const NormalEquations& at, double damping) {
  const double h11 = at.level_level * (1.0 + damping);
  const double h22 = at.b_b * (1.0 + damping);
  const double determinant = h11 * h22 - at.level_b * at.level_b;
  return {.level = (h22 * at.gradient_level - at.level_b * at.gradient_b) / determinant,
          .b = (h11 * at.gradient_b - at.level_b * at.gradient_level) / determinant};
}

// Settled where a step no longer changes anything, or no step of any length leads further down.
std::optional<Course> settle(const ScaledRows& rows, Course course) {
  constexpr double small_step = 1e-12;
  constexpr double most_damping = 1e12;
  double damping = 1e-3;
  NormalEquations at = normal_equations(rows, course);
  for (int step_count = 0; step_count < 1000; ++step_count) {
    if (!std::isfinite(at.cost)) return std::nullopt;
    const Course step = damped_step(at, damping);
    const Course next{.level = course.level + step.level, .b = course.b + step.b};
    const NormalEquations there = normal_equations(rows, next);
    const bool is_lower = there.cost < at.cost;  // false where a step left the range of a double
    if (is_lower) {
      course = next;
      at = there;
      damping = std::max(damping / 10.0, 1e-12);
    } else {
      damping *= 10.0;
    }
    const bool is_small = std::abs(step.level) < small_step && std::abs(step.b) < small_step;
    if (is_small || damping > most_damping) return course;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ExponentialFit> fit_exponential(std::span<const double> x,
                                              std::span<const double> y) {
  const std::optional<Moments> moments = moments_of(x, y);
  if (!moments || x.size() < 3 || moments->xx == 0.0) return std::nullopt;
  if (std::ranges::any_of(y, [](double each) { return each <= 0.0; })) return std::nullopt;

  const auto count = static_cast<double>(x.size());
  const double spread = std::sqrt(moments->xx / count);
  const double greatest = std::ranges::max(y);
  ScaledRows rows;
  std::vector<double> logs;
  for (std::size_t i = 0; i < x.size(); ++i) {
    rows.t.push_back((x[i] - moments->mean_x) / spread);
    rows.v.push_back(y[i] / greatest);
    logs.push_back(std::log(y[i]) - std::log(greatest));
  }
  const std::optional<LineFit> start = fit_line(rows.t, logs);
  if (!start) return std::nullopt;
  const auto course = settle(rows, {.level = start->intercept, .b = start->slope});
  if (!course) return std::nullopt;

  const NormalEquations at = normal_equations(rows, *course);
  const double determinant = at.level_level * at.b_b - at.level_b * at.level_b;
  const double variance = at.cost / (count - 2.0);
  // Of ln a = level − b·x̄/spread: x̄ in spreads is the lever on the level's error.
  const double lever = moments->mean_x / spread;
  const double level_variance =
      (at.b_b + lever * lever * at.level_level + 2.0 * lever * at.level_b) / determinant * variance;
  ExponentialFit fit;
  fit.rate = course->b / spread;
  fit.log_a = course->level + std::log(greatest) - course->b * lever;
  fit.rate_error = std::sqrt(at.level_level / determinant * variance) / spread;
  fit.log_a_error = std::sqrt(std::max(level_variance, 0.0));
  fit.residual_sum_of_squares = at.cost * greatest * greatest;
  if (moments->yy > 0.0) fit.r_squared = 1.0 - fit.residual_sum_of_squares / moments->yy;
  fit.aicc = corrected_akaike(fit.residual_sum_of_squares, x.size(), 3);
  const bool fits = std::isfinite(fit.rate) && std::isfinite(fit.log_a) &&
                    std::isfinite(fit.rate_error) && std::isfinite(fit.log_a_error) &&
                    std::isfinite(fit.residual_sum_of_squares);
  return fits ? std::optional(fit) : std::nullopt;
}

}  // namespace wattfor
