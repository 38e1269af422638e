#include "report/judged_setup.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/judged_models.h"
#include "analysis/pareto.h"
#include "base/error.h"
#include "report/nearest_word.h"

namespace wattfor {
namespace {

constexpr char usual_test_set[] = "imagenet-original";

// Names with how many models each has, to choose from.
struct Choices {
  std::vector<std::string> names;
  std::string lines;

  void add(const std::string& name, std::size_t models) {
    names.push_back(name);
    lines += fmt::format("\n  {}  ({} model{})", name, models, models == 1 ? "" : "s");
  }
  bool has(const std::string& name) const { return std::ranges::find(names, name) != names.end(); }
};

Choices setups_with_energy(const ModelTable& table) {
  Choices choices;
  for (const SetupColumns& columns : table.setups) {
    const std::size_t models = columns.energy_j.known();
    if (models > 0) choices.add(columns.setup.id, models);
  }
  return choices;
}

Error no_energy(const ModelTable& table) {
  std::string message =
      "the store holds no measured model; `wattfor sweep MODEL…` "
      "measures some, `wattfor import study DIR` brings published ones in";
  std::size_t tried = 0;
  std::string reason;
  for (const SetupColumns& columns : table.setups) {
    tried += columns.without_energy.size();
    if (!columns.without_energy.empty()) reason = columns.without_energy.rbegin()->second;
  }
  if (tried > 0) {
    message += fmt::format(". {} {} tried, the last: {}", tried,
                           tried == 1 ? "model was" : "models were", reason);
  }
  return {ErrorCode::not_found, message};
}

std::vector<std::size_t> rows_of(const SetupColumns& columns) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < columns.basis.size(); ++row) {
    if (is_of_setup(columns, row)) rows.push_back(row);
  }
  return rows;
}

Error no_accuracy(const ModelTable& table, std::span<const std::size_t> rows) {
  std::string message =
      fmt::format("none of the setup's {} models has a known accuracy; ", rows.size());
  for (const std::size_t row : rows) {
    const auto& [model, input_size] = table.models[row];
    const std::string sizes = sizes_with_accuracy(table, model);
    if (sizes.empty()) continue;
    message += fmt::format(
        "'{}' was measured at input size {} and has one at {}: models are joined "
        "by name and input size (0 where the input is no image); ",
        model, input_size, sizes);
    break;
  }
  message +=
      "bring some in with `wattfor import accuracy FILE.csv` (columns model, input_size, test_set, "
      "top1_percent, top5_percent)";
  return {ErrorCode::not_found, message};
}

Choices test_sets_of(const ModelTable& table, std::span<const std::size_t> rows) {
  Choices choices;
  for (const TestSetColumn& each : table.test_sets) {
    const auto models = std::ranges::count_if(
        rows, [&](std::size_t row) { return !std::isnan(each.top1_percent[row]); });
    if (models > 0) choices.add(each.test_set, static_cast<std::size_t>(models));
  }
  return choices;
}

std::vector<std::string> usual_among(const Choices& choices) {
  if (choices.has(usual_test_set)) return {usual_test_set};
  if (choices.names.size() == 1) return choices.names;
  return {};
}

std::vector<bool> front_of(const JudgedSetup& setup) {
  const std::vector<double> accuracy = judgeable_accuracy(setup);
  std::vector<AccuracyAndEnergy> points(setup.energy_j.size());
  for (std::size_t row = 0; row < points.size(); ++row) {
    points[row] = {.accuracy_percent = accuracy[row], .energy = Joules(setup.energy_j[row])};
  }
  return pareto_front(points);
}

}  // namespace

JudgedSetup judged_setup(const ModelTable& table, const SetupChoice& choice) {
  const SetupColumns& columns = chosen_setup(table, choice.setup);
  return judge(table, columns, chosen_test_sets(table, columns, choice.test_sets));
}

