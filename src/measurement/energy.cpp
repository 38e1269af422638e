#include "measurement/energy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace wattfor {
namespace {

bool has_figure(const ComponentEnergy& component) {
  return component.basis != Basis::missing && component.gross.has_value();
}

std::optional<Interval> sum_of(const std::optional<Interval>& a, const std::optional<Interval>& b) {
  if (!a || !b) return std::nullopt;
  return Interval{.low = a->low + b->low, .high = a->high + b->high};
}

std::optional<Interval> multiplied(const std::optional<Interval>& interval, double factor) {
  if (!interval) return std::nullopt;
  return Interval{.low = factor * interval->low, .high = factor * interval->high};
}

// Nothing where one of the components lacks the figure: a sum over a part would pass for the whole.
std::optional<EnergyFigure> sum_of(const std::vector<const ComponentEnergy*>& components,
                                   std::optional<EnergyFigure> ComponentEnergy::* figure) {
  std::optional<EnergyFigure> sum;
  for (const ComponentEnergy* component : components) {
    const auto& addend = component->*figure;
    if (!addend) return std::nullopt;
    sum = sum ? sum_of(*sum, *addend) : *addend;
  }
  return sum;
}

bool holds(const std::vector<const ComponentEnergy*>& components, ComponentKind kind) {
  return std::ranges::any_of(components, [kind](const auto* c) { return c->kind == kind; });
}

// "cpu + dram", "gpu only", "cpu (dram missing)", "gpu only (gpu 1 missing)". A kind that is
// missing altogether is named once, else the components that are.
std::string scope_text(Scope scope, const std::vector<const ComponentEnergy*>& summed,
                       const std::vector<const ComponentEnergy*>& missing) {
  constexpr std::array kinds{ComponentKind::cpu, ComponentKind::dram, ComponentKind::gpu,
                             ComponentKind::other};
  std::vector<std::string_view> present;
  std::vector<std::string_view> absent;
  for (const ComponentKind kind : kinds) {
    if (holds(summed, kind)) {
      present.push_back(name_of(kind));
      for (const auto* component : missing) {
        if (component->kind == kind) absent.push_back(component->name);
      }
    } else if (holds(missing, kind)) {
      absent.push_back(name_of(kind));
    }
  }
  std::string text = present.empty() ? "nothing" : fmt::format("{}", fmt::join(present, " + "));
  if (scope == Scope::gpu_only && !present.empty()) text += " only";
  if (!absent.empty()) text += fmt::format(" ({} missing)", fmt::join(absent, ", "));
  return text;
}

}  // namespace

EnergyFigure attended(EnergyFigure figure) {
  const Interval away = std::exchange(figure.unattended, Interval{});
  const double energy = figure.energy.value();
  for (auto* interval : {&figure.absolute, &figure.comparison}) {
    if (!*interval) continue;
    (*interval)->high = std::max(energy, (*interval)->high - away.high);
    // Where it was cut at nothing, as far below as above.
    const double low = (*interval)->low > 0.0 ? (*interval)->low + away.low
                                              : std::max(0.0, 2.0 * energy - (*interval)->high);
    (*interval)->low = std::min(energy, low);
  }
  return figure;
}

EnergyFigure not_negative(EnergyFigure figure) {
  figure.energy = std::max(figure.energy, Joules(0.0));
  for (auto* interval : {&figure.absolute, &figure.comparison}) {
    if (!*interval) continue;
    (*interval)->low = std::max((*interval)->low, 0.0);
    (*interval)->high = std::max((*interval)->high, 0.0);
  }
  return figure;
}

EnergyFigure sum_of(const EnergyFigure& a, const EnergyFigure& b) {
  return {.energy = a.energy + b.energy,
          .absolute = sum_of(a.absolute, b.absolute),
          .comparison = sum_of(a.comparison, b.comparison),
          .unattended = {.low = a.unattended.low + b.unattended.low,
                         .high = a.unattended.high + b.unattended.high}};
}

EnergyFigure multiplied(const EnergyFigure& figure, double factor) {
  return {.energy = figure.energy * factor,
          .absolute = multiplied(figure.absolute, factor),
          .comparison = multiplied(figure.comparison, factor),
          .unattended = {.low = factor * figure.unattended.low,
                         .high = factor * figure.unattended.high}};
}

bool is_in(Scope scope, ComponentKind kind) {
  switch (scope) {
    case Scope::everything:
      return true;
    case Scope::gpu_only:
      return kind == ComponentKind::gpu;
    case Scope::host_only:
      return kind == ComponentKind::cpu || kind == ComponentKind::dram;
  }
  return false;
}

TotalEnergy total_of(const std::vector<ComponentEnergy>& components, Scope scope) {
  std::vector<const ComponentEnergy*> summed;
  std::vector<const ComponentEnergy*> missing;
  for (const ComponentEnergy& component : components) {
    if (!component.in_total || !is_in(scope, component.kind)) continue;
    (has_figure(component) ? summed : missing).push_back(&component);
  }

  TotalEnergy total;
  total.scope = scope_text(scope, summed, missing);
  if (summed.empty()) return total;
  // The enumerators stand from the most to the least trustworthy.
  total.basis = (*std::ranges::max_element(summed, {}, &ComponentEnergy::basis))->basis;
  total.gross = sum_of(summed, &ComponentEnergy::gross);
  total.net = sum_of(summed, &ComponentEnergy::net);
  return total;
}

std::string_view name_of(Basis basis) {
  switch (basis) {
    case Basis::measured:
      return "measured";
    case Basis::modelled:
      return "modelled";
    case Basis::simulated:
      return "simulated";
    case Basis::missing:
      break;
  }
  return "missing";
}

std::string_view name_of(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::cpu:
      return "cpu";
    case ComponentKind::dram:
      return "dram";
    case ComponentKind::gpu:
      return "gpu";
    case ComponentKind::other:
      break;
  }
  return "other";
}

}  // namespace wattfor
