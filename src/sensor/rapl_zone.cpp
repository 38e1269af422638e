#include "sensor/rapl_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace wattfor {
namespace {

// The registers behind the zones are written about once a millisecond (Intel SDM volume 3, "RAPL
// interfaces"; kernel Documentation/hwmon/amd_energy for AMD's).
constexpr Seconds register_period{0.001};

// One standard deviation of a zone's gain. Estimates: no source gives one figure for all
// processors. Packages: Khan et al., "RAPL in Action" (ACM TOMPECS 2018) find readings that follow
// the plug closely, but on AMD and before Haswell they come from an activity model, not from a
// measurement. DRAM: Desrochers et al., "A Validation of DRAM RAPL Power Measurements" (MEMSYS
// 2016) find the trend right and a machine-dependent offset that matters most when memory is idle.
constexpr double package_gain_uncertainty = 0.05;
constexpr double dram_gain_uncertainty = 0.10;

// The number that stands behind `mark` in a zone's name.
std::optional<int> number_after(std::string_view mark, std::string_view name) {
  const auto at = name.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view text = name.substr(at + mark.size());
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > highest_zone_number) return std::nullopt;
  return number;
}

constexpr std::string_view die_mark = "-die-";

// "package-1-die-0" is die 0 of socket 1. False where the name is no package's.
bool place(std::string_view name, RaplZone& zone) {
  if (!name.starts_with("package-")) return false;
  zone.package = number_after("package-", name);
  zone.die = number_after(die_mark, name);
  return zone.package && (zone.die || name.find(die_mark) == std::string_view::npos);
}

// Without a number it is the first socket's (kernel drivers/powercap/intel_rapl_common.c,
// rapl_init_domains).
bool place_psys(std::string_view name, RaplZone& zone) {
  zone.package = name == "psys" ? 0 : number_after("psys-", name);
  return name.starts_with("psys") && zone.package;
}

std::optional<Domain> domain_of_part(std::string_view name) {
  if (name == "dram") return Domain::dram;
  if (name == "core") return Domain::cpu_core;
  if (name == "uncore") return Domain::cpu_uncore;
  return std::nullopt;
}

std::string why_not_in_total(Domain domain) {
  switch (domain) {
    case Domain::cpu_core:
    case Domain::cpu_uncore:
      return "lies inside the cpu package";
    case Domain::platform:
      return "contains the cpu packages";
    default:
      return "what it counts is not known";
  }
}

std::string name_of_zone(Domain domain, int package, std::optional<int> die) {
  const std::string die_name = die ? fmt::format("{}{}", die_mark, *die) : "";
  std::string whole = fmt::format("package-{}{}", package, die_name);
  switch (domain) {
    case Domain::cpu_package:
      return whole;
    case Domain::dram:
      return whole + "/dram";
    case Domain::cpu_core:
      return whole + "/core";
    case Domain::cpu_uncore:
      return whole + "/uncore";
    default:
      return package == 0 && !die ? "psys" : fmt::format("psys-{}{}", package, die_name);
  }
}

}  // namespace

RaplZone rapl_zone(Domain domain, int package, std::optional<int> die) {
  return {domain, package, die, name_of_zone(domain, package, die)};
}

RaplZone rapl_zone(std::string_view name, std::string_view whole_name) {
  RaplZone zone;
  if (whole_name.empty()) {
    zone.name = name;
    if (place(name, zone)) {
      zone.domain = Domain::cpu_package;
    } else if (place_psys(name, zone)) {
      zone.domain = Domain::platform;
    }
  } else {
    zone.name = fmt::format("{}/{}", whole_name, name);
    const auto part = domain_of_part(name);
    if (part && place(whole_name, zone)) zone.domain = *part;
  }
  if (zone.domain == Domain::other) zone.package = zone.die = std::nullopt;
  return zone;
}

bool count_the_same(const RaplZone& one, const RaplZone& other) {
  return one.domain == other.domain && one.domain != Domain::other &&
         one.package == other.package && (!one.die || !other.die || one.die == other.die);
}

bool belongs_in_total(const RaplZone& zone) {
  return zone.domain == Domain::cpu_package || zone.domain == Domain::dram;
}

SensorInfo describe_rapl_counter(const RaplZone& zone, std::string_view way) {
  SensorInfo info;
  info.id = fmt::format("{}:{}", way, zone.name);
  info.kind = SensorKind::energy_counter;
  info.domain = zone.domain;
  info.update_period = register_period;
  info.gain_uncertainty =
      zone.domain == Domain::dram ? dram_gain_uncertainty : package_gain_uncertainty;
  if (!belongs_in_total(zone)) {
    info.in_total = false;
    info.why_not_in_total = why_not_in_total(zone.domain);
  }
  return info;
}

void number_rapl_counters(std::span<const RaplCounter> counters) {
  int dies = 1;
  for (const auto& [zone, sensor] : counters) dies = std::max(dies, zone.die.value_or(0) + 1);
  for (const auto& [zone, sensor] : counters) {
    sensor->renumber(zone.package.value_or(0) * dies + zone.die.value_or(0));
  }
}

}  // namespace wattfor