JudgedSetup judge(const ModelTable& table, const SetupColumns& columns,
                  std::vector<std::string> test_sets) {
  const std::span<const double> energies = columns.energy_j.values();
  JudgedSetup judged{.columns = &columns,
                     .test_sets = std::move(test_sets),
                     .energy_j = {energies.begin(), energies.end()},
                     .accuracy_percent = {},
                     .energies = energy_range(energies),
                     .on_front = {}};
  judged.energy_j.resize(table.rows(), not_known);
  judged.accuracy_percent = mean_accuracy(table, judged.test_sets);
  judged.on_front = front_of(judged);
  return judged;
}

std::vector<double> judgeable_accuracy(const JudgedSetup& setup) {
  std::vector<double> accuracy = setup.accuracy_percent;
  for (std::size_t row = 0; row < accuracy.size(); ++row) {
    if (!has_score(accuracy[row], Joules(setup.energy_j[row]))) accuracy[row] = not_known;
  }
  return accuracy;
}

const SetupColumns& chosen_setup(const ModelTable& table, const std::optional<std::string>& asked) {
  const Choices choices = setups_with_energy(table);
  if (choices.names.empty()) throw no_energy(table);
  if (asked) return required_setup(table, *asked);
  if (choices.names.size() == 1) return *table.setup(choices.names.front());
  throw Error(ErrorCode::usage,
              fmt::format("energies on different setups do not compare; choose one with "
                          "--setup:{}",
                          choices.lines));
}

std::vector<std::string> chosen_test_sets(const ModelTable& table, const SetupColumns& columns,
                                          const std::vector<std::string>& asked) {
  const std::vector<std::size_t> rows = rows_of(columns);
  const Choices choices = test_sets_of(table, rows);
  if (choices.names.empty()) throw no_accuracy(table, rows);
  for (const std::string& name : asked) {
    if (choices.has(name)) continue;
    throw Error(
        ErrorCode::not_found,
        fmt::format("no model of the setup has an accuracy on '{}'; did you mean '{}'? There "
                    "are:{}",
                    name, nearest_word(name, choices.names), choices.lines));
  }
  if (!asked.empty()) return each_once(asked);
  std::vector<std::string> usual = usual_among(choices);
  if (!usual.empty()) return usual;
  throw Error(ErrorCode::usage,
              fmt::format("accuracies on several test sets are there; choose with --test-set:{}",
                          choices.lines));
}

std::vector<std::string> each_once(const std::vector<std::string>& names) {
  std::vector<std::string> once;
  for (const std::string& name : names) {
    if (std::ranges::find(once, name) == once.end()) once.push_back(name);
  }
  return once;
}

std::vector<std::string> implied_test_sets(const ModelTable& table, const SetupColumns& columns) {
  return usual_among(test_sets_of(table, rows_of(columns)));
}

const SetupColumns& required_setup(const ModelTable& table, const std::string& id) {
  const SetupColumns* columns = table.setup(id);
  if (columns != nullptr) return *columns;
  const Choices choices = setups_with_energy(table);
  if (choices.names.empty()) throw no_energy(table);
  throw Error(ErrorCode::not_found,
              fmt::format("there is no setup '{}'; did you mean '{}'? The store has:{}", id,
                          nearest_word(id, choices.names), choices.lines));
}

bool is_of_setup(const SetupColumns& columns, std::size_t row) {
  return !std::isnan(columns.energy_j[row]) || columns.without_energy.contains(row);
}

std::string sizes_with_accuracy(const ModelTable& table, const std::string& model) {
  std::vector<int> sizes;
  const auto first = std::ranges::lower_bound(table.models, model, {}, &ModelKey::model);
  for (auto each = first; each != table.models.end() && each->model == model; ++each) {
    const auto row = static_cast<std::size_t>(each - table.models.begin());
    const bool is_known = std::ranges::any_of(table.test_sets, [&](const TestSetColumn& column) {
      return !std::isnan(column.top1_percent[row]);
    });
    if (is_known) sizes.push_back(each->input_size);
  }
  return fmt::format("{}", fmt::join(sizes, " and "));
}

}  // namespace wattfor
