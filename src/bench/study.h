#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "bench/cell_result.h"
#include "bench/metered_run.h"
#include "bench/power_log.h"
#include "bench/worker.h"
#include "measurement/measurement.h"

namespace wattfor {

// The inference study's procedure for a cell (its section 3 and figure 1): a warm-up run, which
// meets any out-of-memory error, then runs of more than 13 batches and longer than 10 s. Three of
// them unless `cell.replicates` says otherwise. The cell's own figure comes from the meter's
// windows over the replicates; the published one, from the power log and every batch, is stored
// beside it.
inline constexpr int study_replicates = 3;
CellAttempt measure_study(const RunMeter& run_meter, PowerLogs& logs, Worker& worker,
                          const Cell& cell, double target);

// Batches that ended together, and the energy of an image in each of them.
struct BatchEnergy {
  double joules_per_image = 0.0;
  std::int64_t batches = 1;
};

// What the study keeps of a run: the batches that begin after its first 5 %, each with the energy
// that `energy_between` finds between its edges. Batches that it does not cover are left out.
std::vector<BatchEnergy> batch_energies(
    const RunMarks& marks, int batch_size,
    const std::function<std::optional<Joules>(Instant, Instant)>& energy_between);

// Mean, standard deviation (n−1), standard error and ±1.96 standard errors over all batches; an
// entry of n batches counts as n of equal energy. Nothing for fewer than two.
std::optional<PublishedInterval> published_interval(std::span<const BatchEnergy> batches);

}  // namespace wattfor
