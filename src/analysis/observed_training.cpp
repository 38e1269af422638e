#include "analysis/observed_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "base/error.h"

namespace wattfor {
namespace {

std::optional<RelativeError> relative(const EnergyFigure& figure,
                                      const std::optional<Interval>& interval) {
  const double energy = figure.energy.value();
  if (!interval || !(energy > 0.0)) return std::nullopt;
  return RelativeError{.below = std::max(0.0, energy - interval->low) / energy,
                       .above = std::max(0.0, interval->high - energy) / energy};
}

// Adds what follows each of the epochs, which may be nothing; of the last one that is not listed,
// as the run ends there.
void add_what_follows(std::vector<Joules>& epochs, const std::vector<double>& following_j) {
  const std::span others(following_j.data(), following_j.size() - 1);
  if (others.empty()) return;
  const double mean_j =
      std::accumulate(others.begin(), others.end(), 0.0) / static_cast<double>(others.size());
  const bool each_has_some =
      std::ranges::all_of(others, [](double joules) { return joules > 0.0; });
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    const bool own = each_has_some && i < others.size();
    epochs[i] = epochs[i] + Joules(own ? following_j[i] : mean_j);
  }
}

}  // namespace

ObservedRun observed_run(const Measurement& run) {
  ObservedRun observed;
  const TrainingFacts facts = run.training.value_or(TrainingFacts{});
  observed.data_fraction_is_told = facts.data_fraction.has_value();
  observed.training.data_fraction = facts.data_fraction.value_or(1.0);
  if (const auto& total = run.energy.total.gross) {
    observed.absolute = relative(*total, total->absolute);
    observed.comparison = relative(*total, total->comparison);
  }

  std::vector<Joules>& epochs = observed.training.epochs;
  std::vector<double> following_j;  // beside them
  bool is_after_counted = false;    // the latest epoch counts
  bool is_first = true;
  bool has_startup = false;
  for (const MarkedWindow& window : run.windows) {
    switch (window.kind) {
      case WindowKind::startup:
        has_startup = true;
        if (window.gross) observed.training.before_first_epoch = window.gross->energy;
        break;
      case WindowKind::epoch: {
        // One that was begun, and not with the run, has less before it than is listed.
        if (is_first && !has_startup) {
          observed.startup_is_in_first_epoch = window.start <= Seconds(0.0);
          if (!observed.startup_is_in_first_epoch) {
            observed.training.before_first_epoch = Joules(0.0);
          }
        }
        is_first = false;
        is_after_counted = window.ended && window.gross && window.gross->energy > Joules(0.0);
        if (!is_after_counted) {
          ++observed.left_out;
          break;
        }
        epochs.push_back(window.gross->energy);
        following_j.push_back(0.0);
        observed.basis = std::max(observed.basis, window.basis);
        break;
      }
      case WindowKind::between:
        if (window.gross && is_after_counted) following_j.back() += window.gross->energy.value();
        break;
      case WindowKind::named:
        break;
    }
  }
  if (epochs.empty()) {
    throw Error(ErrorCode::invalid_input,
                fmt::format("run {} ({}) has no epoch with an energy{}: mark where its epochs end "
                            "(`wattfor mark epoch`, or run.epoch() in Python)",
                            run.id, run.name, observed.left_out > 0 ? " that has ended" : ""));
  }
  if (epochs.size() == 1 && following_j.front() == 0.0) {
    const MarkedWindow& only = *std::ranges::find_if(run.windows, [](const MarkedWindow& window) {
      return window.kind == WindowKind::epoch && window.ended && window.gross;
    });
    constexpr double worth_saying = 0.02;  // of the epoch
    const Seconds rest = run.energy.duration - only.start - only.duration;
    observed.what_follows_is_unknown = rest > worth_saying * only.duration;
  }
  add_what_follows(epochs, following_j);
  return observed;
}

EnergyFigure with_sensor_error(const ExtrapolatedEnergy& energy,
                               const std::optional<RelativeError>& absolute,
                               const std::optional<RelativeError>& comparison) {
  const double value = energy.energy.value();
  const auto with = [&](const std::optional<RelativeError>& error) -> std::optional<Interval> {
    if (!error) return std::nullopt;
    return Interval{.low = value - std::hypot(value - energy.interval.low, value * error->below),
                    .high = value + std::hypot(energy.interval.high - value, value * error->above)};
  };
  return not_negative(
      {.energy = energy.energy, .absolute = with(absolute), .comparison = with(comparison)});
}

}  // namespace wattfor
