#include "sensor/rapl.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sensor/host.h"
#include "sensor/rapl_perf.h"
#include "sensor/rapl_powercap.h"
#include "sensor/rapl_zone.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

bool is_of_amd(const HostFacts& host) {
  return host.cpu_vendor == "AuthenticAMD" || host.cpu_vendor == "HygonGenuine";
}

RaplScope scope_of(const HostFacts& host) {
  return is_of_amd(host) ? RaplScope::package : RaplScope::die;
}

bool has(const std::vector<RaplCounter>& counters, const RaplZone& zone) {
  return std::ranges::any_of(
      counters, [&](const RaplCounter& counter) { return count_the_same(counter.zone, zone); });
}

template <class Item>
void take_over(std::vector<Item>& all, std::vector<Item>&& more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

// The counters of both ways, each zone's once.
std::vector<RaplCounter> join(std::vector<RaplCounter>&& preferred,
                              std::vector<RaplCounter>&& others) {
  std::erase_if(others, [&](const RaplCounter& other) { return has(preferred, other.zone); });
  take_over(preferred, std::move(others));
  return std::move(preferred);
}

// Refusals that go back to one cause have one obstacle.
void tell(const std::vector<RaplRefusal>& refusals, std::vector<Obstacle>& obstacles) {
  struct Cause {
    std::string reason;
    std::string remedy;
    auto operator<=>(const Cause&) const = default;
  };
  std::map<Cause, std::vector<std::string>> zones;
  for (const RaplRefusal& refusal : refusals) {
    if (!refusal.remedy.empty()) {
      zones[{refusal.reason, refusal.remedy}].push_back(refusal.zone.name);
    }
  }
  for (const auto& [cause, names] : zones) {
    obstacles.push_back({fmt::format("CPU energy counters (RAPL {})", fmt::join(names, ", ")),
                         cause.reason, cause.remedy});
  }
  for (const RaplRefusal& refusal : refusals) {
    if (refusal.remedy.empty()) obstacles.push_back({refusal.id, refusal.reason, ""});
  }
}

// Why powercap gives nothing for a zone, with a command that changes it, is the only thing to be
// told of it: that command opens less than perf's (rapl_powercap.cpp).
bool explained(const RaplFindings& powercap, const RaplZone& zone) {
  const bool all_hidden = !powercap.faults.empty();
  return all_hidden || std::ranges::any_of(powercap.refusals, [&](const RaplRefusal& refusal) {
           return !refusal.remedy.empty() && count_the_same(refusal.zone, zone);
         });
}

// What neither way gives.
std::vector<Obstacle> obstacles_of(RaplFindings& perf, RaplFindings& powercap,
                                   const std::vector<RaplCounter>& counters, bool powercap_reads) {
  const auto is_read = [&](const RaplRefusal& refusal) { return has(counters, refusal.zone); };
  std::erase_if(powercap.refusals, is_read);
  std::erase_if(perf.refusals, [&](const RaplRefusal& refusal) {
    return is_read(refusal) || explained(powercap, refusal.zone);
  });
  // Nothing is amiss where the total is whole: a look at the cores is not worth a command.
  const bool total_is_whole = std::ranges::none_of(
      perf.refusals, [](const RaplRefusal& refusal) { return belongs_in_total(refusal.zone); });
  if (total_is_whole) perf.refusals.clear();
  const bool nothing_is_missing =
      !counters.empty() && total_is_whole &&
      std::ranges::none_of(powercap.refusals, [](const RaplRefusal& refusal) {
        return refusal.zone.domain == Domain::other || belongs_in_total(refusal.zone);
      });
  if (nothing_is_missing) powercap.refusals.clear();

  std::vector<Obstacle> obstacles;
  tell(powercap.refusals, obstacles);
  tell(perf.refusals, obstacles);
  if (counters.empty()) take_over(obstacles, std::move(powercap.faults));
  // Powercap names every zone of its own accord.
  if (!powercap_reads) take_over(obstacles, std::move(perf.faults));
  return obstacles;
}

// AMD's register of the cores is a register of each core (kernel drivers/powercap/intel_rapl_msr.c,
// MSR_AMD_CORE_ENERGY_STATUS): the zone "core" is the one core that it is read on, which is of no
// use and would pass for all of them.
void leave_out_single_cores(RaplFindings& powercap, std::vector<std::string>& details) {
  const auto leave_out = [&](const RaplZone& zone, const std::string& id) {
    if (zone.domain != Domain::cpu_core) return false;
    details.push_back(fmt::format("{} counts one core of the package and is left out", id));
    return true;
  };
  std::erase_if(powercap.counters, [&](const RaplCounter& counter) {
    return leave_out(counter.zone, counter.sensor->info().id);
  });
  std::erase_if(powercap.refusals,
                [&](const RaplRefusal& refusal) { return leave_out(refusal.zone, refusal.id); });
}

// Why a machine has no counter at all; nothing where its processor has none.
std::optional<Obstacle> explain_absence(const fs::path& sysfs_root, const HostFacts& host) {
  const std::string what = "CPU energy counters (RAPL)";
  const bool has_counters = host.cpu_vendor == "GenuineIntel" || is_of_amd(host);
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
                              (sysfs_root / "class/powercap").string()),
                  "sudo modprobe intel_rapl_msr"};
}

}  // namespace

ProbeResult find_rapl(const fs::path& sysfs_root, const fs::path& procfs_root,
                      PerfEvents* perf_events) {
  const HostFacts host = read_host_facts(procfs_root, sysfs_root);
  RaplFindings perf;
  if (perf_events != nullptr) perf = find_rapl_perf(sysfs_root, scope_of(host), *perf_events);
  RaplFindings powercap = find_rapl_powercap(sysfs_root);

  const bool powercap_reads = !powercap.counters.empty();
  std::vector<std::string> details = std::move(perf.details);
  if (perf.counters.empty()) take_over(details, std::move(powercap.details));
  if (is_of_amd(host)) leave_out_single_cores(powercap, details);
  std::vector<RaplCounter> counters = join(std::move(perf.counters), std::move(powercap.counters));
  ProbeResult result;
  result.obstacles = obstacles_of(perf, powercap, counters, powercap_reads);
  if (counters.empty()) {
    if (!result.obstacles.empty()) return result;
    if (auto absence = explain_absence(sysfs_root, host)) result.obstacles.push_back(*absence);
    return result;
  }

  number_rapl_counters(counters);
  std::vector<std::unique_ptr<Sensor>> sensors;
  sensors.reserve(counters.size());
  for (RaplCounter& counter : counters) sensors.push_back(std::move(counter.sensor));
  result.devices.push_back(
      std::make_unique<SensorGroup>("RAPL", std::move(sensors), std::move(details)));
  return result;
}

}  // namespace wattfor
