#include "report/counted_models.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/flawed_counts.h"

namespace wattfor {
namespace {

CounterColumns trusted_counts(const ModelTable& table, const CounterColumns& counter) {
  CounterColumns counts = with_architectures(table, counter);
  const auto column = [&](Counted quantity) -> NumberColumn& {
    switch (quantity) {
      case Counted::parameters:
        return counts.parameters;
      case Counted::macs:
        return counts.macs;
      case Counted::activations:
        break;
    }
    return counts.activations;
  };
  for (const FlawedCount& flawed : flawed_counts(table, counts)) {
    column(flawed.quantity).set(flawed.row, not_known);
  }
  return counts;
}

CountedModels counted_by(const ModelTable& table, const SetupColumns& setup,
                         const CounterColumns& counter) {
  CountedModels models{.counts = trusted_counts(table, counter),
                       .with_activations = !counter.activations.is_empty(),
                       .rows = {},
                       .uncounted = 0};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (setup.basis[row] == Basis::missing || !(setup.energy_j[row] > 0.0)) continue;
    if (models.input(table, row)) {
      models.rows.push_back(row);
    } else {
      ++models.uncounted;
    }
  }
  return models;
}

}  // namespace

std::optional<PredictionInput> CountedModels::input(const ModelTable& table,
                                                    std::size_t row) const {
  const ModelKey& key = table.models[row];
  PredictionInput input{.model = key.model,
                        .input_size = key.input_size,
                        .parameters = counts.parameters[row],
                        .macs = counts.macs[row],
                        .activations = std::nullopt};
  if (with_activations) input.activations = counts.activations[row];
  return traits_of(input) ? std::optional(input) : std::nullopt;
}

std::optional<CountedModels> counted_models(const ModelTable& table, const SetupColumns& setup,
                                            const std::optional<std::string>& counter) {
  std::optional<CountedModels> best;
  for (const CounterColumns& each : table.counters) {
    if (counter && each.counter != *counter) continue;
    CountedModels models = counted_by(table, setup, each);
    const auto worth = [](const CountedModels& of) {
      return std::pair(of.with_activations && !of.rows.empty(), of.rows.size());
    };
    if (!best || worth(models) > worth(*best)) best = std::move(models);
  }
  return best;
}

}  // namespace wattfor
