#include "analysis/flawed_counts.h"

#include <algorithm>
#include <cmath>

#include "analysis/distribution.h"

namespace wattfor {
namespace {

constexpr double least_macs_per_parameter = 5.0;
constexpr double least_share_of_another = 0.2;

// How many times another counter's number this counter's usually is; nothing where too few models
// have both to tell.
std::optional<double> usual_ratio(const NumberColumn& numbers, const NumberColumn& others) {
  std::vector<double> ratios;
  for (std::size_t row = 0; row < others.values().size(); ++row) {
    const double ratio = numbers[row] / others[row];
    if (std::isfinite(ratio) && ratio > 0.0) ratios.push_back(ratio);
  }
  constexpr std::size_t enough = 20;
  if (ratios.size() < enough) return std::nullopt;
  std::ranges::sort(ratios);
  return quantile(ratios, 0.5);
}

bool is_impossible(const CounterColumns& counter, Counted quantity, std::size_t row) {
  const double value = column_of(counter, quantity)[row];
  if (value <= 0.0) return true;
  return quantity == Counted::macs && value < least_macs_per_parameter * counter.parameters[row];
}

}  // namespace

std::string_view name_of(Counted quantity) {
  switch (quantity) {
    case Counted::parameters:
      return "parameters";
    case Counted::macs:
      return "macs";
    case Counted::activations:
      break;
  }
  return "activations";
}

const NumberColumn& column_of(const CounterColumns& counter, Counted quantity) {
  switch (quantity) {
    case Counted::parameters:
      return counter.parameters;
    case Counted::macs:
      return counter.macs;
    case Counted::activations:
      break;
  }
  return counter.activations;
}

std::vector<FlawedCount> flawed_counts(const ModelTable& table, const CounterColumns& counter) {
  std::vector<FlawedCount> flawed;
  for (const Counted quantity : enumerators<Counted>) {
    const NumberColumn& numbers = column_of(counter, quantity);
    std::vector<std::optional<FlawedCount>> found(numbers.values().size());
    for (std::size_t row = 0; row < found.size(); ++row) {
      if (!is_impossible(counter, quantity, row)) continue;
      found[row] = {.row = row,
                    .quantity = quantity,
                    .value = numbers[row],
                    .expected = std::nullopt,
                    .other_counter = ""};
    }
    for (const CounterColumns& other : table.counters) {
      const NumberColumn& others = column_of(other, quantity);
      const auto usual =
          other.counter == counter.counter ? std::nullopt : usual_ratio(numbers, others);
      if (!usual) continue;
      for (std::size_t row = 0; row < found.size(); ++row) {
        const double expected = *usual * others[row];
        if (!(numbers[row] < least_share_of_another * expected)) continue;
        if (found[row] && found[row]->expected >= expected) continue;
        found[row] = {.row = row,
                      .quantity = quantity,
                      .value = numbers[row],
                      .expected = expected,
                      .other_counter = other.counter};
      }
    }
    for (auto& each : found) {
      if (each) flawed.push_back(std::move(*each));
    }
  }
  return flawed;
}

CounterColumns with_architectures(const ModelTable& table, const CounterColumns& counter) {
  CounterColumns whole = counter;
  const auto fill = [&](NumberColumn& column, std::size_t row, std::size_t architecture) {
    if (std::isnan(column[row])) column.set(row, std::optional(column[architecture]));
  };
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const ModelKey& key = table.models[row];
    const std::string_view architecture = architecture_of(key.model);
    if (architecture.size() == key.model.size()) continue;
    const auto found = table.find(architecture, key.input_size);
    if (!found) continue;
    fill(whole.parameters, row, *found);
    fill(whole.macs, row, *found);
    fill(whole.activations, row, *found);
  }
  return whole;
}

}  // namespace wattfor
