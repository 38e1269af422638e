#include "analysis/batch_curves.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "analysis/known_devices.h"

namespace wattfor {
namespace {

Joules image_energy(const BatchPoint& point) { return point.energy_per_image.energy; }

// The limit of the one device whose energy the total is; nothing where other parts are in it.
std::optional<Watts> limit_of(const Measurement& record) {
  const auto is_other = [](const ComponentEnergy& component) {
    return component.in_total && component.kind != ComponentKind::gpu;
  };
  if (std::ranges::any_of(record.energy.components, is_other)) return std::nullopt;
  std::optional<Watts> limit;
  for (const DeviceConditions& device : record.energy.conditions) {
    if (!device.power_limit) continue;
    if (limit) return std::nullopt;
    limit = device.power_limit;
  }
  if (limit) return limit;
  const KnownDevice* known = known_device(record.cell->setup.device);
  return known == nullptr ? std::nullopt : std::optional(known->limit);
}

BatchPoint point_of(const Measurement& record) {
  const CellResult& result = *record.result;
  BatchPoint point{
      .batch_size = record.cell->batch_size,
      .energy_per_image = result.energy_per_image,
      .basis = record.energy.total.basis,
      .throughput_per_s = result.throughput_per_s,
      .latency_ms = result.latency_ms,
      .mean_power = Watts(result.throughput_per_s * result.energy_per_image.energy.value()),
      .energy_at_limit = std::nullopt};
  const auto limit = limit_of(record);
  if (limit && result.throughput_per_s > 0.0) {
    point.energy_at_limit = *limit * Seconds(1.0 / result.throughput_per_s);
  }
  return point;
}

}  // namespace

std::optional<BatchCurve> batch_curve(std::span<const Measurement* const> cells) {
  std::map<int, const Measurement*> by_size;
  for (const Measurement* record : cells) {
    const Measurement*& chosen = by_size[record->cell->batch_size];
    const auto energy = [](const Measurement& of) { return of.result->energy_per_image.energy; };
    if (chosen == nullptr || energy(*record) < energy(*chosen)) chosen = record;
  }
  if (by_size.size() < 2) return std::nullopt;
  const Cell& cell = *cells.front()->cell;
  BatchCurve curve{.setup = cell.setup.id,
                   .model = {.model = cell.model.name, .input_size = cell.model.input_size},
                   .points = {},
                   .best = 0,
                   .smallest_over_best = {}};
  curve.points.reserve(by_size.size());
  for (const auto& [size, record] : by_size) curve.points.push_back(point_of(*record));
  const auto best = std::ranges::min_element(curve.points, {}, image_energy);
  curve.best = static_cast<std::size_t>(std::distance(curve.points.begin(), best));
  if (curve.best > 0) {
    const EnergyFigure& smallest = curve.points.front().energy_per_image;
    curve.smallest_over_best =
        energy_ratio(smallest, best->energy_per_image).value_or(EnergyRatio());
  }
  return curve;
}

double energy_span(const BatchCurve& curve) {
  const auto [least, greatest] = std::ranges::minmax_element(curve.points, {}, image_energy);
  return image_energy(*greatest) / image_energy(*least);
}

}  // namespace wattfor
