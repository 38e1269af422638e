#include "report/switch_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/dominance.h"
#include "base/error.h"
#include "report/model_choice.h"

namespace wattfor {
namespace {

void refuse_unless_amount(bool holds, std::string_view option, double value,
                          std::string_view expected) {
  if (holds) return;
  throw Error(ErrorCode::usage, fmt::format("{} is {}: expected {}", option, value, expected));
}

Alternative alternative_at(const ModelTable& table, const JudgedSetup& setup, std::size_t row,
                           const ModelFigures& current) {
  Alternative other;
  static_cast<ModelFigures&>(other) = figures_of(table, setup, row);
  other.accuracy_gained_percent = other.accuracy_percent - current.accuracy_percent;
  other.saved = energy_saving(current.energy, other.energy);
  other.factor = energy_ratio(other.energy, current.energy).value();
  other.is_slower = other.throughput_per_s && current.throughput_per_s &&
                    *other.throughput_per_s < *current.throughput_per_s;
  other.is_later =
      other.latency_ms && current.latency_ms && *other.latency_ms > *current.latency_ms;
  return other;
}

std::size_t row_in_use(const ModelTable& table, const JudgedSetup& setup,
                       const SwitchQuery& query) {
  std::vector<bool> eligible(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    eligible[row] = !std::isnan(setup.energy_j[row]);
  }
  return required_model(table, query.model, eligible,
                        fmt::format("with an energy on {}", setup.columns->setup.id));
}

Error cannot_be_judged(const ModelTable& table, const JudgedSetup& setup, std::size_t row) {
  const auto& [model, input_size] = table.models[row];
  std::string message = fmt::format("'{}' has no accuracy on {}",
                                    words_of(ModelKey{.model = model, .input_size = input_size}),
                                    fmt::join(setup.test_sets, " and "));
  if (const std::string sizes = sizes_with_accuracy(table, model); !sizes.empty()) {
    message += fmt::format("; an accuracy is known at input size {}", sizes);
  }
  return {ErrorCode::not_found,
          message +
              "; name another --test-set, or bring one in with `wattfor import accuracy "
              "FILE.csv`"};
}

}  // namespace

void require_limits(const SwitchQuery& query) {
  if (query.top) {
    refuse_unless_amount(*query.top > 0, "--top", *query.top, "the number of rows, at least 1");
  }
  if (!query.usage) return;
  // Written so that NaN, which compares to nothing, is refused, too.
  const Usage& usage = *query.usage;
  refuse_unless_amount(usage.images_per_day > 0.0 && std::isfinite(usage.images_per_day),
                       "--images-per-day", usage.images_per_day, "a number above 0");
}

SwitchView switch_from(const ModelTable& table, const SwitchQuery& query) {
  require_limits(query);
  constexpr int usual_top = 10;
  const JudgedSetup setup = judged_setup(table, query.where);
  const std::size_t current = row_in_use(table, setup, query);
  const std::vector<double> accuracy = judgeable_accuracy(setup);
  if (std::isnan(accuracy[current])) throw cannot_be_judged(table, setup, current);

  SwitchView view;
  view.setup = setup.columns->setup;
  view.test_sets = setup.test_sets;
  view.current = figures_of(table, setup, current);
  view.is_on_front = setup.on_front[current];
  view.usage = query.usage;
  view.shows_equivalents = query.equivalents;
  const auto better = rows_that_beat(current, accuracy, setup.energy_j);
  const auto top = static_cast<std::size_t>(query.top.value_or(usual_top));
  for (const std::size_t row : better) {
    if (view.alternatives.size() == top) break;
    view.alternatives.push_back(alternative_at(table, setup, row, view.current));
  }
  view.beyond_top = better.size() - view.alternatives.size();
  return view;
}

Footprint yearly(const Usage& usage, Joules per_image) {
  constexpr double days_a_year = 365.0;
  const EnergyFigure energy{.energy = per_image * (usage.images_per_day * days_a_year),
                            .absolute = std::nullopt,
                            .comparison = std::nullopt};
  return footprint_of(energy, std::nullopt, usage.electricity.terms);
}

}  // namespace wattfor
