#include "report/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "analysis/dominance.h"
#include "base/error.h"
#include "report/judged_setup.h"
#include "report/model_choice.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

using Setups = std::vector<const SetupColumns*>;

Setups looked_at(const ModelTable& table, const CompareQuery& query) {
  Setups setups;
  for (const std::string& id : query.setups) setups.push_back(&required_setup(table, id));
  if (!setups.empty()) return setups;
  for (const SetupColumns& columns : table.setups) setups.push_back(&columns);
  return setups;
}

std::vector<std::size_t> rows_of_words(const ModelTable& table, const CompareQuery& query,
                                       const Setups& setups) {
  const std::size_t count = query.models.size();
  if (count < fewest_compared || count > most_compared) {
    throw Error(ErrorCode::usage,
                fmt::format("{} model{} given: compare takes {} to {}", count,
                            count == 1 ? " is" : "s are", fewest_compared, most_compared));
  }
  std::vector<bool> eligible(table.rows(), false);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    eligible[row] = std::ranges::any_of(
        setups, [row](const SetupColumns* setup) { return is_of_setup(*setup, row); });
  }
  std::vector<std::size_t> rows;
  for (const std::string& words : query.models) {
    const std::size_t row = required_model(table, words, eligible,
                                           query.setups.empty() ? "in the store" : "on the setup");
    if (std::ranges::find(rows, row) != rows.end()) {
      throw Error(ErrorCode::usage, fmt::format("'{}' is named twice", words));
    }
    rows.push_back(row);
  }
  return rows;
}

bool has_energy(const SetupColumns& columns, std::size_t row) {
  return !std::isnan(columns.energy_j[row]);
}

// Of all setups those that have each of the models.
Setups common_setups(const ModelTable& table, const Setups& setups,
                     const std::vector<std::size_t>& rows) {
  Setups common;
  std::string list;
  std::ranges::copy_if(setups, std::back_inserter(common), [&](const SetupColumns* setup) {
    return std::ranges::all_of(rows, [&](std::size_t row) { return has_energy(*setup, row); });
  });
  if (!common.empty()) return common;
  for (const std::size_t row : rows) {
    std::vector<std::string> ids;
    for (const SetupColumns* setup : setups) {
      if (has_energy(*setup, row)) ids.push_back(setup->setup.id);
    }
    list += fmt::format("\n  {}  {}", words_of(table.models[row]),
                        ids.empty() ? "(no energy)" : fmt::format("{}", fmt::join(ids, ", ")));
  }
  throw Error(ErrorCode::not_found,
              fmt::format("no setup has an energy of each of them; there are:{}", list));
}

std::vector<std::string> shown_test_sets(const ModelTable& table, const CompareQuery& query,
                                         const std::vector<std::size_t>& rows) {
  std::vector<std::string> all;
  std::vector<std::string> known;
  for (const TestSetColumn& column : table.test_sets) {
    all.push_back(column.test_set);
    const bool is_known = std::ranges::any_of(
        rows, [&](std::size_t row) { return !std::isnan(column.top1_percent[row]); });
    if (is_known) known.push_back(column.test_set);
  }
  for (const std::string& asked : query.test_sets) {
    if (std::ranges::find(all, asked) != all.end()) continue;
    throw Error(ErrorCode::not_found,
                all.empty() ? fmt::format("there is no test set '{}', nor any other", asked)
                            : fmt::format("there is no test set '{}'; did you mean '{}'? There "
                                          "are: {}",
                                          asked, nearest_word(asked, all), fmt::join(all, ", ")));
  }
  return query.test_sets.empty() ? known : each_once(query.test_sets);
}

ComparedModel model_at(const ModelTable& table, std::size_t row,
                       const std::vector<std::string>& test_sets) {
  const auto& [model, input_size] = table.models[row];
  ComparedModel compared{.model = model,
                         .input_size = input_size,
                         .family = family_of(model),
                         .accuracy_percent = {},
                         .counts = {}};
  for (const std::string& name : test_sets) {
    compared.accuracy_percent.push_back(known_number(table.test_set(name)->top1_percent[row]));
  }
  for (const CounterColumns& columns : table.counters) {
    CountedBy counted{.counter = columns.counter,
                      .parameters = known_number(columns.parameters[row]),
                      .macs = known_number(columns.macs[row]),
                      .activations = known_number(columns.activations[row])};
    if (counted.parameters || counted.macs || counted.activations) {
      compared.counts.push_back(std::move(counted));
    }
  }
  return compared;
}

CompareBlock block_of(const ModelTable& table, const SetupColumns& columns,
                      const std::vector<std::size_t>& rows,
                      const std::vector<std::string>& asked_test_sets) {
  const JudgedSetup setup =
      judge(table, columns,
            asked_test_sets.empty() ? implied_test_sets(table, columns) : asked_test_sets);
  const std::vector<double> accuracy = judgeable_accuracy(setup);
  CompareBlock block{.setup = columns.setup, .test_sets = setup.test_sets, .models = {}};
  for (const std::size_t row : rows) {
    ComparedFigures& figures = block.models.emplace_back();
    static_cast<ModelFigures&>(figures) = figures_of(table, setup, row);
    const auto why = columns.without_energy.find(row);
    if (why != columns.without_energy.end()) figures.reason = why->second;
    figures.ratio = energy_ratio(figures.energy, columns.energy_figure(rows.front()));
    // What the comparison intervals leave out is common to figures of one sensor alone; of the
    // first itself nothing is in doubt.
    const bool are_two_of_a_kind = row != rows.front() &&
                                   columns.basis[row] == columns.basis[rows.front()] &&
                                   columns.is_imported[row] == columns.is_imported[rows.front()];
    if (figures.ratio && !are_two_of_a_kind) figures.ratio->interval.reset();
    const auto beaten_by = rows_that_beat(row, accuracy, setup.energy_j);
    if (!beaten_by.empty()) figures.dominated_by = table.models[beaten_by.front()];
  }
  return block;
}

}  // namespace

CompareView compare(const ModelTable& table, const CompareQuery& query) {
  Setups setups = looked_at(table, query);
  const std::vector<std::size_t> rows = rows_of_words(table, query, setups);
  if (query.setups.empty()) setups = common_setups(table, setups, rows);
  CompareView view{.test_sets = shown_test_sets(table, query, rows), .models = {}, .setups = {}};
  for (const std::size_t row : rows) view.models.push_back(model_at(table, row, view.test_sets));
  for (const SetupColumns* setup : setups) {
    view.setups.push_back(block_of(table, *setup, rows, each_once(query.test_sets)));
  }
  return view;
}

}  // namespace wattfor
