#pragma once

#include <fmt/format.h>

#include <string>

#include "measurement/measurement.h"

namespace wattfor::test {

// The record of a finished cell: `energy_j` per image, ±1 % between models, ±50 % in itself.
inline Measurement cell_of(const std::string& model, int batch_size, double energy_j) {
  Measurement record;
  record.id = fmt::format("{} {} {}", model, batch_size, energy_j);
  record.started_at = "2026-01-01T00:00:00.000Z";
  record.energy.total.basis = Basis::measured;
  record.cell.emplace();
  record.cell->setup.id = "cpu_onnxruntime_fp32";
  record.cell->setup.label = "Some CPU · ONNX Runtime · fp32";
  record.cell->model.name = model;
  record.cell->model.input_size = 8;
  record.cell->model.sha256 = "sha of " + model;
  record.cell->batch_size = batch_size;
  record.result.emplace();
  record.result->energy_per_image = {
      .energy = Joules(energy_j),
      .absolute = Interval{.low = 0.5 * energy_j, .high = 1.5 * energy_j},
      .comparison = Interval{.low = 0.99 * energy_j, .high = 1.01 * energy_j}};
  record.result->throughput_per_s = 50.0 / energy_j;
  record.result->latency_ms = 1e3 * batch_size / record.result->throughput_per_s;
  return record;
}

inline Measurement failed_cell_of(const std::string& model, int batch_size,
                                  const std::string& reason) {
  Measurement record = cell_of(model, batch_size, 1.0);
  record.outcome = Outcome::failed;
  record.reason = reason;
  record.result.reset();
  return record;
}

inline Accuracy accuracy_of(const std::string& model, double percent,
                            const std::string& test_set = "digits-test") {
  return {.model = model,
          .input_size = 8,
          .test_set = test_set,
          .top1_percent = percent,
          .top5_percent = std::nullopt};
}

}  // namespace wattfor::test
