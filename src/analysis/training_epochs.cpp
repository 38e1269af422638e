#include "analysis/training_epochs.h"

#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <utility>

namespace wattfor {
namespace {

constexpr double same_share = 1e-3;  // relative
// Spreads that differ and are taken to be one make the interval too narrow, those that don't and
// are taken apart hardly wider; so the first is the graver error.
constexpr double spread_level = 0.2;
constexpr double scatter_level = 0.05;
// Relative: below this, energies are equal up to the digits they were written with.
constexpr double equal_variance = 1e-12;

bool is_same_share(double less, double more) { return more - less <= same_share * less; }

double p_of_ratio(double ratio, double freedom_above, double freedom_below) {
  const boost::math::fisher_f distribution(freedom_above, freedom_below);
  return boost::math::cdf(boost::math::complement(distribution, ratio));
}

// Whether any two differ by more than chance makes them; the level is shared among the pairs.
bool differ(std::span<const EstimatedVariance> spreads) {
  double pairs = 0.0;
  double least_p = 1.0;
  for (std::size_t i = 0; i < spreads.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (spreads[i].freedom == 0.0 || spreads[j].freedom == 0.0) continue;
      const bool rises = spreads[j].variance < spreads[i].variance;
      const EstimatedVariance& more = spreads[rises ? i : j];
      const EstimatedVariance& less = spreads[rises ? j : i];
      const double ratio = (more.variance + equal_variance) / (less.variance + equal_variance);
      least_p = std::min(least_p, 2.0 * p_of_ratio(ratio, more.freedom, less.freedom));
      pairs += 1.0;
    }
  }
  return pairs > 0.0 && least_p * pairs < spread_level;
}

// Sums of squares over runs, and what they amount to in variances of an epoch.
struct SpreadSum {
  double squares = 0.0;
  double variances = 0.0;
  double freedom = 0.0;

  void add(const SteadyEpochs& run, double rho) {
    squares += run.sum_of_squares();
    variances += run.count() - variance_inflation(run.count(), rho);
    freedom += run.count() - 1.0;
  }
  EstimatedVariance estimate() const {
    return {.variance = freedom > 0.0 ? squares / variances : 0.0, .freedom = freedom};
  }
};

}  // namespace

TrainingEpochs::TrainingEpochs(std::vector<RunOfEpochs> runs) {
  std::vector<EpochEnergies> energies;
  energies.reserve(runs.size());
  for (const RunOfEpochs& run : runs) energies.push_back(run.epochs);
  warm_up_ = warm_up_epochs(energies);
  std::vector<SteadyEpochs> steady;
  steady.reserve(energies.size());
  for (const EpochEnergies& run : energies) steady.push_back(steady_epochs(run, warm_up_));
  rho_ = autocorrelation(steady);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Run run{.data_fraction = runs[i].data_fraction,
            .epochs = std::move(runs[i].epochs),
            .steady = std::move(steady[i])};
    if (const double count = run.steady.count(); count > 0.0) {
      run.mean_variance = variance_inflation(count, rho_) / count;
      run.weight = 1.0 / (run.mean_variance * run.steady.mean * run.steady.mean);
      shares_.push_back(run.data_fraction);
    }
    runs_.push_back(std::move(run));
  }
  std::ranges::sort(shares_);
  const auto same = std::ranges::unique(shares_, is_same_share);
  shares_.erase(same.begin(), same.end());
  for (Run& run : runs_) run.share = nearest_share(run.data_fraction);
  estimate_spreads();
  estimate_scatter();
}

std::size_t TrainingEpochs::nearest_share(double data_fraction) const {
  std::size_t nearest = 0;
  double least = std::abs(std::log(shares_[0] / data_fraction));
  for (std::size_t i = 1; i < shares_.size(); ++i) {
    const double away = std::abs(std::log(shares_[i] / data_fraction));
    if (away > least) continue;
    nearest = i;
    least = away;
  }
  return nearest;
}

bool TrainingEpochs::is_share(double data_fraction) const {
  const double nearest = shares_[nearest_share(data_fraction)];
  return is_same_share(std::min(nearest, data_fraction), std::max(nearest, data_fraction));
}

const EstimatedVariance& TrainingEpochs::spread_at(std::size_t share) const {
  return spreads_[spread_of_share_[share]];
}

// One spread for all, or one of each share and, for shares with nothing to tell it from, that of
// all.
void TrainingEpochs::estimate_spreads() {
  SpreadSum all;
  std::vector<SpreadSum> sums(shares_.size());
  for (const Run& run : runs_) {
    if (run.steady.deviations.size() < 2) continue;
    all.add(run.steady, rho_);
    sums[run.share].add(run.steady, rho_);
  }
  spread_of_share_.assign(shares_.size(), 0);
  if (all.freedom == 0.0) {
    spread_is_assumed_ = true;
    spreads_.push_back({.variance = assumed_spread * assumed_spread});
    return;
  }
  spreads_.push_back(all.estimate());
  std::vector<EstimatedVariance> apart;
  apart.reserve(sums.size());
  for (const SpreadSum& sum : sums) apart.push_back(sum.estimate());
  if (!differ(apart)) return;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    if (apart[i].freedom == 0.0) continue;
    spread_of_share_[i] = spreads_.size();
    spreads_.push_back(apart[i]);
  }
}

