#include "sensor/rapl_perf.h"

#include <fmt/format.h>
#include <linux/perf_event.h>

#include <cerrno>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file.h"
#include "sensor/attribute_sensor.h"
#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr unsigned highest_bit = 63;  // of an event's config

struct EventName {
  std::string_view file;
  Domain domain = Domain::other;
};

constexpr EventName event_names[] = {{"energy-pkg", Domain::cpu_package},
                                     {"energy-ram", Domain::dram},
                                     {"energy-cores", Domain::cpu_core},
                                     {"energy-gpu", Domain::cpu_uncore},
                                     {"energy-psys", Domain::platform}};

// The whole of the text as a number, also a hexadecimal one.
template <std::unsigned_integral Number>
std::optional<Number> number_of(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  Number number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, hexadecimal ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "3" or "0-7": the first and the last bit of a word.
std::optional<std::pair<unsigned, unsigned>> bits_of(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = number_of<unsigned>(text.substr(0, dash));
  const auto last =
      dash == std::string_view::npos ? first : number_of<unsigned>(text.substr(dash + 1));
  if (!first || !last || *first > *last || *last > highest_bit) return std::nullopt;
  return std::pair{*first, *last};
}

// The event "event=0x02" under the format "config:0-7": the number, moved to its bits.
std::optional<std::uint64_t> config_of(std::string_view event, std::string_view format) {
  constexpr std::string_view term = "event=";
  constexpr std::string_view word = "config:";
  if (!event.starts_with(term) || !format.starts_with(word)) return std::nullopt;
  const auto number = number_of<std::uint64_t>(event.substr(term.size()));
  const auto bits = bits_of(format.substr(word.size()));
  if (!number || !bits) return std::nullopt;
  const unsigned width = bits->second - bits->first + 1;
  if (width <= highest_bit && (*number >> width) != 0) return std::nullopt;
  return *number << bits->first;
}

std::optional<double> scale_of(std::string_view text) {
  double scale = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  // A joule is more than any register's unit.
  if (!whole || !(scale > 0.0 && scale <= 1.0)) return std::nullopt;
  return scale;
}

std::string text_of(const fs::path& file) { return read_attribute(file).value_or(""); }

// One of the unit's events: what to open, or why it is of no use.
struct EnergyEvent {
  EventName name;
  std::uint64_t config = 0;
  double scale = 0.0;
  std::string fault;
};

EnergyEvent read_event(const fs::path& unit, const EventName& name) {
  EnergyEvent event;
  event.name = name;
  const fs::path file = unit / "events" / name.file;
  const std::string text = text_of(file);
  const std::string format = text_of(unit / "format/event");
  const std::string scale_text = text_of(file.string() + ".scale");
  const std::string unit_text = text_of(file.string() + ".unit");
  const auto config = config_of(text, format);
  const auto scale = scale_of(scale_text);
  if (!config) {
    event.fault = fmt::format("{}: expected an event of the format {:?}, found {:?}", file.string(),
                              format, text);
  } else if (!scale || unit_text != "Joules") {
    event.fault = fmt::format("{}: expected a scale in joules, found {:?} {:?}", file.string(),
                              scale_text, unit_text);
  } else {
    event.config = *config;
    event.scale = *scale;
  }
  return event;
}

std::vector<EnergyEvent> list_events(const fs::path& unit) {
  std::vector<EnergyEvent> events;
  std::error_code ignored;
  for (const EventName& name : event_names) {
    if (fs::exists(unit / "events" / name.file, ignored)) events.push_back(read_event(unit, name));
  }
  return events;
}

// Where the counters of one die or package are read.
struct Place {
  int package = 0;
  std::optional<int> die;
  int cpu = 0;
};

std::optional<int> topology_number(const fs::path& sysfs_root, int cpu, std::string_view file) {
  const auto text =
      read_attribute(sysfs_root / fmt::format("devices/system/cpu/cpu{}/topology/{}", cpu, file));
  const auto number = text ? number_of<unsigned>(*text) : std::nullopt;
  if (!number || *number > unsigned{highest_zone_number}) return std::nullopt;
  return static_cast<int>(*number);
}

Obstacle unusable(std::string reason) {
  return {"CPU energy counters (RAPL, perf events)", std::move(reason), ""};
}

// The CPUs to read on. A kernel that names none leaves the choice: then any online CPU will do.
std::vector<int> reader_cpus(const fs::path& sysfs_root, const fs::path& unit,
                             RaplFindings& findings) {
  fs::path file = unit / "cpumask";
  std::string text = text_of(file);
  if (text.empty()) {
    file = sysfs_root / "devices/system/cpu/online";
    text = text_of(file);
  }
  std::vector<int> cpus = listed_numbers(text);
  if (cpus.empty()) {
    findings.faults.push_back(
        unusable(fmt::format("{}: expected a list of CPUs, found {:?}", file.string(), text)));
  }
  return cpus;
}

std::vector<Place> list_places(const fs::path& sysfs_root, const fs::path& unit, RaplScope scope,
                               RaplFindings& findings) {
  std::map<std::pair<int, int>, Place> first;
  bool several_dies = false;
  for (const int cpu : reader_cpus(sysfs_root, unit, findings)) {
    const auto package = topology_number(sysfs_root, cpu, "physical_package_id");
    if (!package) {
      findings.faults.push_back(unusable(fmt::format(
          "{}: which socket CPU {} belongs to is not known",
          (sysfs_root / fmt::format("devices/system/cpu/cpu{}/topology", cpu)).string(), cpu)));
      continue;
    }
    // Kernels before 5.2 know of no dies.
    const int die =
        scope == RaplScope::package ? 0 : topology_number(sysfs_root, cpu, "die_id").value_or(0);
    several_dies = several_dies || die > 0;
    first.try_emplace({*package, die}, Place{*package, die, cpu});
  }
  std::vector<Place> places;
  for (auto& [key, place] : first) {
    if (!several_dies) place.die.reset();
    places.push_back(place);
  }
  return places;
}

class PerfCounter final : public Sensor {
 public:
  PerfCounter(SensorInfo info, PerfEvents& events, const PerfEvent& event, double scale,
              UniqueFd counter)
      : Sensor(std::move(info)),
        events_(events),
        event_(event),
        scale_(scale),
        counter_(std::move(counter)) {}

  Reading read() override {
    auto count = events_.read(counter_.get());
    if (const int* error_number = std::get_if<int>(&count);
        error_number && *error_number == ENODEV) {
      // It then counts from zero, and what flowed since the last reading is in no count: the meter
      // sees it go backwards, and a gap.
      if (const auto refusal = open_again()) return *refusal;
      count = events_.read(counter_.get());
    }
    if (const int* error_number = std::get_if<int>(&count)) return failure(*error_number);
    // The kernel's sum has a sign: a register that was reset (suspend) takes it below zero, where
    // it would stay for as long as it had counted before.
    const auto total = static_cast<std::int64_t>(std::get<std::uint64_t>(count));
    if (total < 0) {
      if (const auto refusal = open_again()) return *refusal;
      return ReadFailure{
          FailureKind::gone,
          fmt::format("{}: {} is no count of energy, it begins anew", info().source, total)};
    }
    return Joules(scale_ * static_cast<double>(total));
  }

 private:
  ReadFailure failure(int error_number) const {
    return attribute_failure(error_number, info().source);
  }

  // Why it can't be opened.
  std::optional<ReadFailure> open_again() {
    auto again = events_.open(event_);
    if (const int* refusal = std::get_if<int>(&again)) return failure(*refusal);
    counter_ = std::get<UniqueFd>(std::move(again));
    return std::nullopt;
  }

  PerfEvents& events_;
  PerfEvent event_;
  double scale_;
  UniqueFd counter_;
};

RaplRefusal refused_event(const RaplZone& zone, const SensorInfo& info, int error_number) {
  RaplRefusal refused{zone, info.id, attribute_failure(error_number, info.source).reason, ""};
  if (error_number == EACCES) {
    refused.reason =
        "perf events of a whole CPU are root's while kernel.perf_event_paranoid is above 0; the "
        "command holds until the next boot";
    refused.remedy = "sudo sysctl kernel.perf_event_paranoid=0";
  } else if (error_number == EPERM) {
    refused.reason = "a system call filter, as containers have one, forbids perf events";
    refused.remedy = "docker run --cap-add PERFMON …";
  }
  return refused;
}

void open_counter(const EnergyEvent& event, std::uint32_t type, const Place& place,
                  PerfEvents& events, RaplFindings& findings) {
  const RaplZone zone = rapl_zone(event.name.domain, place.package, place.die);
  SensorInfo info = describe_rapl_counter(zone, "perf");
  info.counts_from_opening = true;
  constexpr double nanojoules = 1e9;
  info.unit = fmt::format("{:.3g} nJ", nanojoules * event.scale);
  info.source = fmt::format("perf event power/{}/ on CPU {}", event.name.file, place.cpu);
  if (!event.fault.empty()) {
    findings.refusals.push_back({zone, info.id, event.fault, ""});
    return;
  }
  const PerfEvent wanted{type, event.config, place.cpu};
  auto opened = events.open(wanted);
  if (const int* error_number = std::get_if<int>(&opened)) {
    findings.refusals.push_back(refused_event(zone, info, *error_number));
    return;
  }
  auto counter = std::make_unique<PerfCounter>(info, events, wanted, event.scale,
                                               std::get<UniqueFd>(std::move(opened)));
  const Reading first = counter->read();
  if (const auto* failure = std::get_if<ReadFailure>(&first)) {
    findings.refusals.push_back({zone, info.id, failure->reason, ""});
  } else {
    findings.counters.push_back({zone, std::move(counter)});
  }
}

// AMD's counters of single cores, which newer kernels show, lie inside the packages', and there are
// up to a hundred of them and more: each reading would interrupt its core and wake it, which
// changes what is measured. They are not read.
void mention_core_counters(const fs::path& devices, RaplFindings& findings) {
  std::error_code ignored;
  if (!fs::exists(devices / "power_core/events/energy-core", ignored)) return;
  findings.details.push_back(
      "perf:power_core counts each core by itself, inside the package, and is not read");
}

}  // namespace

RaplFindings find_rapl_perf(const fs::path& sysfs_root, RaplScope scope, PerfEvents& events) {
  const fs::path devices = sysfs_root / "bus/event_source/devices";
  const fs::path unit = devices / "power";
  RaplFindings findings;
  const std::vector<EnergyEvent> energy_events = list_events(unit);
  if (energy_events.empty()) return findings;
  const std::string type_text = text_of(unit / "type");
  const auto type = number_of<std::uint32_t>(type_text);
  // Types below are the kernel's own: the same config would count instructions.
  if (!type || *type < PERF_TYPE_MAX) {
    findings.faults.push_back(
        unusable(fmt::format("{}: expected the number of a perf event unit, found {:?}",
                             (unit / "type").string(), type_text)));
    return findings;
  }
  for (const Place& place : list_places(sysfs_root, unit, scope, findings)) {
    for (const EnergyEvent& event : energy_events) {
      open_counter(event, *type, place, events, findings);
    }
  }
  mention_core_counters(devices, findings);
  return findings;
}

}  // namespace wattfor
