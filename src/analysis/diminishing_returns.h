#pragma once

#include <optional>
#include <span>

#include "analysis/pareto.h"

namespace wattfor {

// Diminishing returns: A = a·ln(ln E + b) + c fitted to the points of a Pareto front, as in the
// inference study (section 4.1), A in percent and E in joules; another unit of E moves b alone.
//
// What the curve says of A = 100 % hardly follows from the data: on one published front it is 81 J
// by least squares and 10 kJ by a robust loss, and 218 to 1,776 MWh without the three lowest
// models. So whoever states it states the front, the loss, the lower cut-off and the interval too.

// What a residual r in percent of accuracy counts, s its `scale_percent`. All are r² for small r,
// and none is halved.
enum class FitLoss {
  squared,
  soft_l1,  // 2s²·(√(1 + (r/s)²) − 1): beyond s about linear
  cauchy,   // s²·ln(1 + (r/s)²): beyond s about logarithmic; it can ignore a point
};

struct LossChoice {
  FitLoss loss = FitLoss::squared;
  double scale_percent = 1.0;  // not used by the squared loss
};

// Where in the range of b the best fit was found. ln E_min + b is sought between 10⁻⁶ and 10⁴ times
// the span of ln E; at the lower end the curve plunges at the least energy, at the upper one it is
// straight in ln E. At either, b says only that.
enum class BestAt { inside, lower_end, upper_end };

struct DiminishingReturns {
  double a = 0.0;
  double b = 0.0;
  double c = 0.0;
  double residual_sum = 0.0;  // of what the loss makes of each residual; RSS for the squared one
  BestAt best_at = BestAt::inside;
  // log₁₀ of the energy in joules at which the curve reaches 100 %. Nothing where it doesn't rise,
  // or where even this logarithm is beyond a double.
  std::optional<double> log10_energy_j_at_100_percent;
};

// By variable projection: at each b, a and c are a linear fit (by reweighting for a robust loss,
// from the least-squares one); b itself is sought over a grid of ln(ln E_min + b), then by Brent's
// method. Undefined with fewer than four different energies, with an energy that is not above
// zero, an accuracy outside 0 … 100, a number that is not finite, equal accuracies throughout, or a
// scale that is not above zero.
std::optional<DiminishingReturns> fit_diminishing_returns(std::span<const AccuracyAndEnergy> points,
                                                          LossChoice loss = {});

// The curve at an energy; undefined where ln E + b is not above zero.
std::optional<double> accuracy_percent_at(const DiminishingReturns& curve, Joules energy);

}  // namespace wattfor
