#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/names.h"
#include "units/quantity.h"

namespace wattfor {

// Where a joule came from, from the most to the least trustworthy.
enum class Basis {
  measured,   // a sensor read it
  modelled,   // computed from utilisation, TDP, size or throughput
  simulated,  // a simulated device; left out of ranks and exports
  missing,    // nothing could be read and nothing was assumed
};
template <>
inline constexpr std::array enumerators<Basis>{Basis::measured, Basis::modelled, Basis::simulated,
                                               Basis::missing};

enum class ComponentKind { cpu, dram, gpu, other };
template <>
inline constexpr std::array enumerators<ComponentKind>{ComponentKind::cpu, ComponentKind::dram,
                                                       ComponentKind::gpu, ComponentKind::other};

// Half-width of a 95 % interval in standard deviations.
inline constexpr double normal_95 = 1.96;

// A 95 % interval, in the unit of the figure that carries it.
struct Interval {
  double low = 0.0;
  double high = 0.0;

  bool operator==(const Interval&) const = default;
};

// Joules with both 95 % intervals. `absolute` holds everything that can be wrong, the sensor's gain
// included; `comparison` leaves out what is common to all figures of the same sensor, and is what
// stopping rules and ratios between models on one device use. Absent where unknown, as in imports.
struct EnergyFigure {
  Joules energy;
  std::optional<Interval> absolute;
  std::optional<Interval> comparison;
  // How far both reach below and above the energy for what may have flowed while a part-time gauge
  // looked away, which launches at other moments of its updates tell. Of a figure just measured:
  // records keep it in the intervals alone.
  Interval unattended = {};

  bool operator==(const EnergyFigure&) const = default;
};

// The same without that.
EnergyFigure attended(EnergyFigure figure);

// Of what flowed, which is no less than nothing, with the intervals cut there; a difference of two
// may well be below.
EnergyFigure not_negative(EnergyFigure figure);

// Of both together. Gains are taken as common to the two: the intervals add up linearly, which can
// only be too wide; one that either lacks the sum lacks, too.
EnergyFigure sum_of(const EnergyFigure& a, const EnergyFigure& b);
// So many times the figure, a share of it where below one; its intervals with it.
EnergyFigure multiplied(const EnergyFigure& figure, double factor);

// A stretch of a window that no sensor saw.
struct Gap {
  Seconds start{0.0};  // since the window's begin
  Seconds duration{0.0};
  std::string reason;

  bool operator==(const Gap&) const = default;
};

// What one component (a GPU, a CPU package, its DRAM) used in a window.
struct ComponentEnergy {
  std::string name;  // "cpu package 0", "dram 0", "gpu 0"
  ComponentKind kind = ComponentKind::other;
  Basis basis = Basis::missing;
  std::optional<EnergyFigure> gross;  // what flowed; absent where `basis` is missing
  std::optional<EnergyFigure> net;    // gross less the measured idle power times the duration
  std::optional<Watts> average_power;
  std::optional<Watts> peak_power;  // the highest sampled; of a counter, between two samples
  std::optional<Watts> idle_power;  // as measured before the work
  std::vector<std::string> sensors;
  std::vector<Gap> gaps;
  std::vector<std::string> faults;  // impossible readings that were refused
  std::string assumption;           // what a modelled figure rests on
  std::string shared_with = {};     // whose energy is in it besides this user's; empty for nobody's
  // False for a domain that another one contains (core in package): shown, never added.
  bool in_total = true;

  bool operator==(const ComponentEnergy&) const = default;
};

// The sum over top-level components, each once. `scope` names them ("gpu only", "cpu + dram").
struct TotalEnergy {
  std::string scope;
  Basis basis = Basis::missing;  // the weakest of its components'
  std::optional<EnergyFigure> gross;
  std::optional<EnergyFigure> net;

  bool operator==(const TotalEnergy&) const = default;
};

// The state of a device over a window, as its driver reports it.
struct DeviceConditions {
  std::string device;
  std::optional<double> utilisation_percent;  // mean
  std::optional<double> memory_bytes;         // maximum
  std::optional<double> temperature_c;        // maximum
  std::optional<double> clock_mhz;            // mean
  std::optional<double> clock_minimum_mhz;
  std::optional<Watts> power_limit = std::nullopt;  // the device is held to it; maximum
  std::vector<std::string> throttle_reasons;        // each that was seen at least once
  std::map<std::string, Seconds> throttled =
      {};  // for how long, by reason, as the driver counts it

  bool operator==(const DeviceConditions&) const = default;
};

// Energy of one window [t0, t1].
struct EnergyReport {
  Seconds duration{0.0};
  std::vector<ComponentEnergy> components;
  TotalEnergy total;
  std::vector<DeviceConditions> conditions;

  bool operator==(const EnergyReport&) const = default;
};

// Which components a total sums.
enum class Scope {
  everything,  // every top-level component that has a figure
  gpu_only,    // as in both studies' tables
  host_only,   // CPU packages and DRAM: work on the CPU
};

// Whether a total of that scope has the components of that kind in it.
bool is_in(Scope scope, ComponentKind kind);

// Sums the components of `scope`. Gains are taken as common to all components (the intervals add up
// linearly, which can only be too wide), and the basis is the weakest.
TotalEnergy total_of(const std::vector<ComponentEnergy>& components, Scope scope);

std::string_view name_of(Basis basis);
std::string_view name_of(ComponentKind kind);

}  // namespace wattfor
