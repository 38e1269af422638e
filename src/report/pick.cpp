#include "report/pick.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/model_filter.h"
#include "analysis/ranking.h"
#include "report/model_choice.h"
#include "report/pick_limits.h"

namespace wattfor {
namespace {

Objective objective_of(const PickQuery& query) {
  if (query.by) return *query.by;
  if (query.min_accuracy_percent) return Objective::energy;
  return query.max_energy_j ? Objective::accuracy : Objective::manhattan;
}

JudgedSetup judged_for(const ModelTable& table, const PickQuery& query, Objective by) {
  const SetupColumns& columns = chosen_setup(table, query.where.setup);
  const bool needs_accuracy = by != Objective::energy || query.min_accuracy_percent.has_value() ||
                              !query.where.test_sets.empty();
  return judge(table, columns,
               needs_accuracy ? chosen_test_sets(table, columns, query.where.test_sets)
                              : implied_test_sets(table, columns));
}

// The greater the better, and what counts among equals, the less the better.
struct Merit {
  std::vector<double> scores;
  std::vector<double> costs;
};

Merit merit_of(const JudgedSetup& setup, Objective by) {
  constexpr double even_weight = 0.5;
  const auto negative = [](std::vector<double> column) {
    for (double& each : column) each = -each;
    return column;
  };
  const auto scored = [&](Score score) {
    return Merit{.scores = scores_of(score, setup.accuracy_percent, setup.energy_j, setup.energies,
                                     even_weight),
                 .costs = setup.energy_j};
  };
  switch (by) {
    case Objective::energy: {
      // An accuracy that is not known is the worst of all.
      std::vector<double> costs = negative(setup.accuracy_percent);
      for (double& each : costs) each = std::isnan(each) ? 0.0 : each;
      return {.scores = negative(setup.energy_j), .costs = std::move(costs)};
    }
    case Objective::accuracy:
      return {.scores = setup.accuracy_percent, .costs = setup.energy_j};
    case Objective::log_manhattan:
      return scored(Score::log_manhattan);
    case Objective::efficiency:
      return scored(Score::efficiency);
    case Objective::manhattan:
      break;
  }
  return scored(Score::manhattan);
}

std::string option_of(const AskedLimit& limit) {
  return fmt::format("{} {}", limit.option, limit.value);
}

double value_at(const AskedLimit& limit, std::size_t row) {
  return limit.column.column.empty() ? not_known : limit.column.column[row];
}

// How far the row's value lies beyond the limit; endless where it is not known.
double way_beyond(const AskedLimit& limit, std::size_t row) {
  const double value = value_at(limit, row);
  if (std::isnan(value)) return std::numeric_limits<double>::infinity();
  if (limit.is_kind) return 0.0;
  return std::max(limit.column.least - value, value - limit.column.most);
}

// Of the rows that this limit alone keeps out, the nearest to it and among equals the best.
std::optional<PickLimit::Loosened> loosened(const ModelTable& table, const AskedLimit& limit,
                                            std::vector<std::size_t> rows, const Merit& merit) {
  if (rows.empty()) return std::nullopt;
  const auto nearest = std::ranges::min_element(rows, [&](std::size_t a, std::size_t b) {
    const double to_a = way_beyond(limit, a);
    const double to_b = way_beyond(limit, b);
    return to_a != to_b ? to_a < to_b : merit.scores[a] > merit.scores[b];
  });
  return PickLimit::Loosened{.option = loosened_option(limit, value_at(limit, *nearest)),
                             .model = words_of(table.models[*nearest])};
}

std::optional<NearestMiss> nearest_miss(const ModelTable& table, const FilteredRows& filtered,
                                        const std::vector<AskedLimit>& limits, const Merit& merit) {
  const auto rows = rows_that_fail_fewest(filtered);
  if (rows.empty()) return std::nullopt;
  const auto ranked = ranking(merit.scores, merit.costs, rows, 1);
  const std::size_t row = ranked.empty() ? rows.front() : ranked.front().row;
  NearestMiss miss{.model = words_of(table.models[row]), .options = {}};
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const bool is_missed = (filtered.unmet[row] >> i & 1U) != 0;
    if (is_missed) miss.options.push_back(option_of(limits[i]));
  }
  return miss;
}

}  // namespace

std::string_view name_of(Objective objective) {
  switch (objective) {
    case Objective::energy:
      return "energy";
    case Objective::accuracy:
      return "accuracy";
    case Objective::log_manhattan:
      return "log-manhattan";
    case Objective::efficiency:
      return "efficiency";
    case Objective::manhattan:
      break;
  }
  return "manhattan";
}

PickView pick(const ModelTable& table, const PickQuery& query, std::size_t runners_up) {
  require_limits(query);
  const Objective by = objective_of(query);
  const JudgedSetup setup = judged_for(table, query, by);
  const PickColumns columns = columns_for(table, setup, query);
  const std::vector<AskedLimit> asked = limits_of(query, by, setup, columns);
  std::vector<ColumnLimit> limits;
  limits.reserve(asked.size());
  for (const AskedLimit& each : asked) limits.push_back(each.column);
  const FilteredRows filtered = filter_rows(setup.energy_j, limits);
  const Merit merit = merit_of(setup, by);

  PickView view;
  view.setup = setup.columns->setup;
  view.by = by;
  view.test_sets = setup.test_sets;
  if (columns.counter != nullptr) view.counter = columns.counter->counter;
  view.models = static_cast<std::size_t>(
      std::ranges::count_if(setup.energy_j, [](double each) { return !std::isnan(each); }));
  view.passed = filtered.rows.size();
  for (const auto& ranked : ranking(merit.scores, merit.costs, filtered.rows, 1 + runners_up)) {
    PickedModel& picked = view.best.emplace_back();
    static_cast<ModelFigures&>(picked) = figures_of(table, setup, ranked.row);
    picked.family = family_of(picked.model);
    if (columns.counter != nullptr) {
      picked.parameters = known_number(columns.counter->parameters[ranked.row]);
    }
  }
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const RemovedByLimit& removed = filtered.removed[i];
    const bool is_silent =
        asked[i].option == needs_accuracy && removed.beyond + removed.unknown == 0;
    if (is_silent) continue;
    view.limits.push_back({.option = option_of(asked[i]),
                           .beyond = removed.beyond,
                           .unknown = removed.unknown,
                           .only = removed.only,
                           .loosened = std::nullopt});
    if (view.passed > 0) continue;
    view.limits.back().loosened =
        loosened(table, asked[i], rows_that_fail_only(filtered, i), merit);
  }
  const bool is_stuck = view.passed == 0 && std::ranges::none_of(view.limits, [](const auto& each) {
                          return each.loosened.has_value();
                        });
  if (is_stuck) view.nearest_miss = nearest_miss(table, filtered, asked, merit);
  return view;
}

}  // namespace wattfor
