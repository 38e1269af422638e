#include "analysis/training_extrapolation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace wattfor {
namespace {

using Factors = TrainingEpochs::Factors;
using Law = TrainingEpochs::Law;

constexpr double least_epoch_j = 1e-9;
constexpr double greatest_energy_j = 1e20;
constexpr double least_fraction = 1e-9;
constexpr int most_epochs = 1'000'000'000;

constexpr double two_sided_95 = 0.975;
constexpr double one_sided_99_5 = 0.995;

void check_energy(const std::string& what, double joules, double least) {
  if (joules >= least && joules <= greatest_energy_j) return;
  throw Error(ErrorCode::invalid_input,
              fmt::format("the energy of {} is {:g} J, expected {:g} to {:g} J", what, joules,
                          least, greatest_energy_j));
}

void check_fraction(const std::string& what, double fraction) {
  if (fraction >= least_fraction && fraction <= 1.0) return;
  throw Error(ErrorCode::invalid_input,
              fmt::format("the share of the data of {} is {:g}, expected above 0 and up to 1, as "
                          "0.01 for 1 %",
                          what, fraction));
}

void check(std::span<const ObservedTraining> runs, const TrainingTarget& target) {
  if (runs.empty()) {
    throw Error(ErrorCode::invalid_input, "no run to extrapolate from, expected at least one");
  }
  if (target.epochs < 1 || target.epochs > most_epochs) {
    throw Error(ErrorCode::invalid_input, fmt::format("the target has {} epochs, expected 1 to {}",
                                                      target.epochs, most_epochs));
  }
  check_fraction("the target", target.data_fraction);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string run = fmt::format("run {}", i + 1);
    check_fraction(run, runs[i].data_fraction);
    if (runs[i].before_first_epoch) {
      check_energy(fmt::format("{} before its first epoch", run),
                   runs[i].before_first_epoch->value(), 0.0);
    }
    if (runs[i].epochs.empty()) {
      throw Error(ErrorCode::invalid_input,
                  fmt::format("{} has no epochs, expected at least one", run));
    }
    for (std::size_t k = 0; k < runs[i].epochs.size(); ++k) {
      check_energy(fmt::format("epoch {} of {}", k + 1, run), runs[i].epochs[k].value(),
                   least_epoch_j);
    }
  }
}

TrainingEpochs epochs_of(std::span<const ObservedTraining> observed) {
  std::vector<RunOfEpochs> runs;
  for (const ObservedTraining& each : observed) {
    RunOfEpochs run{.data_fraction = each.data_fraction, .epochs = {}};
    for (const Joules energy : each.epochs) run.epochs.push_back(energy.value());
    runs.push_back(std::move(run));
  }
  return TrainingEpochs(std::move(runs));
}

// E₀ and what that of a further training may be off by.
struct Start {
  FittedJoules fitted;
  EstimatedVariance of_another;
  bool is_assumed = false;
};

std::optional<Start> start_of(std::span<const ObservedTraining> observed) {
  double sum = 0.0;
  double count = 0.0;
  for (const ObservedTraining& run : observed) {
    if (!run.before_first_epoch) continue;
    sum += run.before_first_epoch->value();
    count += 1.0;
  }
  if (count == 0.0) return std::nullopt;
  const double mean = sum / count;
  Start start{.fitted = {.value = mean, .standard_error = {}},
              .of_another = {},
              .is_assumed = count == 1.0};
  if (start.is_assumed) {
    start.of_another.variance = 2.0 * assumed_spread * mean * assumed_spread * mean;
    return start;
  }
  double squares = 0.0;
  for (const ObservedTraining& run : observed) {
    if (!run.before_first_epoch) continue;
    const double off = run.before_first_epoch->value() - mean;
    squares += off * off;
  }
  const double variance = squares / (count - 1.0);
  start.fitted.standard_error = std::sqrt(variance / count);
  start.of_another = {.variance = variance * (1.0 + 1.0 / count), .freedom = count - 1.0};
  return start;
}

// A training whose epochs are one linear function of those that were measured.
struct WholeTraining {
  double energy = 0.0;
  VarianceSum error;

