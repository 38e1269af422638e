#include "bench/study.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace wattfor {
namespace {

constexpr std::int64_t study_batches = 14;  // "more than 13 repetitions"
constexpr Seconds study_seconds{10.0};
constexpr double dropped_share = 0.05;

}  // namespace

CellAttempt measure_study(const RunMeter& run_meter, PowerLogs& logs, Worker& worker,
                          const Cell& cell, double target) {
  auto warm_up = run_meter.run(worker, {.batch = cell.batch_size, .warm_up = true});
  if (auto* failure = std::get_if<WorkerFailure>(&warm_up)) return std::move(*failure);

  const protocol::Run run{
      .batch = cell.batch_size, .min_batches = study_batches, .min_seconds = study_seconds.count()};
  const int replicates = cell.replicates > 0 ? cell.replicates : study_replicates;
  std::vector<MeteredRun> runs;
  std::vector<BatchEnergy> batches;
  for (int i = 0; i < replicates; ++i) {
    logs.clear();
    auto measured = run_meter.run(worker, run);
    if (auto* failure = std::get_if<WorkerFailure>(&measured)) return std::move(*failure);
    runs.push_back(std::get<MeteredRun>(std::move(measured)));
    const auto energies =
        batch_energies(runs.back().marks, cell.batch_size,
                       [&](Instant begin, Instant end) { return logs.energy_between(begin, end); });
    batches.insert(batches.end(), energies.begin(), energies.end());
  }

  CellAttempt attempt = cell_of(runs, cell.batch_size);
  if (auto* cell_measured = std::get_if<MeasuredCell>(&attempt)) {
    CellResult& result = cell_measured->result;
    result.published = published_interval(batches);
    result.precision_reached = relative_half_width(result.energy_per_image).value_or(1.0) <= target;
  }
  return attempt;
}

std::vector<BatchEnergy> batch_energies(
    const RunMarks& marks, int batch_size,
    const std::function<std::optional<Joules>(Instant, Instant)>& energy_between) {
  std::vector<BatchEnergy> energies;
  const Seconds dropped = dropped_share * marks.duration();
  Instant begin = marks.started;
  for (std::size_t i = 0; i < marks.end.size(); ++i) {
    const Instant end = marks.end[i];
    if (Seconds(begin - marks.started) >= dropped) {
      if (const auto energy = energy_between(begin, end)) {
        const auto images = static_cast<double>(marks.count[i]) * batch_size;
        energies.push_back({energy->value() / images, marks.count[i]});
      }
    }
    begin = end;
  }
  return energies;
}

std::optional<PublishedInterval> published_interval(std::span<const BatchEnergy> batches) {
  double n = 0.0;
  double sum = 0.0;
  for (const BatchEnergy& entry : batches) {
    n += static_cast<double>(entry.batches);
    sum += entry.joules_per_image * static_cast<double>(entry.batches);
  }
  if (n < 2.0) return std::nullopt;
  const double mean = sum / n;
  double squares = 0.0;
  for (const BatchEnergy& entry : batches) {
    const double difference = entry.joules_per_image - mean;
    squares += difference * difference * static_cast<double>(entry.batches);
  }
  PublishedInterval interval;
  interval.mean_j = mean;
  interval.standard_deviation_j = std::sqrt(squares / (n - 1.0));
  interval.standard_error_j = interval.standard_deviation_j / std::sqrt(n);
  const double half_width = normal_95 * interval.standard_error_j;
  interval.interval_j = {.low = mean - half_width, .high = mean + half_width};
  interval.batches = static_cast<std::int64_t>(n);
  return interval;
}

}  // namespace wattfor
