#include "report/top_source.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <utility>

#include "sensor/host.h"
#include "sensor/host_programs.h"

namespace wattfor {
namespace {

// A gauge that averages over less than the time between two readings is not looked at all the time.
constexpr Seconds longest_sampling{0.1};

constexpr std::size_t busiest_shown = 50;
constexpr double least_cores_shown = 0.005;  // half a percent of one

double memory_of(const TopProcess& process) {
  double bytes = 0.0;
  for (const auto& use : process.devices) bytes += use.memory_bytes.value_or(0.0);
  return bytes;
}

}  // namespace

TopSource::TopSource(ProbeResult found, const DiscoveryRoots& roots, const Clock& clock,
                     Seconds interval, Programs programs)
    : procfs_(roots.procfs),
      has_own_numbers_(has_own_numbers(roots.procfs)),
      meter_(std::move(found.devices), clock,
             {.interval = std::min(interval, longest_sampling),
              .processes = programs == Programs::shown}),
      recorder_(
          read_host_facts(roots.procfs, roots.sysfs).hostname, meter_.devices(),
          static_cast<std::size_t>(std::ranges::count_if(
              found.obstacles, [](const Obstacle& obstacle) { return !obstacle.remedy.empty(); })),
          found.warnings) {
  if (programs == Programs::shown) watch_.emplace(roots.procfs, clock);
  meter_.sample();  // a reading before the first interval
  meter_.start();
  windows_.emplace(meter_, clock);
  if (watch_) watch_->look();
}

bool TopSource::catch_up() {
  const auto interval = windows_->finished();
  if (!interval) return false;
  recorder_.add(interval->end, interval->energy, windows_->since_start());
  if (watch_) {
    watch_->look();
    recorder_.show(processes());
  }
  return true;
}

void TopSource::restart() {
  windows_->restart();
  recorder_.restart();
}

// Those that use a device, the greatest memory first, then the busiest.
std::vector<TopProcess> TopSource::processes() {
  std::map<int, TopProcess> of_devices;
  const auto programs = meter_.processes();
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (!programs[i]) continue;
    for (const DeviceProcess& program : *programs[i]) {
      TopProcess& process = of_devices[program.pid];
      process.pid = program.pid;
      process.devices.push_back(
          {.device = recorder_.device_words()[i], .memory_bytes = program.memory_bytes});
    }
  }
  std::vector<TopProcess> others;
  for (const BusyProcess& busy : watch_->busiest(busiest_shown)) {
    const auto known = has_own_numbers_ ? of_devices.end() : of_devices.find(busy.pid);
    if (known != of_devices.end()) {
      known->second.cores = busy.cores;
    } else if (busy.cores >= least_cores_shown) {
      others.emplace_back();
      others.back().pid = busy.pid;
      others.back().cores = busy.cores;
    }
  }
  std::vector<TopProcess> all;
  all.reserve(of_devices.size() + others.size());
  for (auto& [pid, process] : of_devices) all.push_back(std::move(process));
  std::ranges::stable_sort(all, std::greater<>{}, memory_of);
  std::ranges::move(others, std::back_inserter(all));
  for (TopProcess& process : all) {
    if (has_own_numbers_ && !process.devices.empty()) continue;
    ProcessWords words = describe_process(procfs_, process.pid);
    process.user = std::move(words.user);
    process.command = std::move(words.command);
  }
  return all;
}

}  // namespace wattfor