  Interval interval(double share) const {
    const double reach = error.quantile(share);
    return {.low = std::max(energy - reach, 0.0), .high = energy + reach};
  }
  ExtrapolatedEnergy predicted() const { return {Joules(energy), interval(two_sided_95)}; }
};

WholeTraining whole_training(const TrainingEpochs& training, const Factors& factors,
                             const TrainingTarget& target, const std::optional<Start>& start) {
  const auto warm_up = std::min(training.warm_up(), static_cast<std::size_t>(target.epochs));
  const double steady = target.epochs - static_cast<double>(warm_up);
  const double epoch = training.mean(factors);
  WholeTraining whole{.energy = steady * epoch, .error = {}};
  TrainingEpochs::Uncertainty error(training);
  Factors of_means = factors;
  for (double& factor : of_means) factor *= steady;
  error.add_means(of_means);
  error.add_new_epochs(steady, epoch, target.data_fraction);
  for (std::size_t k = 0; k < warm_up; ++k) {
    double energy = 0.0;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      const TrainingEpochs::Run& run = training.runs()[i];
      if (factors[i] == 0.0) continue;
      energy += factors[i] * run.epochs[k];
      error.add_epoch(run, factors[i] * run.epochs[k]);
    }
    whole.energy += energy;
    error.add_new_epochs(1.0, energy, target.data_fraction);
  }
  whole.error = error.sum();
  if (start) {
    whole.energy += start->fitted.value;
    whole.error.add(start->of_another);
  }
  return whole;
}

struct Part {
  FittedJoules fitted;
  bool is_below_zero = false;  // by more than chance makes it in 39 of 40 trainings
};

Part part_of_epoch(const TrainingEpochs& training, const Factors& factors) {
  TrainingEpochs::Uncertainty error(training);
  error.add_means(factors);
  const VarianceSum sum = error.sum();
  const double value = training.mean(factors);
  return {.fitted = {.value = value, .standard_error = sum.deviation()},
          .is_below_zero = value + sum.quantile(two_sided_95) < 0.0};
}

EpochParts parts_of_epoch(const TrainingEpochs& training) {
  const Part startup = part_of_epoch(training, training.line_at(0.0));
  const Part data = part_of_epoch(training, training.line_slope());
  EpochParts parts{.startup = startup.fitted, .data = data.fitted};
  if (startup.fitted.value < 0.0) {
    parts.held_at_zero = HeldAtZero::startup;
    parts.startup.value = 0.0;
    parts.data.value = training.mean(training.one_part(Law::proportional, 1.0));
  } else if (data.fitted.value < 0.0) {
    parts.held_at_zero = HeldAtZero::data;
    parts.data.value = 0.0;
    parts.startup.value = training.mean(training.one_part(Law::constant, 1.0));
  }
  parts.contradicts_model = startup.is_below_zero || data.is_below_zero;
  return parts;
}

Factors epoch_at(const TrainingEpochs& training, const std::optional<EpochParts>& parts,
                 double data_fraction) {
  if (!parts || parts->held_at_zero == HeldAtZero::data) {
    return training.one_part(Law::constant, data_fraction);
  }
  if (parts->held_at_zero == HeldAtZero::startup) {
    return training.one_part(Law::proportional, data_fraction);
  }
  return training.line_at(data_fraction);
}

// From two shares or more.
ExtrapolatedEnergy predicted_from_line(const TrainingEpochs& training, const EpochParts& parts,
                                       const TrainingTarget& target,
                                       const std::optional<Start>& start) {
  const auto whole = [&](const Factors& factors) {
    return whole_training(training, factors, target, start);
  };
  const double at = target.data_fraction;
  const WholeTraining best = whole(epoch_at(training, parts, at));
  Interval interval = whole(training.line_at(at)).interval(two_sided_95);
  const std::size_t nearest = training.nearest_share(at);
  const Interval constant =
      whole(training.one_part(Law::constant, at, nearest)).interval(one_sided_99_5);
  const Interval proportional =
      whole(training.one_part(Law::proportional, at, nearest)).interval(one_sided_99_5);
  interval.low = std::max(interval.low, std::min(constant.low, proportional.low));
  interval.high = std::min(interval.high, std::max(constant.high, proportional.high));
  if (parts.contradicts_model) {
    const Interval held = best.interval(two_sided_95);
    interval = {.low = std::min(interval.low, held.low),
                .high = std::max(interval.high, held.high)};
  }
  return {.energy = Joules(best.energy),
          .interval = {.low = std::min(interval.low, best.energy),
                       .high = std::max(interval.high, best.energy)}};
}

