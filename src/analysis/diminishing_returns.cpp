#include "analysis/diminishing_returns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "analysis/random_draw.h"

namespace wattfor {
namespace {

constexpr std::size_t fewest_energies = 4;  // three parameters and one point to judge them by

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
  if (different.size() < fewest_energies) return std::nullopt;
  if (std::ranges::min(rows.accuracy) == std::ranges::max(rows.accuracy)) return std::nullopt;
  rows.least_log = different.front();
  rows.span = different.back() - different.front();
  for (double& each : rows.log_energy) each -= rows.least_log;
  return rows;
}

// What the loss counts for a residual, and the weight with which a squared residual counts alike.
struct LossAt {
  double value = 0.0;
  double weight = 1.0;
};

LossAt loss_at(double residual, const LossChoice& choice) {
  const double s = choice.scale_percent;
  const double q = (residual / s) * (residual / s);
  switch (choice.loss) {
    case FitLoss::soft_l1: {
      const double root = std::sqrt(1.0 + q);
      return {.value = 2.0 * s * s * q / (root + 1.0), .weight = 1.0 / root};
    }
    case FitLoss::cauchy:
      return {.value = s * s * std::log1p(q), .weight = 1.0 / (1.0 + q)};
    case FitLoss::squared:
      break;
  }
  return {.value = residual * residual, .weight = 1.0};
}

// The best curve at one u = ln E_min + b, in the form A = a·ln(1 + (ln E − ln E_min)/u) + at_least:
// unlike c, the accuracy at E_min keeps its digits where the curve is nearly straight.
struct CurveAt {
  double u = 0.0;
  double a = 0.0;
  double at_least = 0.0;
  double cost = std::numeric_limits<double>::infinity();
};

// The weighted straight line of the accuracies over z.
void fit_linear_part(const std::vector<double>& z, const std::vector<double>& accuracy,
                     const std::vector<double>& weights, CurveAt& curve) {
  double sum = 0.0;
  double sum_z = 0.0;
  double sum_accuracy = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    sum += weights[i];
    sum_z += weights[i] * z[i];
    sum_accuracy += weights[i] * accuracy[i];
  }
  const double mean_z = sum_z / sum;
  const double mean_accuracy = sum_accuracy / sum;
  double zz = 0.0;
  double za = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    zz += weights[i] * (z[i] - mean_z) * (z[i] - mean_z);
    za += weights[i] * (z[i] - mean_z) * (accuracy[i] - mean_accuracy);
  }
  curve.a = za / zz;
  curve.at_least = mean_accuracy - curve.a * mean_z;
}

CurveAt curve_at(const FrontRows& rows, const LossChoice& loss, double u) {
  // Each reweighting lowers the cost; that of a robust loss settles linearly.
  constexpr int most_reweightings = 500;
  constexpr double settled = 1e-13;
  std::vector<double> z(rows.log_energy.size());
  std::ranges::transform(rows.log_energy, z.begin(), [u](double x) { return std::log1p(x / u); });
  std::vector<double> weights(z.size(), 1.0);
  CurveAt curve{.u = u};
  for (int i = 0; i < most_reweightings; ++i) {
    const double before = curve.cost;
    fit_linear_part(z, rows.accuracy, weights, curve);
    curve.cost = 0.0;
    for (std::size_t row = 0; row < z.size(); ++row) {
      const double residual = rows.accuracy[row] - (curve.a * z[row] + curve.at_least);
      const LossAt at = loss_at(residual, loss);
      curve.cost += at.value;
      weights[row] = at.weight;
    }
    if (loss.loss == FitLoss::squared || curve.cost >= before * (1.0 - settled)) break;
  }
  return curve;
}

struct Minimum {
  CurveAt curve;
  BestAt best_at = BestAt::inside;
};

