#include "analysis/observed_training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/error.h"

namespace wattfor {
namespace {

// What is left of the absolute half-width without the comparison's, relative to the energy.
double common_share(double energy_j, double absolute_half_j, double comparison_half_j) {
  const double squared = absolute_half_j * absolute_half_j - comparison_half_j * comparison_half_j;
  return std::sqrt(std::max(0.0, squared)) / energy_j;
}

Interval common_of(const std::optional<EnergyFigure>& total) {
  if (!total || !total->absolute || !(total->energy.value() > 0.0)) return {};
  const double energy = total->energy.value();
  // Without a comparison interval all of it may be common.
  const Interval comparison = total->comparison.value_or(Interval{.low = energy, .high = energy});
  return {.low = common_share(energy, energy - total->absolute->low, energy - comparison.low),
          .high = common_share(energy, total->absolute->high - energy, comparison.high - energy)};
}

}  // namespace

ObservedRun observed_run(const Measurement& run) {
  ObservedRun observed;
  const TrainingFacts facts = run.training.value_or(TrainingFacts{});
  observed.data_fraction_is_told = facts.data_fraction.has_value();
  observed.training.data_fraction = facts.data_fraction.value_or(1.0);
  observed.common = common_of(run.energy.total.gross);

  std::vector<Joules>& epochs = observed.training.epochs;
  std::vector<double> between_j;
  bool is_after_an_epoch = false;  // that counts, and nothing was seen after it so far
  for (const MarkedWindow& window : run.windows) {
    switch (window.kind) {
      case WindowKind::startup:
        if (window.gross) observed.training.before_first_epoch = window.gross->energy;
        break;
      case WindowKind::epoch:
        // One that was begun, and not at once, has less before it than is listed.
        if (epochs.empty() && observed.left_out == 0 && window.start > Seconds(0.0) &&
            !observed.training.before_first_epoch) {
          observed.training.before_first_epoch = Joules(0.0);
        }
        is_after_an_epoch = window.ended && window.gross;
        if (!is_after_an_epoch) {
          ++observed.left_out;
          break;
        }
        epochs.push_back(window.gross->energy);
        observed.basis = std::max(observed.basis, window.basis);
        break;
      case WindowKind::between:
        if (!is_after_an_epoch || !window.gross) break;
        epochs.back() = epochs.back() + window.gross->energy;
        between_j.push_back(window.gross->energy.value());
        is_after_an_epoch = false;
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
  if (is_after_an_epoch && !between_j.empty()) {
    const double sum_j = std::accumulate(between_j.begin(), between_j.end(), 0.0);
    epochs.back() = epochs.back() + Joules(sum_j / static_cast<double>(between_j.size()));
  }
  return observed;
}

EnergyFigure with_common_error(const ExtrapolatedEnergy& energy, const Interval& common) {
  const double value = energy.energy.value();
  const double below = std::hypot(value - energy.interval.low, value * common.low);
  const double above = std::hypot(energy.interval.high - value, value * common.high);
  return not_negative({.energy = energy.energy,
                       .absolute = Interval{.low = value - below, .high = value + above},
                       .comparison = energy.interval});
}

}  // namespace wattfor
