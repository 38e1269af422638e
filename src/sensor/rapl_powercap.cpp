#include "sensor/rapl_powercap.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "sensor/attribute_sensor.h"
#include "sensor/host.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

// The registers behind the zones are written about once a millisecond (Intel SDM volume 3, "RAPL
// interfaces"; kernel Documentation/hwmon/amd_energy for AMD's).
constexpr Seconds register_period{0.001};
constexpr double joules_per_microjoule = 1e-6;

// One standard deviation of a zone's gain. Estimates: no source gives one figure for all
// processors. Packages: Khan et al., "RAPL in Action" (ACM TOMPECS 2018) find readings that follow
// the plug closely, but on AMD and before Haswell they come from an activity model, not from a
// measurement. DRAM: Desrochers et al., "A Validation of DRAM RAPL Power Measurements" (MEMSYS
// 2016) find the trend right and a machine-dependent offset that matters most when memory is idle.
constexpr double package_gain_uncertainty = 0.05;
constexpr double dram_gain_uncertainty = 0.10;

// The numbers of a zone's folder: "intel-rapl:1:0" is {1, 0}. They order zones, parents first; they
// number the zones and not the sockets, which only their names tell.
using ZoneNumbers = std::vector<int>;

// More than any machine has of sockets, dies or zones: what lies above is no number of one.
constexpr int highest_number = 4095;

std::optional<int> number_at(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0 || number > highest_number) return std::nullopt;
  return number;
}

std::optional<ZoneNumbers> zone_numbers(std::string_view folder_name) {
  constexpr std::string_view prefix = "intel-rapl:";
  if (!folder_name.starts_with(prefix)) return std::nullopt;
  ZoneNumbers numbers;
  std::string_view rest = folder_name.substr(prefix.size() - 1);
  while (rest.starts_with(':')) {
    const auto number = number_at(rest.substr(1));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    rest = rest.substr(std::min(rest.find(':', 1), rest.size()));
  }
  return numbers;
}

// Zones in `folder` by number. The class folder links to all of them, parts of a zone (DRAM, cores)
// included; those also lie in their parent's folder, and some mounts show them only there.
void collect_zones(const fs::path& folder, std::map<ZoneNumbers, fs::path>& zones) {
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    const auto numbers = zone_numbers(entry.path().filename().string());
    if (numbers && zones.try_emplace(*numbers, entry.path()).second) {
      collect_zones(entry.path(), zones);
    }
  }
}

// "package-1-die-0": socket 1, die 0.
struct PackageName {
  int package = 0;
  int die = 0;
};

std::optional<PackageName> package_name(std::string_view name) {
  constexpr std::string_view package_mark = "package-";
  constexpr std::string_view die_mark = "-die-";
  if (!name.starts_with(package_mark)) return std::nullopt;
  const auto package = number_at(name.substr(package_mark.size()));
  if (!package) return std::nullopt;
  const auto at = name.find(die_mark);
  if (at == std::string_view::npos) return PackageName{*package, 0};
  const auto die = number_at(name.substr(at + die_mark.size()));
  if (!die) return std::nullopt;
  return PackageName{*package, *die};
}

Domain domain_of(const std::string& name) {
  if (package_name(name)) return Domain::cpu_package;
  if (name == "dram") return Domain::dram;
  if (name == "core") return Domain::cpu_core;
  if (name == "uncore") return Domain::cpu_uncore;
  if (name == "psys") return Domain::platform;
  return Domain::other;
}

struct Zone {
  ZoneNumbers numbers;
  fs::path folder;
  std::string name;      // "dram"
  std::string top_name;  // of the zone that it is a part of, or its own: "package-0"

  bool is_part() const { return numbers.size() > 1; }
  std::string full_name() const { return is_part() ? top_name + "/" + name : name; }
};

