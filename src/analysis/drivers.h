#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/flawed_counts.h"
#include "analysis/setup_pairs.h"
#include "measurement/model_table.h"

namespace wattfor {

// How energy per image goes with a quantity of the models (inference study, section 4.2 and figure
// 4), both as they are.
struct Driver {
  std::string
      quantity;        // "parameters", "macs", "activations", "input_area", "utilisation_percent"…
  std::string source;  // the counter; "input" of the area, "measured" of a device's conditions
  std::string setup;
  std::size_t models = 0;    // that have both
  std::size_t left_out = 0;  // that have an energy alone
  std::optional<double> pearson;
  std::optional<double> spearman;
  // The same without the models whose count can't be right (flawed_counts.h).
  std::size_t flawed = 0;
  std::optional<double> sound_pearson;
  std::optional<double> sound_spearman;
};

// A counter's columns, whole, and what in them can't be right.
struct CheckedCounter {
  CounterColumns columns;
  std::vector<FlawedCount> flawed;

  bool is_flawed(Counted quantity, std::size_t row) const;
};

// Each counter of the table, architectures' counts filled in.
std::vector<CheckedCounter> checked_counters(const ModelTable& table);

// By setup and source; what no model of a setup has is left out.
std::vector<Driver> drivers(const ModelTable& table, std::span<const CheckedCounter> counters,
                            std::span<const SetupColumns* const> setups);

}  // namespace wattfor
