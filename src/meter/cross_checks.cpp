#include "meter/cross_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "meter/unwrap.h"
#include "response/kernel.h"

namespace wattfor {
namespace {

// Two that are each sound lie further apart than 3.5 standard deviations once in 2,000 times; of
// two that are equally well known the intervals part at 2.8, once in 200.
constexpr double beyond_chance = 3.5 / normal_95;

// A driver holds a device to its limit by its mean over about this long; shorter excursions are
// usual (the reason for the overshoot in implausible_power()).
constexpr Seconds regulation{1.0};

// Controllers' readings are means over up to about this long where they do not say: Redfish counts
// the interval of its averages in whole minutes (schema Power, PowerMetrics.IntervalInMin).
constexpr Seconds longest_average{60.0};

std::string in_joules(double energy) {
  return energy < 1e4 ? fmt::format("{:.4g} J", energy) : fmt::format("{:.0f} J", energy);
}

// What of the window's begin a sensor may show as the time before it.
Seconds looks_back(const SensorInfo& sensor) {
  const SensorProfile profile = profile_of(sensor);
  if (sensor.kind == SensorKind::energy_counter) return update_period_of(sensor);
  return update_period_of(sensor) +
         (profile.is_complete() ? reach_of(profile.kernel()) : longest_average);
}

bool is_whole(const CheckedComponent& checked) {
  const ComponentEnergy& component = *checked.component;
  return component.basis == Basis::measured && component.gross && component.gross->absolute &&
         component.gaps.empty();
}

bool sees_the_machine(Domain domain) {
  return domain == Domain::wall || domain == Domain::battery || domain == Domain::platform;
}

// Of psys only what is certainly wired to it: cores, SoC and memory (Intel's manual, volume 4,
// MSR_PLATFORM_ENERGY_COUNTER); a GPU in a slot may or may not be.
bool lies_inside_of(Domain outer, Domain inner) {
  if (sees_the_machine(inner)) return false;
  return outer != Domain::platform || inner == Domain::cpu_package || inner == Domain::dram;
}

void check_domain(Domain outer, std::span<const CheckedComponent> components, Seconds duration) {
  std::vector<std::string_view> meters;
  ComponentEnergy* first = nullptr;
  Joules most;
  Seconds late{0.0};
  std::vector<std::string_view> parts;
  Joules least;
  for (const CheckedComponent& checked : components) {
    const Domain domain = checked.sensor->domain;
    if (domain == outer) {
      // What one of several says nothing of may have been anything.
      if (!is_whole(checked)) return;
      if (first == nullptr) first = checked.component;
      meters.push_back(checked.sensor->id);
      most += Joules(checked.component->gross->absolute->high);
      late = std::max(late, looks_back(*checked.sensor));
    } else if (lies_inside_of(outer, domain) && checked.component->in_total && is_whole(checked)) {
      parts.push_back(checked.component->name);
      least += Joules(checked.component->gross->absolute->low);
    }
  }
  if (first == nullptr || late >= duration) return;
  if ((1.0 - late / duration) * least <= most) return;
  const bool one = meters.size() == 1;
  first->faults.push_back(fmt::format(
      "{} {} at most {}, and what is inside ({}) used at least {}: one of them is wrong, "
      "or {} not see all of it",
      fmt::join(meters, " and "), one ? "says" : "together say", in_joules(most.value()),
      fmt::join(parts, ", "), in_joules(least.value()), one ? "it does" : "they do"));
}

}  // namespace

std::optional<std::string> contradiction(const SensorFigure& used, const SensorFigure& other) {
  const bool used_is_less = used.gross.energy < other.gross.energy;
  const EnergyFigure& less = used_is_less ? used.gross : other.gross;
  const EnergyFigure& more = used_is_less ? other.gross : used.gross;
  const double up = less.absolute->high - less.energy.value();
  const double down = more.energy.value() - more.absolute->low;
  // Bounds that hold for certain add up; what is chance does in quadrature.
  const double apart = (more.energy - less.energy).value();
  if (apart <= std::max(up + down, beyond_chance * std::hypot(up, down))) return std::nullopt;
  return fmt::format("{} says {} and {} {}: they contradict each other", used.sensor->id,
                     in_joules(used.gross.energy.value()), other.sensor->id,
                     in_joules(other.gross.energy.value()));
}

std::optional<std::string> above_enforced_limit(const SensorFigure& used, Seconds duration) {
  const auto limit = used.sensor->enforced_limit;
  if (!limit || duration <= regulation) return std::nullopt;
  const Joules most =
      implausible_power(*used.sensor) * regulation + *limit * (duration - regulation);
  if (Joules(used.gross.absolute->low) <= most) return std::nullopt;
  return fmt::format(
      "{} says {:.4g} W on average, and {:.4g} W is the device's limit: one of them is wrong, or "
      "the limit has been changed",
      used.sensor->id, (used.gross.energy / duration).value(), limit->value());
}

void check_wholes(std::span<const CheckedComponent> components, Seconds duration) {
  for (const Domain outer : {Domain::wall, Domain::battery, Domain::platform}) {
    check_domain(outer, components, duration);
  }
}

}  // namespace wattfor
