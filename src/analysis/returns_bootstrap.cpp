#include "analysis/returns_bootstrap.h"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "analysis/diminishing_returns.h"
#include "analysis/nested_logarithm.h"
#include "analysis/random_draw.h"

// A thousand fits, each what fit_diminishing_returns would find (the tests hold one against the
// other). What makes them quick: a point that is drawn twice weighs two, the logarithms of the grid
// are shared by all resamples with the same ends, and the squared loss has a slope over ln u that
// leads to its floor.

namespace wattfor {
namespace {

// The points in the order of their energies.
struct FrontColumns {
  std::vector<std::size_t> rank;   // of each point as it was given
  std::vector<double> log_energy;  // ln E, E in joules
  std::vector<double> accuracy;    // in percent
};

FrontColumns columns_of(std::span<const AccuracyAndEnergy> points) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return points[i].energy.value(); });
  FrontColumns columns{
      .rank = std::vector<std::size_t>(points.size()), .log_energy = {}, .accuracy = {}};
  for (const std::size_t point : order) {
    columns.rank[point] = columns.log_energy.size();
    columns.log_energy.push_back(std::log(points[point].energy.value()));
    columns.accuracy.push_back(points[point].accuracy_percent);
  }
  return columns;
}

// ln(1 + x/u) for each u of the grid and each point from the first to the last drawn: as ln(u + x)
// − ln u, a third of the time of log1p, whose digits are not needed between 10⁻⁶ and 10⁴ spans.
struct LogarithmTable {
  std::vector<double> x;      // ln E − ln E of the first
  std::vector<double> log_u;  // by step of the grid
  std::vector<double> z;      // by step, then by point
  std::span<const double> at(std::size_t step) const {
    return std::span(z).subspan(step * x.size(), x.size());
  }
};

LogarithmTable table_of(std::span<const double> log_energy) {
  // Half a decade is narrower than the dips over ln u: each ln(1 + x/u) bends over more than that.
  constexpr int stride = returns_steps_per_decade / 2;
  LogarithmTable table;
  for (const double each : log_energy) table.x.push_back(each - log_energy.front());
  for (int step = 0; step < returns_grid_size; step += stride) {
    const double u = table.x.back() * std::pow(10.0, returns_decade(step));
    table.log_u.push_back(std::log(u));
    for (const double x : table.x) table.z.push_back(std::log(u + x) - table.log_u.back());
  }
  return table;
}

// The points that were drawn, each once, with how often.
struct Drawn {
  std::vector<std::size_t> point;  // counted from the first drawn
  std::vector<double> x;
  std::vector<double> accuracy;
  std::vector<double> weight;
};

// What the best line at one u leaves, by sums: enough to find the dips over the grid. `centred` are
// the accuracies less their weighted mean, times their weights.
double cost_at_step(const Drawn& drawn, std::span<const double> centred, double variation, double n,
                    std::span<const double> z) {
  double sum_z = 0.0;
  double zz = 0.0;
  double za = 0.0;
  for (std::size_t i = 0; i < drawn.point.size(); ++i) {
    const double each_z = z[drawn.point[i]];
    const double weighted = drawn.weight[i] * each_z;
    sum_z += weighted;
    zz += weighted * each_z;
    za += centred[i] * each_z;
  }
  return variation - za * za / (zz - sum_z * sum_z / n);
}

// The steps of the grid that cost less than their neighbours: beside each lies the floor of a dip.
std::vector<std::size_t> dips_of(const Drawn& drawn, const LogarithmTable& table) {
  const double n = std::reduce(drawn.weight.begin(), drawn.weight.end());
  const double mean =
      std::transform_reduce(drawn.weight.begin(), drawn.weight.end(), drawn.accuracy.begin(), 0.0) /
      n;
  std::vector<double> centred(drawn.point.size());
  double variation = 0.0;
  for (std::size_t i = 0; i < centred.size(); ++i) {
    const double away = drawn.accuracy[i] - mean;
    centred[i] = drawn.weight[i] * away;
    variation += centred[i] * away;
  }
  std::vector<double> costs;
  costs.reserve(table.log_u.size());
  for (std::size_t step = 0; step < table.log_u.size(); ++step) {
    costs.push_back(cost_at_step(drawn, centred, variation, n, table.at(step)));
  }
  std::vector<std::size_t> dips;
  for (std::size_t step = 0; step < costs.size(); ++step) {
    const bool falls_to = step == 0 || costs[step] < costs[step - 1];
    const bool rises_from = step + 1 == costs.size() || costs[step] <= costs[step + 1];
    if (falls_to && rises_from) dips.push_back(step);
  }
  return dips;
}

// The best curve at one u, and how its cost changes with ln u.
struct CurveAndSlope {
  NestedLogarithm curve;
  double slope = 0.0;
};

// By the envelope theorem a and at_least, which are at their best, do not add to the slope.
CurveAndSlope curve_and_slope_at(const Drawn& drawn, std::span<const double> z, double log_u) {
  CurveAndSlope found{.curve = {.u = std::exp(log_u), .cost = 0.0}};
  fit_linear_part(z, drawn.accuracy, drawn.weight, found.curve);
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double residual = drawn.accuracy[i] - (found.curve.a * z[i] + found.curve.at_least);
    const double bend = drawn.x[i] / (found.curve.u + drawn.x[i]);  // −dz/d(ln u)
    found.slope += 2.0 * drawn.weight[i] * residual * found.curve.a * bend;
    found.curve.cost += drawn.weight[i] * residual * residual;
  }
  return found;
}

