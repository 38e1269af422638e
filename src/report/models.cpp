#include "report/models.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "analysis/flawed_counts.h"
#include "report/best_batches.h"
#include "store/exchange.h"

namespace wattfor {
namespace {

// The setups of the cells, as they were described last.
std::map<std::string, Setup> setups_of(std::span<const Measurement> records) {
  std::map<std::string, Setup> setups;
  for (const Measurement& record : records) {
    if (record.cell && !is_simulated(record)) setups[record.cell->setup.id] = record.cell->setup;
  }
  return setups;
}

// The greatest of what the devices report.
template <class Quantity>
std::optional<double> busiest(const std::vector<DeviceConditions>& devices, Quantity quantity) {
  std::optional<double> greatest;
  for (const DeviceConditions& device : devices) {
    if (const auto& value = device.*quantity)
      greatest = std::max(greatest.value_or(*value), *value);
  }
  return greatest;
}

void set_measured(SetupColumns& columns, std::size_t row, const ModelFigure& figure) {
  if (figure.best == nullptr) {
    columns.without_energy[row] = figure.reason;
    return;
  }
  const Measurement& record = *figure.best;
  const CellResult& result = *record.result;
  columns.set_energy(row, result.energy_per_image, record.energy.total.basis);
  columns.is_imported[row] = figure.is_imported;
  columns.batch_size.set(row, record.cell->batch_size);
  columns.throughput_per_s.set(row, result.throughput_per_s);
  columns.latency_ms.set(row, result.latency_ms);
  const auto& devices = record.energy.conditions;
  columns.utilisation_percent.set(row, busiest(devices, &DeviceConditions::utilisation_percent));
  columns.temperature_c.set(row, busiest(devices, &DeviceConditions::temperature_c));
  const auto device_memory = busiest(devices, &DeviceConditions::memory_bytes);
  columns.memory_bytes.set(row, device_memory ? device_memory : result.memory_bytes);
}

}  // namespace

ModelTable models_of(const Store& store) {
  return models_of(store, store.measurements(), store.imported());
}

ModelTable models_of(const Store& store, std::span<const Measurement> records,
                     const RecordIds& imported) {
  ModelTable table = store.model_table();
  for (CounterColumns& counter : table.counters) counter = with_architectures(table, counter);
  add_measured(table, records, imported);
  return table;
}

void add_measured(ModelTable& table, std::span<const Measurement> records,
                  const RecordIds& imported) {
  for (const auto& [id, setup] : setups_of(records)) {
    const auto figures = best_batches(records, id, imported);
    const bool is_own = std::ranges::any_of(figures, [](const ModelFigure& figure) {
      return figure.best != nullptr && !figure.is_imported;
    });
    if (figures.empty() || (table.setup(id) != nullptr && !is_own)) continue;
    SetupColumns& columns = table.setup_columns(setup);
    columns = SetupColumns(setup, table.rows());
    for (const ModelFigure& figure : figures) {
      // Another process may have added a model since the table was read.
      const auto row = table.find(figure.model, figure.input_size);
      if (row) set_measured(columns, *row, figure);
    }
  }
}

std::vector<BatchCurve> batch_curves_of(std::span<const Measurement> records,
                                        const RecordIds& imported) {
  std::vector<BatchCurve> curves;
  for (const auto& [id, setup] : setups_of(records)) {
    for (const ModelFigure& figure : best_batches(records, id, imported)) {
      if (figure.best == nullptr || figure.is_imported) continue;
      if (auto curve = batch_curve(figure.cells)) curves.push_back(std::move(*curve));
    }
  }
  return curves;
}

}  // namespace wattfor
