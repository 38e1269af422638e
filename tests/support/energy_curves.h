#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "bench/batch_search.h"

namespace wattfor::test {

// Simulated truths for the batch search: energy per image over batch size, J. Every curve is
// c + a/b (a fixed cost a batch, shared by its images, that saturates), and by family
//   0  nothing else;
//   1  a step up by 5 to 60 % from some size on, where a cache is full;
//   2  a rise again, so that the curve is a U over log b;
//   3  each size off by up to 10 % either way: kernels that suit some sizes better than others;
//   4  a step and the bumps together.
struct EnergyCurve {
  int family = 0;
  std::map<int, double> energy;  // by batch size
};

inline EnergyCurve random_curve(const std::vector<int>& grid, std::mt19937_64& random) {
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * std::uniform_real_distribution<double>()(random);
  };
  EnergyCurve curve{.family = std::uniform_int_distribution<int>(0, 4)(random), .energy = {}};
  const double fixed = std::exp(uniform(std::log(0.1), std::log(50.0)));
  const double step_at = std::exp2(uniform(1.0, 9.0));
  const double step = uniform(1.05, 1.6);
  const double bottom = uniform(2.0, 9.0);
  const double curvature = uniform(0.005, 0.05);
  for (const int size : grid) {
    const double b = size;
    double energy = 1.0 + fixed / b;
    if ((curve.family == 1 || curve.family == 4) && b > step_at) energy *= step;
    if (curve.family == 2)
      energy *= 1.0 + curvature * std::pow(std::max(0.0, std::log2(b) - bottom), 2);
    if (curve.family >= 3) energy *= 1.0 + uniform(-0.1, 0.1);
    curve.energy[size] = energy;
  }
  return curve;
}

// What a search did on one curve.
struct SearchTrial {
  int measured = 0;  // sizes
  double excess_over_exhaustive =
      0.0;  // relative, in true energy, of its best over the exhaustive search's
  double excess_over_truth = 0.0;  // … over the truly best size
};

// Runs the search on readings of `curve` with a relative noise of `noise` (one standard deviation);
// the exhaustive search sees the same readings.
inline SearchTrial search_trial(const EnergyCurve& curve, double target, double noise,
                                std::mt19937_64& random) {
  std::vector<int> grid;
  std::map<int, double> readings;
  std::normal_distribution<double> error(0.0, noise);
  for (const auto& [size, energy] : curve.energy) {
    grid.push_back(size);
    readings[size] = energy * (1.0 + error(random));
  }
  SearchTrial trial;
  BatchSearch search(grid, target);
  while (const auto size = search.next()) {
    search.answer(*size, Joules(readings.at(*size)));
    ++trial.measured;
  }
  const auto least = [](const std::map<int, double>& values) {
    return std::ranges::min_element(values, {}, [](const auto& pair) { return pair.second; })
        ->first;
  };
  const double found = curve.energy.at(*search.best());
  trial.excess_over_exhaustive = found / curve.energy.at(least(readings)) - 1.0;
  trial.excess_over_truth = found / curve.energy.at(least(curve.energy)) - 1.0;
  return trial;
}

}  // namespace wattfor::test