// The floor of the dip at one step of the grid.
NestedLogarithm floor_of(std::size_t dip, const Drawn& drawn, const LogarithmTable& table) {
  std::vector<double> z(drawn.point.size());
  const auto at_step = [&](std::size_t step) {
    const auto logarithms = table.at(step);
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = logarithms[drawn.point[i]];
    return curve_and_slope_at(drawn, z, table.log_u[step]);
  };
  const CurveAndSlope here = at_step(dip);
  const bool leads_down = here.slope > 0.0;
  const std::size_t end = leads_down ? 0 : table.log_u.size() - 1;
  if (here.slope == 0.0 || dip == end) return here.curve;
  const std::size_t low = leads_down ? dip - 1 : dip;
  const CurveAndSlope there = at_step(leads_down ? low : low + 1);
  if (here.slope * there.slope > 0.0) return here.curve;  // two floors within half a decade

  CurveAndSlope lowest = here;
  const auto slope_at = [&](double log_u) {
    const double u = std::exp(log_u);
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = std::log(u + drawn.x[i]) - log_u;
    const CurveAndSlope found = curve_and_slope_at(drawn, z, log_u);
    if (std::abs(found.slope) < std::abs(lowest.slope)) lowest = found;
    return found.slope;
  };
  const auto is_settled = [](double a, double b) { return std::abs(a - b) < 1e-7; };
  std::uintmax_t evaluations = 50;
  boost::math::tools::toms748_solve(slope_at, table.log_u[low], table.log_u[low + 1],
                                    leads_down ? there.slope : here.slope,
                                    leads_down ? here.slope : there.slope, is_settled, evaluations);
  return lowest.curve;
}

NestedLogarithm lowest_floor(const Drawn& drawn, const LogarithmTable& table) {
  NestedLogarithm lowest;
  for (const std::size_t dip : dips_of(drawn, table)) {
    const NestedLogarithm floor = floor_of(dip, drawn, table);
    if (floor.cost < lowest.cost) lowest = floor;
  }
  return lowest;
}

// The fits to resamples of one front; the tables of logarithms are kept from one to the next.
class ResampledFits {
 public:
  explicit ResampledFits(FrontColumns points) : points_(std::move(points)) {}

  // log₁₀ of the energy at 100 % by the points drawn so often, in the order of their energies;
  // infinite where the curve never gets there. Nothing where they have no fit.
  std::optional<double> log10_energy_at_100(std::span<const unsigned> counts) {
    std::size_t first = 0;
    while (counts[first] == 0) ++first;
    std::size_t last = counts.size() - 1;
    while (counts[last] == 0) --last;
    if (!gather(counts, first, last)) return std::nullopt;
    const auto [table, is_new] = tables_.try_emplace({first, last});
    if (is_new) {
      table->second = table_of(std::span(points_.log_energy).subspan(first, last - first + 1));
    }
    return log10_energy_at_100_percent(lowest_floor(drawn_, table->second),
                                       points_.log_energy[first])
        .value_or(std::numeric_limits<double>::infinity());
  }

 private:
  // Whether the points drawn have a fit.
  bool gather(std::span<const unsigned> counts, std::size_t first, std::size_t last) {
    drawn_.point.clear();
    drawn_.x.clear();
    drawn_.accuracy.clear();
    drawn_.weight.clear();
    std::size_t energies = 0;
    bool accuracies_differ = false;
    for (std::size_t i = first; i <= last; ++i) {
      if (counts[i] == 0) continue;
      const double x = points_.log_energy[i] - points_.log_energy[first];
      if (drawn_.x.empty() || x != drawn_.x.back()) ++energies;
      accuracies_differ = accuracies_differ || points_.accuracy[i] != points_.accuracy[first];
      drawn_.point.push_back(i - first);
      drawn_.x.push_back(x);
      drawn_.accuracy.push_back(points_.accuracy[i]);
      drawn_.weight.push_back(counts[i]);
    }
    return energies >= returns_fewest_energies && accuracies_differ;
  }

  FrontColumns points_;
  Drawn drawn_;
  std::map<std::pair<std::size_t, std::size_t>, LogarithmTable> tables_;  // by first and last drawn
};

std::optional<double> if_reached(double decades) {
  return std::isfinite(decades) ? std::optional(decades) : std::nullopt;
}

}  // namespace

std::optional<BootstrapInterval> bootstrap_log10_energy_at_100_percent(
    std::span<const AccuracyAndEnergy> points, Resampling resampling) {
  if (!fit_diminishing_returns(points)) return std::nullopt;
  const FrontColumns columns = columns_of(points);
  ResampledFits fits(columns);
  std::mt19937_64 random(resampling.seed);
  std::vector<double> decades;
  std::vector<unsigned> counts(points.size());
  for (std::size_t i = 0; i < resampling.resamples; ++i) {
    std::ranges::fill(counts, 0U);
    for (std::size_t draw = 0; draw < points.size(); ++draw) {
      ++counts[columns.rank[draw_below(points.size(), random)]];
    }
    if (const auto found = fits.log10_energy_at_100(counts)) decades.push_back(*found);
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