// The cost can have several dips over u (a robust loss, or a first point that the curve can plunge
// to): a grid finds the lowest, golden section its floor.
Minimum lowest_curve(const FrontRows& rows, const LossChoice& loss) {
  constexpr int per_decade = 10;
  constexpr int lowest_decade = -6;
  constexpr int highest_decade = 4;
  constexpr int grid_size = (highest_decade - lowest_decade) * per_decade + 1;
  const auto curve_of = [&](double decade) {
    return curve_at(rows, loss, rows.span * std::pow(10.0, decade));
  };
  const auto decade_of = [](int step) {
    return lowest_decade + static_cast<double>(step) / per_decade;
  };

  Minimum minimum;
  int best = 0;
  for (int step = 0; step < grid_size; ++step) {
    const CurveAt curve = curve_of(decade_of(step));
    if (curve.cost < minimum.curve.cost) {
      minimum.curve = curve;
      best = step;
    }
  }

  constexpr double golden = 0.6180339887498949;
  constexpr int sections = 45;  // of a fifth of a decade: to 1e-10 of one
  double low = decade_of(std::max(best - 1, 0));
  double high = decade_of(std::min(best + 1, grid_size - 1));
  std::array<double, 2> inner{high - golden * (high - low), low + golden * (high - low)};
  std::array<CurveAt, 2> curves{curve_of(inner[0]), curve_of(inner[1])};
  bool is_inside = best > 0 && best < grid_size - 1;
  for (int i = 0; i < sections; ++i) {
    const int lower = curves[0].cost <= curves[1].cost ? 0 : 1;
    if (curves[lower].cost < minimum.curve.cost) {
      minimum.curve = curves[lower];
      is_inside = true;
    }
    if (lower == 0) {
      high = inner[1];
      inner = {high - golden * (high - low), inner[0]};
      curves = {curve_of(inner[0]), curves[0]};
    } else {
      low = inner[0];
      inner = {inner[1], low + golden * (high - low)};
      curves = {curves[1], curve_of(inner[1])};
    }
  }
  if (!is_inside) minimum.best_at = best == 0 ? BestAt::lower_end : BestAt::upper_end;
  return minimum;
}

std::optional<double> log10_energy_at_100(const FrontRows& rows, const CurveAt& curve) {
  if (!(curve.a > 0.0)) return std::nullopt;
  const double log_energy =
      rows.least_log + curve.u * std::expm1((100.0 - curve.at_least) / curve.a);
  const double decades = log_energy / std::log(10.0);
  return std::isfinite(decades) ? std::optional(decades) : std::nullopt;
}

std::optional<double> if_reached(double decades) {
  return std::isfinite(decades) ? std::optional(decades) : std::nullopt;
}

}  // namespace

std::optional<DiminishingReturns> fit_diminishing_returns(std::span<const AccuracyAndEnergy> points,
                                                          LossChoice loss) {
  const bool has_scale = loss.scale_percent > 0.0 && std::isfinite(loss.scale_percent);
  const std::optional<FrontRows> rows = rows_of(points);
  if (!rows || !has_scale) return std::nullopt;
  const auto [curve, best_at] = lowest_curve(*rows, loss);
  if (!std::isfinite(curve.cost)) return std::nullopt;
  return DiminishingReturns{.a = curve.a,
                            .b = curve.u - rows->least_log,
                            .c = curve.at_least - curve.a * std::log(curve.u),
                            .residual_sum = curve.cost,
                            .best_at = best_at,
                            .log10_energy_j_at_100_percent = log10_energy_at_100(*rows, curve)};
}

std::optional<double> accuracy_percent_at(const DiminishingReturns& curve, Joules energy) {
  const double inner = std::log(energy.value()) + curve.b;
  if (!(inner > 0.0) || !std::isfinite(inner)) return std::nullopt;
  return curve.a * std::log(inner) + curve.c;
}

std::optional<BootstrapInterval> bootstrap_log10_energy_at_100_percent(
    std::span<const AccuracyAndEnergy> points, LossChoice loss, Resampling resampling) {
  if (!fit_diminishing_returns(points, loss)) return std::nullopt;
  std::mt19937_64 random(resampling.seed);
  std::vector<double> decades;  // a curve that never reaches 100 % does so beyond every energy
  std::vector<AccuracyAndEnergy> drawn(points.size());
  for (std::size_t i = 0; i < resampling.resamples; ++i) {
    for (AccuracyAndEnergy& each : drawn) each = points[draw_below(points.size(), random)];
    const auto curve = fit_diminishing_returns(drawn, loss);
    if (!curve) continue;
    decades.push_back(
        curve->log10_energy_j_at_100_percent.value_or(std::numeric_limits<double>::infinity()));
  }
  if (decades.empty() || decades.size() < resampling.resamples - decades.size()) {
    return std::nullopt;
  }
  std::ranges::sort(decades);
  const auto last = static_cast<double>(decades.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(0.025 * last));
  const auto high = static_cast<std::size_t>(std::ceil(0.975 * last));
  return BootstrapInterval{
      .low = if_reached(decades[low]), .high = if_reached(decades[high]), .fitted = decades.size()};
}

}  // namespace wattfor
