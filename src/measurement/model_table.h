#pragma once

#include <compare>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/energy.h"
#include "measurement/measurement.h"

namespace wattfor {

// A model at one size of its input, in pixels of a side; 0 where it is no image.
struct ModelKey {
  std::string model;
  int input_size = 0;

  auto operator<=>(const ModelKey&) const = default;
};

// What is not known in a column.
inline constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

// One number a row, NaN where it is unknown. Takes memory from the first number on.
class NumberColumn {
 public:
  explicit NumberColumn(std::size_t rows) : rows_(rows) {}

  double operator[](std::size_t row) const { return values_.empty() ? not_known : values_[row]; }
  void set(std::size_t row, double value) {
    if (values_.empty()) values_.assign(rows_, not_known);
    values_[row] = value;
  }
  // An absent one makes the row unknown.
  void set(std::size_t row, std::optional<double> value) {
    if (value || !is_empty()) set(row, value.value_or(not_known));
  }
  // How many rows are known.
  std::size_t known() const;
  // Whether nothing was ever set.
  bool is_empty() const { return values_.empty(); }
  // All rows, or none where nothing was ever set.
  std::span<const double> values() const { return values_; }

 private:
  std::size_t rows_;
  std::vector<double> values_;
};

// What the models come to on one setup, each at its best batch size.
struct SetupColumns {
  SetupColumns(Setup of, std::size_t rows);

  Setup setup;
  NumberColumn energy_j;  // per image
  // Its 95 % intervals, as in EnergyFigure.
  NumberColumn absolute_low_j;
  NumberColumn absolute_high_j;
  NumberColumn comparison_low_j;
  NumberColumn comparison_high_j;
  NumberColumn batch_size;
  NumberColumn throughput_per_s;  // images
  NumberColumn latency_ms;        // of one batch
  // While it ran: of the busiest device.
  NumberColumn utilisation_percent;
  NumberColumn memory_bytes;
  NumberColumn temperature_c;
  std::vector<Basis> basis;       // missing where there is no energy
  std::vector<bool> is_imported;  // measured elsewhere
  // Why a model that was tried has no energy, by row.
  std::map<std::size_t, std::string> without_energy;

  EnergyFigure energy_figure(std::size_t row) const;
  void set_energy(std::size_t row, const EnergyFigure& figure, Basis how);
};

struct TestSetColumn {
  std::string test_set;
  NumberColumn top1_percent;
};

// What one program counted in the models; counters are not mixed in one statistic.
struct CounterColumns {
  std::string counter;
  NumberColumn parameters;
  NumberColumn macs;         // multiply-accumulates of one image
  NumberColumn activations;  // numbers that its layers put out for one image
};

// Everything known of models, by columns, to be judged: a row a model, rows in the order of their
// keys, each key once.
struct ModelTable {
  std::vector<ModelKey> models;
  std::vector<SetupColumns> setups;      // by their ids
  std::vector<TestSetColumn> test_sets;  // by their names
  std::vector<CounterColumns> counters;  // by their names

  std::size_t rows() const { return models.size(); }
  // Nothing where the table has no such model.
  std::optional<std::size_t> find(std::string_view model, int input_size) const;
  // Null where the table has none of the name.
  const SetupColumns* setup(std::string_view id) const;
  const TestSetColumn* test_set(std::string_view name) const;
  const CounterColumns* counter(std::string_view name) const;
  // The setup's columns, made where there are none yet; the same for the others.
  SetupColumns& setup_columns(const Setup& setup);
  TestSetColumn& test_set_column(std::string_view name);
  CounterColumns& counter_columns(std::string_view name);
};

// A table of these models, each once, of which nothing is known yet.
ModelTable table_of(std::vector<ModelKey> models);

// "resnet50" of the weights "resnet50.a1_in1k": what stands before the first dot, as timm names
// models. What a program counts in an architecture holds for all of its weights.
std::string_view architecture_of(std::string_view model);

}  // namespace wattfor