void TrainingEpochs::estimate_scatter() {
  double squares = 0.0;
  double expected = 0.0;
  double means = 0.0;
  double freedom_of_epochs = 0.0;
  for (const Run& run : runs_) {
    if (run.weight == 0.0) continue;
    const Factors fitted = shares_.size() > 1 ? line_at(run.data_fraction)
                                              : one_part(Law::constant, run.data_fraction);
    const double off = run.steady.mean - mean(fitted);
    squares += run.weight * off * off;
    expected += spread_at(run.share).variance;
    means += 1.0;
    freedom_of_epochs += run.steady.count() - 1.0;
  }
  const double freedom = means - (shares_.size() > 1 ? 2.0 : 1.0);
  if (freedom < 1.0) return;
  const EstimatedVariance scatter{.variance = squares / freedom, .freedom = freedom};
  if (spread_is_assumed_) {
    // Runs of one epoch each tell by how much epochs vary, where there are more than the line
    // needs.
    spread_is_assumed_ = false;
    spreads_[0] = scatter;
    return;
  }
  const double ratio = scatter.variance / (expected / means + equal_variance);
  if (p_of_ratio(ratio, freedom, freedom_of_epochs) < scatter_level) scatter_ = scatter;
}

TrainingEpochs::Factors TrainingEpochs::line(double constant, double data_fraction) const {
  double weights = 0.0;
  double middle = 0.0;
  for (const Run& run : runs_) {
    weights += run.weight;
    middle += run.weight * run.data_fraction;
  }
  middle /= weights;
  double squares = 0.0;
  for (const Run& run : runs_) {
    squares += run.weight * (run.data_fraction - middle) * (run.data_fraction - middle);
  }
  const double away = (data_fraction - constant * middle) / squares;
  Factors factors;
  for (const Run& run : runs_) {
    factors.push_back(run.weight * (constant / weights + away * (run.data_fraction - middle)));
  }
  return factors;
}

TrainingEpochs::Factors TrainingEpochs::one_part(Law law, double data_fraction,
                                                 std::optional<std::size_t> share) const {
  const auto shape = [law](double fraction) { return law == Law::constant ? 1.0 : fraction; };
  Factors factors;
  double squares = 0.0;
  for (const Run& run : runs_) {
    const double weight = share && run.share != *share ? 0.0 : run.weight;
    const double x = shape(run.data_fraction);
    squares += weight * x * x;
    factors.push_back(weight * x * shape(data_fraction));
  }
  for (double& factor : factors) factor /= squares;
  return factors;
}

double TrainingEpochs::mean(const Factors& factors) const {
  double sum = 0.0;
  for (std::size_t i = 0; i < factors.size(); ++i) sum += factors[i] * runs_[i].steady.mean;
  return sum;
}

TrainingEpochs::Uncertainty::Uncertainty(const TrainingEpochs& training)
    : training_(training), multiples_(training.spreads_.size() + 1) {}

void TrainingEpochs::Uncertainty::add_means(const Factors& factors) {
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const Run& run = training_.runs_[i];
    if (run.weight == 0.0) continue;
    const std::size_t source =
        training_.scatter_ ? training_.spreads_.size() : training_.spread_of_share_[run.share];
    const double joules = factors[i] * run.steady.mean;
    multiples_[source] += joules * joules * run.mean_variance;
  }
}

void TrainingEpochs::Uncertainty::add_epoch(const Run& run, double joules) {
  multiples_[training_.spread_of_share_[run.share]] += joules * joules;
}

void TrainingEpochs::Uncertainty::add_new_epochs(double count, double each_j,
                                                 double data_fraction) {
  if (count == 0.0) return;
  const std::size_t spread = training_.spread_of_share_[training_.nearest_share(data_fraction)];
  multiples_[spread] += count * variance_inflation(count, training_.rho_) * each_j * each_j;
  if (!training_.scatter_) return;
  // A further run is off the line as those before it are.
  double mean_variance = 0.0;
  double means = 0.0;
  for (const Run& run : training_.runs_) {
    if (run.weight == 0.0) continue;
    mean_variance += run.mean_variance;
    means += 1.0;
  }
  multiples_.back() += mean_variance / means * count * each_j * count * each_j;
}

VarianceSum TrainingEpochs::Uncertainty::sum() const {
  VarianceSum sum;
  for (std::size_t i = 0; i < multiples_.size(); ++i) {
    if (multiples_[i] == 0.0) continue;
    const EstimatedVariance& source =
        i < training_.spreads_.size() ? training_.spreads_[i] : *training_.scatter_;
    sum.add({.variance = multiples_[i] * source.variance, .freedom = source.freedom});
  }
  return sum;
}

}  // namespace wattfor
