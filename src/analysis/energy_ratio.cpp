#include "analysis/energy_ratio.h"

#include <cmath>

namespace wattfor {
namespace {

bool is_energy(Joules energy) { return energy > Joules(0.0) && std::isfinite(energy.value()); }

// The length of the logarithm of a factor joined with another's.
double joined_logs(double a, double b) { return std::hypot(std::log(a), std::log(b)); }

}  // namespace

std::optional<EnergyRatio> energy_ratio(const EnergyFigure& model, const EnergyFigure& reference) {
  if (!is_energy(model.energy) || !is_energy(reference.energy)) return std::nullopt;
  EnergyRatio ratio{.factor = model.energy / reference.energy, .interval = std::nullopt};
  const auto& of = model.comparison;
  const auto& to = reference.comparison;
  if (!of || !to || !(of->low > 0.0) || !(to->low > 0.0)) return ratio;
  const double f = model.energy.value();
  const double e = reference.energy.value();
  const double down = joined_logs(f / of->low, to->high / e);
  const double up = joined_logs(of->high / f, e / to->low);
  if (!std::isfinite(down) || !std::isfinite(up)) return ratio;
  ratio.interval = {.low = ratio.factor * std::exp(-down), .high = ratio.factor * std::exp(up)};
  return ratio;
}

EnergySaving energy_saving(const EnergyFigure& from, const EnergyFigure& to) {
  EnergySaving saving{.energy = from.energy - to.energy, .interval = std::nullopt};
  const auto& a = from.comparison;
  const auto& b = to.comparison;
  if (!a || !b) return saving;
  const double e = from.energy.value();
  const double f = to.energy.value();
  const double down = std::hypot(e - a->low, b->high - f);
  const double up = std::hypot(a->high - e, f - b->low);
  saving.interval = {.low = saving.energy.value() - down, .high = saving.energy.value() + up};
  return saving;
}

std::optional<bool> is_unsure(const EnergyRatio& ratio) {
  if (!ratio.interval) return std::nullopt;
  return ratio.interval->low <= 1.0 && ratio.interval->high >= 1.0;
}

}  // namespace wattfor
