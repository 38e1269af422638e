#include "meter/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "base/error.h"
#include "meter/modelled_host.h"
#include "sensor/host.h"
#include "sensor/totals.h"

namespace wattfor {
namespace {

bool is_accelerator(const Device& device) {
  return std::ranges::any_of(device.sensors(), [](const auto& sensor) {
    return sensor->info().domain == Domain::gpu || sensor->info().domain == Domain::module;
  });
}

// A counter at exactly zero is what a virtual machine shows of one that it does not pass on.
bool answers(Sensor& sensor) {
  const Reading reading = sensor.read();
  if (const auto* energy = std::get_if<Joules>(&reading)) {
    return *energy > Joules(0.0) || sensor.info().counts_from_opening;
  }
  return std::holds_alternative<Watts>(reading);
}

bool covered(const std::vector<std::unique_ptr<Device>>& devices, Domain domain) {
  for (const auto& device : devices) {
    for (const auto& sensor : device->sensors()) {
      const SensorInfo& info = sensor->info();
      if (!info.in_total || !holds(info, domain)) continue;
      // A wall meter has answered discovery, and one at zero or late for once holds all the same.
      if (info.domain == Domain::wall || answers(*sensor)) return true;
    }
  }
  return false;
}

}  // namespace

Machine describe_machine(const DiscoveryRoots& roots,
                         const std::vector<std::unique_ptr<Device>>& devices) {
  const HostFacts host = read_host_facts(roots.procfs, roots.sysfs);
  Machine machine{.hostname = host.hostname,
                  .cpu = host.cpu,
                  .logical_cpus = host.logical_cpus,
                  .memory_bytes = host.memory_bytes,
                  .kernel = host.kernel,
                  .virtualisation = host.virtualisation,
                  .devices = {}};
  for (const auto& device : devices) {
    if (!is_accelerator(*device)) continue;
    std::string line = device->name();
    for (const std::string& detail : device->details()) line += ", " + detail;
    machine.devices.push_back(std::move(line));
  }
  return machine;
}

std::vector<std::string> without_power(const std::vector<std::unique_ptr<Device>>& devices) {
  std::vector<std::string> lines;
  for (const auto& device : devices) {
    if (!device->sensors().empty()) continue;
    lines.push_back(
        fmt::format("{} is in no figure: its power can't be read (`wattfor sensors` says why)",
                    device->name()));
  }
  return lines;
}

ProbeResult with_modelled_parts(ProbeResult found, const DiscoveryRoots& roots,
                                const std::shared_ptr<const Clock>& clock) {
  const ModelledParts parts{.cpu = !covered(found.devices, Domain::cpu_package),
                            .dram = !covered(found.devices, Domain::dram)};
  if (parts.cpu || parts.dram) {
    auto host = modelled_host(read_host_facts(roots.procfs, roots.sysfs), parts, roots, clock);
    if (!host->sensors().empty()) found.devices.push_back(std::move(host));
  }
  return found;
}

ProbeResult devices_to_meter(const DiscoveryRoots& roots, Scope scope) {
  ProbeResult found = discover(roots);
  if (scope != Scope::everything) leave_out_the_wall(found.devices);
  return with_modelled_parts(std::move(found), roots);
}

std::optional<std::string> silent_meter_among(const std::vector<Obstacle>& obstacles) {
  const auto silent = std::ranges::find_if(obstacles, &Obstacle::asked_for);
  if (silent == obstacles.end()) return std::nullopt;
  return fmt::format("--meter {} can't be read: {}{}{}", silent->what, silent->reason,
                     silent->remedy.empty() ? "" : "; try: ", silent->remedy);
}

void refuse_silent_meters(const std::vector<Obstacle>& obstacles) {
  if (const auto silent = silent_meter_among(obstacles)) throw Error(ErrorCode::not_found, *silent);
}

}  // namespace wattfor
