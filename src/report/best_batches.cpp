#include "report/best_batches.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "store/exchange.h"

namespace wattfor {
namespace {

bool has_energy(const Measurement& record) {
  if (record.outcome != Outcome::done || !record.result) return false;
  const double energy_j = record.result->energy_per_image.energy.value();
  return record.energy.total.basis != Basis::missing && std::isfinite(energy_j) && energy_j > 0.0;
}

std::string why_without_energy(const Measurement& newest) {
  if (newest.outcome == Outcome::done) return "nothing could read or model its energy";
  if (newest.reason.empty()) return std::string(name_of(newest.outcome));
  return fmt::format("{}: {}", name_of(newest.outcome), newest.reason);
}

// `records` of one model, the last added one last.
ModelFigure figure_of(const std::vector<const Measurement*>& records) {
  const Measurement& newest = *records.back();
  const Model& model = newest.cell->model;
  // The newest record of each cell that is done.
  std::map<std::string, const Measurement*> cells;
  for (const Measurement* record : records) {
    const bool is_newest_file = record->cell->model.sha256 == model.sha256;
    if (is_newest_file && record->outcome == Outcome::done) cells[record->cell->key()] = record;
  }
  ModelFigure figure{.model = model.name,
                     .input_size = model.input_size,
                     .best = nullptr,
                     .cells = {},
                     .is_imported = false,
                     .reason = ""};
  const auto energy = [](const Measurement* record) {
    return record->result->energy_per_image.energy;
  };
  for (const auto& [key, record] : cells) {
    if (!has_energy(*record)) continue;
    figure.cells.push_back(record);
    if (figure.best == nullptr || energy(record) < energy(figure.best)) figure.best = record;
  }
  if (figure.best == nullptr) figure.reason = why_without_energy(newest);
  return figure;
}

}  // namespace

std::vector<ModelFigure> best_batches(std::span<const Measurement> records,
                                      const std::string& setup_id, const RecordIds& imported) {
  std::map<std::pair<std::string, int>, std::vector<const Measurement*>> models;
  for (const Measurement& record : records) {
    if (!record.cell || record.cell->setup.id != setup_id || is_simulated(record)) continue;
    models[{record.cell->model.name, record.cell->model.input_size}].push_back(&record);
  }
  std::vector<ModelFigure> figures;
  for (auto& [name, of_model] : models) {
    const auto is_imported = [&](const Measurement* record) {
      return imported.contains(record->id);
    };
    const bool has_own = std::ranges::any_of(of_model, [&](const Measurement* record) {
      return !is_imported(record) && has_energy(*record);
    });
    if (has_own) std::erase_if(of_model, is_imported);
    figures.push_back(figure_of(of_model));
    const Measurement* best = figures.back().best;
    figures.back().is_imported = best != nullptr && is_imported(best);
  }
  return figures;
}

}  // namespace wattfor
