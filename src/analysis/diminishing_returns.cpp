#include "analysis/diminishing_returns.h"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/nested_logarithm.h"

namespace wattfor {
namespace {

// The front in numbers about one.
struct FrontRows {
  double least_log = 0.0;          // ln E_min, E in joules
  double span = 0.0;               // of ln E
  std::vector<double> log_energy;  // ln E − ln E_min
  std::vector<double> accuracy;    // in percent
};

std::optional<FrontRows> rows_of(std::span<const AccuracyAndEnergy> points) {
  FrontRows rows;
  for (const AccuracyAndEnergy& point : points) {
    const double energy = point.energy.value();
    const bool is_point = energy > 0.0 && std::isfinite(energy) && point.accuracy_percent >= 0.0 &&
                          point.accuracy_percent <= 100.0;
    if (!is_point) return std::nullopt;
    rows.log_energy.push_back(std::log(energy));
    rows.accuracy.push_back(point.accuracy_percent);
  }
  std::vector<double> different = rows.log_energy;
  std::ranges::sort(different);
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (different.size() < returns_fewest_energies) return std::nullopt;
  if (std::ranges::min(rows.accuracy) == std::ranges::max(rows.accuracy)) return std::nullopt;
  rows.least_log = different.front();
  rows.span = different.back() - different.front();
  for (double& each : rows.log_energy) each -= rows.least_log;
  return rows;
}

// What the loss counts for a residual.
double loss_of(double residual, const LossChoice& choice) {
  const double s = choice.scale_percent;
  const double q = (residual / s) * (residual / s);
  switch (choice.loss) {
    case FitLoss::soft_l1:
      return 2.0 * s * s * q / (std::sqrt(1.0 + q) + 1.0);
    case FitLoss::cauchy:
      return s * s * std::log1p(q);
    case FitLoss::squared:
      break;
  }
  return residual * residual;
}

// The weight with which a squared residual counts alike.
double weight_of(double residual, const LossChoice& choice) {
  const double q = (residual / choice.scale_percent) * (residual / choice.scale_percent);
  switch (choice.loss) {
    case FitLoss::soft_l1:
      return 1.0 / std::sqrt(1.0 + q);
    case FitLoss::cauchy:
      return 1.0 / (1.0 + q);
    case FitLoss::squared:
      break;
  }
  return 1.0;
}

// When a curve is settled: no residual moves by more, in percent of accuracy. That of a robust loss
// settles linearly; the grid, which only tells which dip is the deepest, needs half of the digits.
constexpr double settled_percent = 1e-9;
constexpr double nearly_settled_percent = 1e-5;

NestedLogarithm curve_at(const FrontRows& rows, const LossChoice& loss, double u,
                         double settled = settled_percent) {
  constexpr int most_reweightings = 500;  // each lowers the cost
  std::vector<double> z(rows.log_energy.size());
  std::ranges::transform(rows.log_energy, z.begin(), [u](double x) { return std::log1p(x / u); });
  std::vector<double> weights(z.size(), 1.0);
  std::vector<double> residuals(z.size(), 0.0);
  NestedLogarithm curve{.u = u};
  for (int i = 0; i < most_reweightings; ++i) {
    fit_linear_part(z, rows.accuracy, weights, curve);
    double moved = 0.0;
    for (std::size_t row = 0; row < z.size(); ++row) {
      const double residual = rows.accuracy[row] - (curve.a * z[row] + curve.at_least);
      moved = std::max(moved, std::abs(residual - residuals[row]));
      residuals[row] = residual;
      weights[row] = weight_of(residual, loss);
    }
    if (loss.loss == FitLoss::squared || moved < settled) break;
  }
  curve.cost = 0.0;
  for (const double residual : residuals) curve.cost += loss_of(residual, loss);
  return curve;
}

struct Minimum {
  NestedLogarithm curve;
  BestAt best_at = BestAt::inside;
};

Minimum lowest_curve(const FrontRows& rows, const LossChoice& loss) {
  const auto curve_of = [&](double decade, double settled = settled_percent) {
    return curve_at(rows, loss, rows.span * std::pow(10.0, decade), settled);
  };
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (int step = 0; step < returns_grid_size; ++step) {
    const double cost = curve_of(returns_decade(step), nearly_settled_percent).cost;
    if (cost < least) {
      least = cost;
      best = step;
    }
  }
  Minimum minimum{.curve = curve_of(returns_decade(best))};
  const int low = std::max(best - 1, 0);
  const int high = std::min(best + 1, returns_grid_size - 1);
  // A minimum is flat: half the digits of where it lies are all that its value tells.
  constexpr int bits = std::numeric_limits<double>::digits / 2;
  const double decade =
      boost::math::tools::brent_find_minima([&](double each) { return curve_of(each).cost; },
                                            returns_decade(low), returns_decade(high), bits)
          .first;
  const NestedLogarithm between = curve_of(decade);
  if (between.cost < minimum.curve.cost) {
    minimum.curve = between;
  } else if (low == best) {
    minimum.best_at = BestAt::lower_end;
  } else if (high == best) {
    minimum.best_at = BestAt::upper_end;
  }
  return minimum;
}

}  // namespace

std::optional<DiminishingReturns> fit_diminishing_returns(std::span<const AccuracyAndEnergy> points,
                                                          LossChoice loss) {
  const bool has_scale = loss.scale_percent > 0.0 && std::isfinite(loss.scale_percent);
  const std::optional<FrontRows> rows = rows_of(points);
  if (!rows || !has_scale) return std::nullopt;
  const auto [curve, best_at] = lowest_curve(*rows, loss);
  if (!std::isfinite(curve.cost)) return std::nullopt;
  return DiminishingReturns{
      .a = curve.a,
      .b = curve.u - rows->least_log,
      .c = curve.at_least - curve.a * std::log(curve.u),
      .residual_sum = curve.cost,
      .best_at = best_at,
      .log10_energy_j_at_100_percent = log10_energy_at_100_percent(curve, rows->least_log)};
}

std::optional<double> accuracy_percent_at(const DiminishingReturns& curve, Joules energy) {
  const double inner = std::log(energy.value()) + curve.b;
  if (!(inner > 0.0) || !std::isfinite(inner)) return std::nullopt;
  return curve.a * std::log(inner) + curve.c;
}

}  // namespace wattfor