std::vector<Zone> list_zones(const fs::path& powercap) {
  std::map<ZoneNumbers, fs::path> folders;
  collect_zones(powercap, folders);
  std::vector<Zone> zones;
  std::map<int, std::string> top_names;
  for (const auto& [numbers, folder] : folders) {
    const auto name = read_attribute(folder / "name");
    if (!name || name->empty()) continue;
    if (numbers.size() == 1) top_names[numbers.front()] = *name;
    const auto top = top_names.find(numbers.front());
    zones.push_back({numbers, folder, *name, top == top_names.end() ? "" : top->second});
  }
  return zones;
}

int dies_per_package(const std::vector<Zone>& zones) {
  int dies = 1;
  for (const Zone& zone : zones) {
    if (const auto package = package_name(zone.top_name)) dies = std::max(dies, package->die + 1);
  }
  return dies;
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

SensorInfo describe(const Zone& zone, int dies) {
  SensorInfo info;
  info.id = "rapl:" + zone.full_name();
  info.kind = SensorKind::energy_counter;
  info.domain = domain_of(zone.name);
  const auto package = package_name(zone.top_name);
  info.domain_index = package ? package->package * dies + package->die : 0;
  info.unit = "µJ";
  info.source = (zone.folder / "energy_uj").string();
  // The kernel gives 2³² − 1 units of the register, which wraps after 2³²: this range is one unit
  // (at most 61 µJ on a server, 1 J for psys of Sapphire Rapids) short of the exact modulus.
  const std::string range = read_attribute(zone.folder / "max_energy_range_uj").value_or("");
  std::uint64_t range_uj = 0;
  std::from_chars(range.data(), range.data() + range.size(), range_uj);
  if (range_uj > 0) info.counter_range = microjoules(static_cast<double>(range_uj));
  info.update_period = register_period;
  info.gain_uncertainty =
      info.domain == Domain::dram ? dram_gain_uncertainty : package_gain_uncertainty;
  if (info.domain != Domain::cpu_package && info.domain != Domain::dram) {
    info.in_total = false;
    info.why_not_in_total = why_not_in_total(info.domain);
  }
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

// What was found, zone by zone.
struct Findings {
  std::vector<std::unique_ptr<Sensor>> sensors;
  std::vector<std::string> forbidden;  // names of zones that this user may not read
  std::vector<std::string> hidden;     // whose folder is there and whose counter is not
  std::vector<Obstacle> broken;
  std::vector<std::string> details;
};

const Sensor* repeated_package(const Findings& findings, Sensor& candidate, const Zone& zone) {
  if (zone.is_part() || !package_name(zone.name)) return nullptr;
  const int package = package_name(zone.name)->package;
  for (const auto& sensor : findings.sensors) {
    const auto other = package_name(sensor->info().id.substr(std::string("rapl:").size()));
    const bool same_socket =
        sensor->info().domain == Domain::cpu_package && other && other->package == package;
    if (same_socket && repeats(*sensor, candidate)) return sensor.get();
  }
  return nullptr;
}

// Two sensors of one name would become one component, with the joules of one of them.
std::optional<Obstacle> second_of_its_name(const Findings& findings, const SensorInfo& info) {
  const auto first = std::ranges::find(findings.sensors, info.id,
                                       [](const auto& sensor) { return sensor->info().id; });
  if (first == findings.sensors.end()) return std::nullopt;
  return Obstacle{info.id,
                  fmt::format("{} has the name of {}: which part of the machine it counts is not "
                              "known, and it is in no figure",
                              info.source, (*first)->info().source),
                  ""};
}

void examine(const Zone& zone, int dies, Findings& findings) {
  const SensorInfo info = describe(zone, dies);
  auto counter = std::make_unique<AttributeSensor>(info, joules_per_microjoule);
  const Reading first = counter->read();
  if (const auto* failure = std::get_if<ReadFailure>(&first)) {
    switch (failure->kind) {
      case FailureKind::forbidden:
        findings.forbidden.push_back(zone.full_name());
        break;
      case FailureKind::gone:
        findings.hidden.push_back(zone.full_name());
        break;
      default:
        findings.broken.push_back({info.id, failure->reason, ""});
    }
  } else if (const Sensor* original = repeated_package(findings, *counter, zone)) {
    findings.details.push_back(
        fmt::format("{} repeats {} and is left out", info.id, original->info().id));
  } else if (auto duplicate = second_of_its_name(findings, info)) {
    findings.broken.push_back(*std::move(duplicate));
  } else {
    findings.sensors.push_back(std::move(counter));
  }
}

std::string rapl_of(const std::vector<std::string>& zones) {
  return fmt::format("CPU energy counters (RAPL {})", fmt::join(zones, ", "));
}

Obstacle forbidden_zones(const std::vector<std::string>& zones, const fs::path& powercap) {
  return {rapl_of(zones),
          "only root may read the energy_uj files: the kernel's answer to CVE-2020-8694, as power "
          "readings leak what the processor computes; the command holds until the next boot",
          fmt::format("sudo chmod a+r {}/intel-rapl:*/energy_uj", powercap.string())};
}

// Container engines cover the folder that the class folder's links lead to. Mounted at another
// place, the host's tree is whole.
Obstacle hidden_zones(const std::string& what, const fs::path& powercap) {
  return {what,
          fmt::format("{} lists the counters but their files are not there: a container hides them "
                      "from its programs",
                      powercap.string()),
          "docker run -v /sys:/host/sys:ro -e WATTFOR_SYSFS=/host/sys …"};
}

bool lists_hidden_zones(const fs::path& powercap) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(powercap, ignored)) {
    const bool rapl = entry.path().filename().string().starts_with("intel-rapl");
    if (rapl && !fs::exists(entry.path(), ignored)) return true;
  }
  return false;
}

