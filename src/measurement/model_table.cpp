#include "measurement/model_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace wattfor {
namespace {

std::optional<Interval> interval_of(double low, double high) {
  if (low != low || high != high) return std::nullopt;
  return Interval{.low = low, .high = high};
}

// The entry of that name in a list that is in the order of its names; null where there is none.
template <class List, class Name>
auto* find_named(List& list, std::string_view wanted, Name name) {
  const auto found = std::ranges::lower_bound(list, wanted, std::less<>{}, name);
  return found != list.end() && std::invoke(name, *found) == wanted ? &*found : nullptr;
}

// The same, with `made` put in its place where there is none.
template <class List, class Name, class Make>
auto& find_or_make(List& list, std::string_view wanted, Name name, Make make) {
  auto found = std::ranges::lower_bound(list, wanted, std::less<>{}, name);
  if (found == list.end() || std::invoke(name, *found) != wanted)
    found = list.insert(found, make());
  return *found;
}

std::string_view id_of(const SetupColumns& columns) { return columns.setup.id; }
std::string_view test_set_of(const TestSetColumn& column) { return column.test_set; }
std::string_view counter_of(const CounterColumns& columns) { return columns.counter; }

}  // namespace

std::size_t NumberColumn::known() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(values_, [](double each) { return !std::isnan(each); }));
}

SetupColumns::SetupColumns(Setup of, std::size_t rows)
    : setup(std::move(of)),
      energy_j(rows),
      absolute_low_j(rows),
      absolute_high_j(rows),
      comparison_low_j(rows),
      comparison_high_j(rows),
      batch_size(rows),
      throughput_per_s(rows),
      latency_ms(rows),
      utilisation_percent(rows),
      memory_bytes(rows),
      temperature_c(rows),
      basis(rows, Basis::missing),
      is_imported(rows, false) {}

EnergyFigure SetupColumns::energy_figure(std::size_t row) const {
  return {.energy = Joules(energy_j[row]),
          .absolute = interval_of(absolute_low_j[row], absolute_high_j[row]),
          .comparison = interval_of(comparison_low_j[row], comparison_high_j[row])};
}

void SetupColumns::set_energy(std::size_t row, const EnergyFigure& figure, Basis how) {
  energy_j.set(row, figure.energy.value());
  const auto set_interval = [row](NumberColumn& low, NumberColumn& high,
                                  const std::optional<Interval>& of) {
    low.set(row, of ? std::optional(of->low) : std::nullopt);
    high.set(row, of ? std::optional(of->high) : std::nullopt);
  };
  set_interval(absolute_low_j, absolute_high_j, figure.absolute);
  set_interval(comparison_low_j, comparison_high_j, figure.comparison);
  basis[row] = how;
}

std::optional<std::size_t> ModelTable::find(std::string_view model, int input_size) const {
  const auto found = std::ranges::lower_bound(
      models, std::pair(model, input_size), std::less<>{}, [](const ModelKey& key) {
        return std::pair<std::string_view, int>(key.model, key.input_size);
      });
  if (found == models.end() || found->model != model || found->input_size != input_size) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - models.begin());
}

const SetupColumns* ModelTable::setup(std::string_view id) const {
  return find_named(setups, id, id_of);
}

const TestSetColumn* ModelTable::test_set(std::string_view name) const {
  return find_named(test_sets, name, test_set_of);
}

const CounterColumns* ModelTable::counter(std::string_view name) const {
  return find_named(counters, name, counter_of);
}

SetupColumns& ModelTable::setup_columns(const Setup& setup) {
  return find_or_make(setups, setup.id, id_of, [&] { return SetupColumns(setup, rows()); });
}

TestSetColumn& ModelTable::test_set_column(std::string_view name) {
  return find_or_make(test_sets, name, test_set_of, [&] {
    return TestSetColumn{.test_set = std::string(name), .top1_percent = NumberColumn(rows())};
  });
}

CounterColumns& ModelTable::counter_columns(std::string_view name) {
  return find_or_make(counters, name, counter_of, [&] {
    return CounterColumns{.counter = std::string(name),
                          .parameters = NumberColumn(rows()),
                          .macs = NumberColumn(rows()),
                          .activations = NumberColumn(rows())};
  });
}

ModelTable table_of(std::vector<ModelKey> models) {
  std::ranges::sort(models);
  const auto repeated = std::ranges::unique(models);
  models.erase(repeated.begin(), repeated.end());
  ModelTable table;
  table.models = std::move(models);
  return table;
}

std::string_view architecture_of(std::string_view model) {
  return model.substr(0, model.find('.'));
}

}  // namespace wattfor
