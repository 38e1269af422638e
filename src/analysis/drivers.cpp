#include "analysis/drivers.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/correlation.h"
#include "analysis/known_pairs.h"

namespace wattfor {
namespace {

// `is_flawed`, of a row, tells that its number can't be right.
template <class Flawed>
void add_driver(std::vector<Driver>& drivers, const SetupColumns& setup, std::string quantity,
                std::string source, const NumberColumn& numbers, Flawed is_flawed) {
  const KnownPairs all = known_pairs(numbers, setup.energy_j);
  if (all.rows.empty()) return;
  const auto with_energy = static_cast<std::size_t>(std::ranges::count_if(
      setup.energy_j.values(), [](double energy_j) { return !std::isnan(energy_j); }));
  const KnownPairs sound = known_pairs(numbers, setup.energy_j, is_flawed);
  drivers.push_back({.quantity = std::move(quantity),
                     .source = std::move(source),
                     .setup = setup.setup.id,
                     .models = all.rows.size(),
                     .left_out = with_energy - all.rows.size(),
                     .pearson = pearson(all.x, all.y),
                     .spearman = spearman(all.x, all.y),
                     .flawed = all.rows.size() - sound.rows.size(),
                     .sound_pearson = pearson(sound.x, sound.y),
                     .sound_spearman = spearman(sound.x, sound.y)});
}

bool never(std::size_t /*row*/) { return false; }

NumberColumn input_area(const ModelTable& table) {
  NumberColumn area(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double side = table.models[row].input_size;
    if (side > 0.0) area.set(row, side * side);
  }
  return area;
}

}  // namespace

bool CheckedCounter::is_flawed(Counted quantity, std::size_t row) const {
  // In the order of flawed_counts(): by quantity, then row.
  const auto place = [](const FlawedCount& each) { return std::pair(each.quantity, each.row); };
  return std::ranges::binary_search(flawed, std::pair(quantity, row), {}, place);
}

std::vector<CheckedCounter> checked_counters(const ModelTable& table) {
  ModelTable whole = table_of(table.models);
  whole.counters.reserve(table.counters.size());
  for (const CounterColumns& counter : table.counters) {
    whole.counters.push_back(with_architectures(table, counter));
  }
  std::vector<CheckedCounter> checked;
  checked.reserve(whole.counters.size());
  for (const CounterColumns& counter : whole.counters) {
    checked.push_back({.columns = counter, .flawed = flawed_counts(whole, counter)});
  }
  return checked;
}

std::vector<Driver> drivers(const ModelTable& table, std::span<const CheckedCounter> counters,
                            std::span<const SetupColumns* const> setups) {
  const NumberColumn area = input_area(table);
  std::vector<Driver> all;
  for (const SetupColumns* setup : setups) {
    for (const CheckedCounter& counter : counters) {
      for (const Counted quantity : enumerators<Counted>) {
        add_driver(all, *setup, std::string(name_of(quantity)), counter.columns.counter,
                   column_of(counter.columns, quantity),
                   [&](std::size_t row) { return counter.is_flawed(quantity, row); });
      }
    }
    add_driver(all, *setup, "input_area", "input", area, never);
    add_driver(all, *setup, "utilisation_percent", "measured", setup->utilisation_percent, never);
    add_driver(all, *setup, "memory_bytes", "measured", setup->memory_bytes, never);
    add_driver(all, *setup, "temperature_c", "measured", setup->temperature_c, never);
  }
  return all;
}

}  // namespace wattfor
