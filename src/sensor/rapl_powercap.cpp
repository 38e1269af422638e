#include "sensor/rapl_powercap.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "sensor/attribute_sensor.h"
#include "sensor/kernel_text.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

constexpr double joules_per_microjoule = 1e-6;

// The numbers of a zone's folder: "intel-rapl:1:0" is {1, 0}. They order zones, parents first; they
// number the zones and not the sockets, which only their names tell.
using ZoneNumbers = std::vector<int>;

std::optional<ZoneNumbers> zone_numbers(std::string_view folder_name) {
  constexpr std::string_view prefix = "intel-rapl:";
  if (!folder_name.starts_with(prefix)) return std::nullopt;
  ZoneNumbers numbers;
  std::string_view rest = folder_name.substr(prefix.size() - 1);
  while (rest.starts_with(':')) {
    int number = 0;
    const auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), number);
    if (error != std::errc() || number < 0 || number > highest_zone_number) return std::nullopt;
    numbers.push_back(number);
    rest = rest.substr(std::min(rest.find(':', 1), rest.size()));
  }
  return numbers;
}

// Zones in `folder` by number. The class folder links to all of them, parts of a zone (DRAM, cores)
// included; those also lie in their parent's folder, and some mounts show them only there.
void collect_zones(const fs::path& folder, std::map<ZoneNumbers, fs::path>& zones) {
  for (const fs::path& entry : entries_of(folder)) {
    const auto numbers = zone_numbers(entry.filename().string());
    if (numbers && zones.try_emplace(*numbers, entry).second) collect_zones(entry, zones);
  }
}

struct ZoneFolder {
  RaplZone zone;
  fs::path folder;
};

std::vector<ZoneFolder> list_zones(const fs::path& powercap) {
  std::map<ZoneNumbers, fs::path> folders;
  collect_zones(powercap, folders);
  std::vector<ZoneFolder> zones;
  std::map<int, std::string> whole_names;
  for (const auto& [numbers, folder] : folders) {
    const auto name = read_attribute(folder / "name");
    if (!name || name->empty()) continue;
    const bool is_part = numbers.size() > 1;
    if (!is_part) whole_names[numbers.front()] = *name;
    zones.push_back({rapl_zone(*name, is_part ? whole_names[numbers.front()] : ""), folder});
  }
  return zones;
}

SensorInfo describe(const ZoneFolder& found) {
  SensorInfo info = describe_rapl_counter(found.zone, "rapl");
  info.unit = "µJ";
  info.source = (found.folder / "energy_uj").string();
  // The kernel gives 2³² − 1 units of the register, which wraps after 2³²: this range is one unit
  // (at most 61 µJ on a server, 1 J for psys of Sapphire Rapids) short of the exact modulus.
  const auto range_uj = kernel_number(found.folder / "max_energy_range_uj").value_or(0);
  if (range_uj > 0) info.counter_range = microjoules(static_cast<double>(range_uj));
  return info;
}

// On AMD's processors of several dies (Threadripper, EPYC) some kernels make a zone for each die,
// and each reads the one register of the package; on Intel's (Cascade Lake-AP) each die has its
// own. One register read in turn never goes backwards. A joule is left for readings that are an
// update apart.
bool repeats(Sensor& first, Sensor& second) {
  const Reading before = first.read();
  const Reading between = second.read();
  const Reading after = first.read();
  const auto* low = std::get_if<Joules>(&before);
  const auto* middle = std::get_if<Joules>(&between);
  const auto* high = std::get_if<Joules>(&after);
  if (low == nullptr || middle == nullptr || high == nullptr) return false;
  constexpr Joules update{1.0};
  return *low - update <= *middle && *middle <= *high + update;
}

const RaplCounter* repeated_package(const RaplFindings& findings, Sensor& candidate,
                                    const RaplZone& zone) {
  if (zone.domain != Domain::cpu_package) return nullptr;
  for (const RaplCounter& counter : findings.counters) {
    const bool same_socket =
        counter.zone.domain == zone.domain && counter.zone.package == zone.package;
    if (same_socket && repeats(*counter.sensor, candidate)) return &counter;
  }
  return nullptr;
}

