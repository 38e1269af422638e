#include "analysis/line_fit.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstddef>

#include "analysis/aicc.h"
#include "analysis/column.h"

namespace wattfor {

std::optional<LineFit> fit_line(std::span<const double> x, std::span<const double> y) {
  const std::optional<Moments> moments = moments_of(x, y);
  if (!moments || x.size() < 3 || moments->xx == 0.0) return std::nullopt;
  const double mean_x = moments->mean_x;
  LineFit fit;
  fit.rows = x.size();
  fit.mean_x = mean_x;
  fit.slope = moments->xy / moments->xx;
  fit.intercept = moments->mean_y - fit.slope * mean_x;
  // From the residuals: the difference of the sums of squares loses the digits of a good fit.
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double residual = (y[i] - moments->mean_y) - fit.slope * (x[i] - mean_x);
    fit.residual_sum_of_squares += residual * residual;
  }
  const auto count = static_cast<double>(x.size());
  const double deviation = std::sqrt(fit.residual_sum_of_squares / (count - 2.0));
  fit.slope_error = deviation / std::sqrt(moments->xx);
  fit.intercept_error = deviation * std::sqrt(1.0 / count + mean_x * mean_x / moments->xx);
  if (moments->yy > 0.0) {
    fit.r_squared = std::max(1.0 - fit.residual_sum_of_squares / moments->yy, 0.0);
  }
  fit.aicc = corrected_akaike(fit.residual_sum_of_squares, x.size(), 3);
  const bool fits = std::isfinite(fit.slope) && std::isfinite(fit.intercept) &&
                    std::isfinite(fit.slope_error) && std::isfinite(fit.intercept_error);
  return fits ? std::optional(fit) : std::nullopt;
}

double t_of_95_percent(const LineFit& fit) {
  const boost::math::students_t distribution(static_cast<double>(fit.rows) - 2.0);
  return boost::math::quantile(distribution, 0.975);
}

LinePrediction predict_at(const LineFit& fit, double x) {
  const auto rows = static_cast<double>(fit.rows);
  const double variance = fit.residual_sum_of_squares / (rows - 2.0);
  const double away = (x - fit.mean_x) * fit.slope_error;
  const double half_width =
      t_of_95_percent(fit) * std::sqrt(variance * (1.0 + 1.0 / rows) + away * away);
  const double value = fit.intercept + fit.slope * x;
  return {.value = value, .low = value - half_width, .high = value + half_width};
}

}  // namespace wattfor
