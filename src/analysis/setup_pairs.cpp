#include "analysis/setup_pairs.h"

#include <cmath>
#include <utility>

#include "analysis/correlation.h"
#include "analysis/known_pairs.h"

namespace wattfor {
namespace {

template <class Visit>
void for_each_pair(std::span<const SetupColumns* const> setups, const Visit& visit) {
  for (std::size_t i = 0; i < setups.size(); ++i) {
    for (std::size_t j = i + 1; j < setups.size(); ++j) visit(*setups[i], *setups[j]);
  }
}

SetupCorrelation correlate(const SetupColumns& a, const SetupColumns& b, const KnownPairs& pairs,
                           bool is_joint) {
  return {.a = a.setup.id,
          .b = b.setup.id,
          .models = pairs.rows.size(),
          .is_joint = is_joint,
          .pearson = pearson(pairs.x, pairs.y),
          .spearman = spearman(pairs.x, pairs.y)};
}

std::vector<double> logarithms(std::span<const double> a, std::span<const double> b) {
  std::vector<double> logarithms(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) logarithms[i] = std::log(a[i] / b[i]);
  return logarithms;
}

std::vector<double> ratios_of(const KnownPairs& pairs) {
  std::vector<double> ratios(pairs.rows.size());
  for (std::size_t i = 0; i < ratios.size(); ++i) ratios[i] = pairs.x[i] / pairs.y[i];
  return ratios;
}

bool takes_less(const SetupColumns& a, const SetupColumns& b) {
  const auto factor = distribution_of(ratios_of(known_pairs(a.energy_j, b.energy_j)));
  return factor && factor->geometric_mean < 1.0;
}

std::optional<SetupReduction> reduction_between(const SetupColumns& a, const SetupColumns& b) {
  const KnownPairs energies = known_pairs(a.energy_j, b.energy_j);
  const std::vector<double> factors = ratios_of(energies);
  const auto factor = distribution_of(factors);
  if (!factor) return std::nullopt;
  SetupReduction reduction{.from = a.setup.id,
                           .to = b.setup.id,
                           .factor = *factor,
                           .by_energy = std::nullopt,
                           .by_throughput_gain = std::nullopt,
                           .throughput_gain_pearson = std::nullopt};
  const std::vector<double> joule(energies.x.size(), 1.0);
  reduction.by_energy = fit_line(logarithms(energies.x, joule), logarithms(energies.x, energies.y));
  std::vector<double> gains;
  std::vector<double> factors_of_these;
  for (std::size_t i = 0; i < energies.rows.size(); ++i) {
    const std::size_t row = energies.rows[i];
    const double gain = std::log(b.throughput_per_s[row] / a.throughput_per_s[row]);
    if (!std::isfinite(gain)) continue;
    gains.push_back(gain);
    factors_of_these.push_back(std::log(factors[i]));
  }
  reduction.by_throughput_gain = fit_line(gains, factors_of_these);
  reduction.throughput_gain_pearson = pearson(gains, factors_of_these);
  return reduction;
}

}  // namespace

std::vector<SetupCorrelation> setup_correlations(std::span<const SetupColumns* const> setups) {
  std::vector<SetupCorrelation> correlations;
  for_each_pair(setups, [&](const SetupColumns& a, const SetupColumns& b) {
    correlations.push_back(correlate(a, b, known_pairs(a.energy_j, b.energy_j), false));
  });
  std::vector<bool> is_missing(setups.empty() ? 0 : setups.front()->basis.size(), false);
  for (const SetupColumns* setup : setups) {
    for (std::size_t row = 0; row < is_missing.size(); ++row) {
      if (std::isnan(setup->energy_j[row])) is_missing[row] = true;
    }
  }
  for_each_pair(setups, [&](const SetupColumns& a, const SetupColumns& b) {
    const KnownPairs joint =
        known_pairs(a.energy_j, b.energy_j, [&](std::size_t row) { return is_missing[row]; });
    correlations.push_back(correlate(a, b, joint, true));
  });
  return correlations;
}

std::vector<SetupReduction> setup_reductions(std::span<const SetupColumns* const> setups) {
  std::vector<SetupReduction> reductions;
  for_each_pair(setups, [&](const SetupColumns& a, const SetupColumns& b) {
    if (a.setup.device.empty() || a.setup.device != b.setup.device) return;
    auto reduction = takes_less(a, b) ? reduction_between(b, a) : reduction_between(a, b);
    if (reduction) reductions.push_back(std::move(*reduction));
  });
  return reductions;
}

}  // namespace wattfor
