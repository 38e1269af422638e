#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace wattfor {

// How the epochs of a training differ from each other, of energies in joules, all above zero, in
// their order. Deviations are relative, to the mean of the run: what makes an epoch differ (clocks,
// temperature, other programs) goes on for as long as it lasts, so an epoch of 1 % of the data and
// one of all are off by like shares of their energy, not by like joules.
using EpochEnergies = std::vector<double>;

// How many of the first epochs are off those after them, one number for all runs of a training:
// the greatest k for which epoch k is further from the mean of the epochs after it, over the runs
// together, than these differ among themselves: an F test at 2 % in all, with the epochs after k
// alone in its denominator, so that a great warm-up can't hide itself. k is at most a third of the
// shortest run that has `fewest_to_tell_warm_up`; shorter ones have no say.
inline constexpr std::size_t fewest_to_tell_warm_up = 3;
std::size_t warm_up_epochs(std::span<const EpochEnergies> runs);

// The epochs of a run after its warm-up.
struct SteadyEpochs {
  double mean = 0.0;               // joules
  std::vector<double> deviations;  // relative; none where the run ended before

  double count() const { return static_cast<double>(deviations.size()); }
  double sum_of_squares() const;
};
SteadyEpochs steady_epochs(const EpochEnergies& run, std::size_t warm_up);

// How alike successive epochs are: ρ of a first-order autoregression. Three to six epochs hardly
// tell, so it is drawn towards an expectation of 0.2 that counts as much as 25 pairs of epochs; not
// below zero, where the interval would gain from it. What the estimate loses because the mean is
// estimated, too, is given back.
double autocorrelation(std::span<const SteadyEpochs> runs);

// By how much the variance of a sum of `count` such epochs is greater than of independent ones:
// 1 + 2·Σ (1−k/n)·ρᵏ, k = 1 … n−1.
double variance_inflation(double count, double rho);

// A run whose epochs rise or fall. As a share of the mean epoch's energy, for each epoch.
struct EpochTrend {
  double per_epoch = 0.0;
  double standard_error = 0.0;
};

// By least squares. Nothing where chance makes such a slope of epochs without one in more than 1 of
// 100 runs, with successive ones alike by ρ = 0.3; nothing for fewer than four epochs.
std::optional<EpochTrend> epoch_trend(const SteadyEpochs& run);

}  // namespace wattfor
