#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor {

// A part of the machine that has a RAPL counter of its own. The kernel shows the register twice,
// through perf events and through powercap; the zone is the same.
struct RaplZone {
  Domain domain = Domain::other;
  std::optional<int> package;  // the socket; absent where the name doesn't tell it
  std::optional<int> die;      // absent where the counter is the whole package's
  std::string name;            // powercap's word: "package-1", "package-0-die-1/dram", "psys"
};

// More than any machine has of sockets, dies or zones: what lies above is no number of one.
inline constexpr int highest_zone_number = 4095;

// Of a domain in a package, or in a die of it.
RaplZone rapl_zone(Domain domain, int package, std::optional<int> die);
// From powercap's names: a zone's own ("dram") and that of the zone that it is a part of
// ("package-0"; empty for one that is a part of none).
RaplZone rapl_zone(std::string_view name, std::string_view whole_name);

// Whether two zones' counters hold the same joules. A package's counter holds those of its dies.
bool count_the_same(const RaplZone& one, const RaplZone& other);

// Cores and uncore lie inside a package and psys around it; what else there is, is not known.
bool belongs_in_total(const RaplZone& zone);

// The description of a zone's counter, all but its unit, source and range; `way` is the first word
// of its id ("rapl", "perf").
SensorInfo describe_rapl_counter(const RaplZone& zone, std::string_view way);

struct RaplCounter {
  RaplZone zone;
  std::unique_ptr<Sensor> sensor;
};

// A counter that is there and can't be read: why, and the command that would unlock it (empty where
// there is none).
struct RaplRefusal {
  RaplZone zone;
  std::string id;  // that its sensor would have
  std::string reason;
  std::string remedy;
};

// What one of the two ways to the counters leads to.
struct RaplFindings {
  std::vector<RaplCounter> counters;
  std::vector<RaplRefusal> refusals;
  std::vector<Obstacle> faults;      // why zones are not read that can't even be named
  std::vector<std::string> details;  // for the machine's record
};

// Gives every counter a number of its own among those of its domain, dies of a package included, or
// two of them would be one component of a record.
void number_rapl_counters(std::span<const RaplCounter> counters);

}  // namespace wattfor
