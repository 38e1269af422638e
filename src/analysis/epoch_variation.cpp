#include "analysis/epoch_variation.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace wattfor {
namespace {

constexpr double warm_up_level = 0.02;
constexpr double trend_level = 0.01;
// What neighbours with ρ = 0.3 make the variance of a slope greater by, (1+ρ)/(1−ρ). ρ is not
// estimated here: a throttling that sets in at once is no line, and what is left of it looks like
// ρ.
constexpr double trend_inflation = 1.3 / 0.7;
// What warms or cools a machine, and who else uses it, outlasts an epoch, so successive ones are
// expected to be somewhat alike; 25 pairs tell ρ as well as a prior with a deviation of 0.2 does.
constexpr double expected_autocorrelation = 0.2;
constexpr double pairs_of_expectation = 25.0;
constexpr double greatest_autocorrelation = 0.95;
// Relative: below this, energies are equal up to the digits they were written with.
constexpr double least_variance = 1e-12;

double average(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

bool is_off_those_after(std::span<const EpochEnergies> runs, std::size_t epoch, double level) {
  double off = 0.0;
  double squares = 0.0;
  double compared = 0.0;
  double freedom = 0.0;
  for (const EpochEnergies& run : runs) {
    if (run.size() < epoch + 2) continue;
    const SteadyEpochs after = steady_epochs(run, epoch);
    const double deviation = run[epoch - 1] / after.mean - 1.0;
    off += deviation * deviation / (1.0 + 1.0 / after.count());
    squares += after.sum_of_squares();
    compared += 1.0;
    freedom += after.count() - 1.0;
  }
  if (compared == 0.0) return false;
  const double variance = std::max(squares / freedom, least_variance);
  const boost::math::fisher_f distribution(compared, freedom);
  return boost::math::cdf(boost::math::complement(distribution, off / compared / variance)) < level;
}

}  // namespace

double SteadyEpochs::sum_of_squares() const {
  return std::inner_product(deviations.begin(), deviations.end(), deviations.begin(), 0.0);
}

SteadyEpochs steady_epochs(const EpochEnergies& run, std::size_t warm_up) {
  SteadyEpochs steady;
  if (run.size() <= warm_up) return steady;
  const std::span<const double> after = std::span(run).subspan(warm_up);
  // The mean of the ratios to the first is exact where all are equal.
  for (const double energy : after) steady.deviations.push_back(energy / after.front() - 1.0);
  const double off = average(steady.deviations);
  steady.mean = after.front() * (1.0 + off);
  for (double& deviation : steady.deviations) deviation = (deviation - off) / (1.0 + off);
  return steady;
}

std::size_t warm_up_epochs(std::span<const EpochEnergies> runs) {
  std::size_t shortest = 0;
  for (const EpochEnergies& run : runs) {
    if (run.size() >= fewest_to_tell_warm_up && (shortest == 0 || run.size() < shortest))
      shortest = run.size();
  }
  const std::size_t candidates = shortest / 3;
  const double level = warm_up_level / static_cast<double>(std::max<std::size_t>(candidates, 1));
  std::size_t epochs = candidates;
  while (epochs > 0 && !is_off_those_after(runs, epochs, level)) --epochs;
  return epochs;
}

double autocorrelation(std::span<const SteadyEpochs> runs) {
  double squares = 0.0;
  double freedom = 0.0;
  for (const SteadyEpochs& run : runs) {
    if (run.deviations.size() < 2) continue;
    squares += run.sum_of_squares();
    freedom += run.count() - 1.0;
  }
  const double variance = freedom > 0.0 ? squares / freedom : 0.0;
  if (variance < least_variance) return expected_autocorrelation;
  double products = 0.0;  // of neighbours, in variances
  double lost = 0.0;      // of these, if epochs are independent, as their mean is estimated
  double pairs = 0.0;
  for (const SteadyEpochs& run : runs) {
    for (std::size_t i = 1; i < run.deviations.size(); ++i) {
      products += run.deviations[i - 1] * run.deviations[i] / variance;
      lost += 1.0 / run.count();
      pairs += 1.0;
    }
  }
  const double rho = (products + lost + pairs_of_expectation * expected_autocorrelation) /
                     (pairs + pairs_of_expectation);
  return std::clamp(rho, 0.0, greatest_autocorrelation);
}

double variance_inflation(double count, double rho) {
  const double apart = 1.0 - rho;
  return (1.0 + rho) / apart - 2.0 * rho * (1.0 - std::pow(rho, count)) / (count * apart * apart);
}

std::optional<EpochTrend> epoch_trend(const SteadyEpochs& run) {
  if (run.deviations.size() < 4) return std::nullopt;
  const double middle = (run.count() - 1.0) / 2.0;
  const double xx = run.count() * (run.count() * run.count() - 1.0) / 12.0;
  double xy = 0.0;
  for (std::size_t i = 0; i < run.deviations.size(); ++i) {
    xy += (static_cast<double>(i) - middle) * run.deviations[i];
  }
  const double slope = xy / xx;
  const double freedom = run.count() - 2.0;
  const double about_line = std::max(run.sum_of_squares() - slope * xy, 0.0);
  const double variance = std::max(about_line / freedom, least_variance);
  const double error = std::sqrt(variance / xx * trend_inflation);
  const boost::math::students_t distribution(freedom);
  const double p =
      2.0 * boost::math::cdf(boost::math::complement(distribution, std::abs(slope) / error));
  if (p >= trend_level) return std::nullopt;
  return EpochTrend{.per_epoch = slope, .standard_error = error};
}

}  // namespace wattfor