// Two sensors of one name would become one component, with the joules of one of them.
std::optional<std::string> second_of_its_name(const RaplFindings& findings,
                                              const SensorInfo& info) {
  const auto first = std::ranges::find(findings.counters, info.id, [](const RaplCounter& counter) {
    return counter.sensor->info().id;
  });
  if (first == findings.counters.end()) return std::nullopt;
  return fmt::format(
      "{} has the name of {}: which part of the machine it counts is not known, and it is in no "
      "figure",
      info.source, first->sensor->info().source);
}

// Container engines cover the folder that the class folder's links lead to. Mounted at another
// place, the host's tree is whole.
Obstacle hidden_zones(const fs::path& powercap) {
  return {"CPU energy counters (RAPL)",
          fmt::format("{} lists the counters but their files are not there: a container hides them "
                      "from its programs",
                      powercap.string()),
          "docker run -v /sys:/host/sys:ro -e WATTFOR_SYSFS=/host/sys …"};
}

RaplRefusal refused_zone(const RaplZone& zone, const SensorInfo& info, const ReadFailure& failure,
                         const fs::path& powercap) {
  RaplRefusal refused{zone, info.id, failure.reason, ""};
  if (failure.kind == FailureKind::forbidden) {
    refused.reason =
        "only root may read the energy_uj files: the kernel's answer to CVE-2020-8694, as power "
        "readings leak what the processor computes; the command holds until the next boot";
    // Of the ways to the counters this one opens least. kernel.perf_event_paranoid=0 would open to
    // every user, besides these counters, the profiling of whole CPUs with all that runs there. A
    // capability on the program (setcap cap_perfmon) makes the loader ignore LD_LIBRARY_PATH, by
    // which runtimes are found, and is lost at every update.
    refused.remedy = fmt::format("sudo chmod a+r {}/intel-rapl:*/energy_uj", powercap.string());
  } else if (failure.kind == FailureKind::gone) {
    const Obstacle hidden = hidden_zones(powercap);
    refused.reason = hidden.reason;
    refused.remedy = hidden.remedy;
  }
  return refused;
}

void examine_zone(const ZoneFolder& found, const fs::path& powercap, RaplFindings& findings) {
  const SensorInfo info = describe(found);
  auto counter = std::make_unique<AttributeSensor>(info, joules_per_microjoule);
  const Reading first = counter->read();
  if (const auto* failure = std::get_if<ReadFailure>(&first)) {
    findings.refusals.push_back(refused_zone(found.zone, info, *failure, powercap));
  } else if (const RaplCounter* original = repeated_package(findings, *counter, found.zone)) {
    findings.details.push_back(
        fmt::format("{} repeats {} and is left out", info.id, original->sensor->info().id));
  } else if (auto reason = second_of_its_name(findings, info)) {
    RaplZone unknown;
    unknown.name = found.zone.name;
    findings.refusals.push_back({unknown, info.id, *reason, ""});
  } else {
    findings.counters.push_back({found.zone, std::move(counter)});
  }
}

bool lists_hidden_zones(const fs::path& powercap) {
  std::error_code ignored;
  for (const fs::path& entry : entries_of(powercap)) {
    const bool rapl = entry.filename().string().starts_with("intel-rapl");
    if (rapl && !fs::exists(entry, ignored)) return true;
  }
  return false;
}

}  // namespace

RaplFindings find_rapl_powercap(const fs::path& sysfs_root) {
  const fs::path powercap = sysfs_root / "class/powercap";
  const std::vector<ZoneFolder> zones = list_zones(powercap);
  RaplFindings findings;
  for (const ZoneFolder& found : zones) examine_zone(found, powercap, findings);
  if (zones.empty() && lists_hidden_zones(powercap)) {
    findings.faults.push_back(hidden_zones(powercap));
  }
  return findings;
}

}  // namespace wattfor