// Why a machine has no zone at all; nothing where its processor has no such counters.
std::optional<Obstacle> explain_absence(const fs::path& powercap, const HostFacts& host) {
  const std::string what = "CPU energy counters (RAPL)";
  if (lists_hidden_zones(powercap)) return hidden_zones(what, powercap);
  const bool has_counters = host.cpu_vendor == "GenuineIntel" ||
                            host.cpu_vendor == "AuthenticAMD" || host.cpu_vendor == "HygonGenuine";
  if (!has_counters) return std::nullopt;
  if (!host.virtualisation.empty()) {
    return Obstacle{what,
                    fmt::format("this is a virtual machine ({}) and its hypervisor hides the "
                                "processor's counters; only the host itself can read them",
                                host.virtualisation),
                    ""};
  }
  return Obstacle{what,
                  fmt::format("there are no intel-rapl zones in {}: their driver, which serves AMD "
                              "as well, is not loaded",
                              powercap.string()),
                  "sudo modprobe intel_rapl_msr"};
}

}  // namespace

ProbeResult find_rapl_powercap(const fs::path& sysfs_root, const fs::path& procfs_root) {
  const fs::path powercap = sysfs_root / "class/powercap";
  const std::vector<Zone> zones = list_zones(powercap);
  ProbeResult result;
  if (zones.empty()) {
    const auto reason = explain_absence(powercap, read_host_facts(procfs_root, sysfs_root));
    if (reason) result.obstacles.push_back(*reason);
    return result;
  }

  Findings findings;
  const int dies = dies_per_package(zones);
  for (const Zone& zone : zones) examine(zone, dies, findings);

  if (!findings.sensors.empty()) {
    result.devices.push_back(std::make_unique<SensorGroup>("RAPL", std::move(findings.sensors),
                                                           std::move(findings.details)));
  }
  if (!findings.forbidden.empty()) {
    result.obstacles.push_back(forbidden_zones(findings.forbidden, powercap));
  }
  if (!findings.hidden.empty()) {
    result.obstacles.push_back(hidden_zones(rapl_of(findings.hidden), powercap));
  }
  std::move(findings.broken.begin(), findings.broken.end(), std::back_inserter(result.obstacles));
  return result;
}

}  // namespace wattfor