void fit_observed(TrainingExtrapolation& result, const TrainingEpochs& training) {
  double mean = 0.0;
  double count = 0.0;
  for (const TrainingEpochs::Run& run : training.runs()) {
    mean += run.steady.mean * run.steady.count();
    count += run.steady.count();
  }
  mean /= count;
  double about_fit = 0.0;
  double about_mean = 0.0;
  for (const TrainingEpochs::Run& run : training.runs()) {
    const double fitted = training.mean(epoch_at(training, result.parts, run.data_fraction));
    ObservedFit fit{
        .steady_epoch = Joules(fitted), .residuals_j = {}, .trend = epoch_trend(run.steady)};
    for (std::size_t k = 0; k < run.epochs.size(); ++k) {
      const double residual = run.epochs[k] - fitted;
      fit.residuals_j.push_back(residual);
      if (k < training.warm_up()) continue;
      about_fit += residual * residual;
      about_mean += (run.epochs[k] - mean) * (run.epochs[k] - mean);
    }
    result.runs.push_back(std::move(fit));
  }
  if (result.parts && about_mean > 0.0) {
    result.r_squared = std::max(1.0 - about_fit / about_mean, 0.0);
  }
}

void measure_reach(TrainingExtrapolation& result, std::span<const ObservedTraining> runs,
                   const TrainingTarget& target) {
  std::size_t epochs = 0;
  double least = 1.0;
  double greatest = 0.0;
  for (const ObservedTraining& run : runs) {
    epochs = std::max(epochs, run.epochs.size());
    least = std::min(least, run.data_fraction);
    greatest = std::max(greatest, run.data_fraction);
  }
  result.beyond_epochs = std::max(1.0, target.epochs / static_cast<double>(epochs));
  result.beyond_data_fraction =
      std::max({1.0, target.data_fraction / greatest, least / target.data_fraction});
}

}  // namespace

TrainingExtrapolation extrapolate_training(std::span<const ObservedTraining> runs,
                                           const TrainingTarget& target) {
  check(runs, target);
  const TrainingEpochs training = epochs_of(runs);
  const std::optional<Start> start = start_of(runs);
  TrainingExtrapolation result;
  if (training.shares().size() > 1) {
    result.parts = parts_of_epoch(training);
    result.predicted = predicted_from_line(training, *result.parts, target, start);
  } else {
    const auto whole = [&](Law law) {
      return whole_training(training, training.one_part(law, target.data_fraction), target, start)
          .predicted();
    };
    if (training.is_share(target.data_fraction)) {
      result.predicted = whole(Law::constant);
    } else {
      result.bracket = ShareBracket{.startup_alone = whole(Law::constant),
                                    .data_alone = whole(Law::proportional)};
    }
  }
  if (start) {
    result.before_first_epoch = start->fitted;
    result.start_spread_is_assumed = start->is_assumed;
  }
  fit_observed(result, training);
  result.warm_up_epochs = training.warm_up();
  result.warm_up_is_hidden = std::ranges::all_of(
      runs, [](const ObservedTraining& run) { return run.epochs.size() < fewest_to_tell_warm_up; });
  const std::size_t nearest = training.nearest_share(target.data_fraction);
  result.relative_spread = std::sqrt(training.spread_at(nearest).variance);
  result.spread_is_assumed = training.spread_is_assumed();
  result.scatters = training.scatters();
  result.autocorrelation = training.rho();
  measure_reach(result, runs, target);
  return result;
}

}  // namespace wattfor
