#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "analysis/pareto.h"

namespace wattfor {

struct Resampling {
  std::size_t resamples = 1000;
  std::uint64_t seed = 0;
};

// The 95 % percentile interval of log₁₀ E (in joules) at 100 %. An end is missing where the
// resampled curves there never reach 100 %: "above low", or nothing known.
struct BootstrapInterval {
  std::optional<double> low;
  std::optional<double> high;
  std::size_t fitted = 0;  // resamples with four different energies or more, which the fit needs
};

// What the energy at 100 % is worth that fit_diminishing_returns gives by least squares: from fits
// to as many points drawn from `points` with replacement. The draws depend on the seed alone, on
// every platform. Undefined where the points have no fit, or less than half of the resamples have
// one.
std::optional<BootstrapInterval> bootstrap_log10_energy_at_100_percent(
    std::span<const AccuracyAndEnergy> points, Resampling resampling = {});

}  // namespace wattfor
