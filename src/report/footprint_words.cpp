#include "report/footprint_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace wattfor {

std::string listed_words(const std::vector<std::string>& words) {
  if (words.size() < 2) return words.empty() ? "" : words.front();
  const std::vector<std::string> others(words.begin(), words.end() - 1);
  return fmt::format("{} and {}", fmt::join(others, ", "), words.back());
}

std::vector<std::string> counted_devices(const Machine& machine, std::string_view times) {
  std::vector<std::pair<std::string, int>> devices;
  for (const std::string& device : machine.devices) {
    const auto same = std::ranges::find(devices, device, &std::pair<std::string, int>::first);
    if (same == devices.end()) {
      devices.emplace_back(device, 1);
    } else {
      ++same->second;
    }
  }
  std::vector<std::string> parts;
  parts.reserve(devices.size());
  for (const auto& [device, count] : devices) {
    parts.push_back(fmt::format("{} {} {}", count, times, device));
  }
  return parts;
}

std::string hardware_words(const Machine& machine) {
  std::vector<std::string> parts = counted_devices(machine, "×");
  if (!machine.cpu.empty()) {
    parts.push_back(machine.logical_cpus > 0
                        ? fmt::format("{} ({} threads)", machine.cpu, machine.logical_cpus)
                        : machine.cpu);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace wattfor
