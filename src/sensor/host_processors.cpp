#include "sensor/host_processors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

void read_numa_nodes(const std::filesystem::path& sysfs, const std::vector<int>& allowed,
                     ProcessorSettings& settings) {
  const auto folder = sysfs / "devices/system/node";
  const auto online = listed_numbers(kernel_text(folder / "online").value_or(""));
  settings.numa_nodes = static_cast<int>(online.size());
  for (const int node : online) {
    const auto cpus =
        listed_numbers(kernel_text(folder / fmt::format("node{}/cpulist", node)).value_or(""));
    const bool may_be_used = std::ranges::any_of(
        cpus, [&](int cpu) { return std::ranges::binary_search(allowed, cpu); });
    if (may_be_used) ++settings.allowed_numa_nodes;
  }
}

void read_scaling(const std::filesystem::path& cpufreq, ProcessorSettings& settings) {
  std::set<std::string> governors;
  for (const auto& policy : entries_of(cpufreq)) {
    if (!policy.filename().string().starts_with("policy")) continue;
    if (const auto governor = kernel_text(policy / "scaling_governor")) {
      governors.insert(*governor);
    }
    if (settings.scaling_driver.empty()) {
      settings.scaling_driver = kernel_text(policy / "scaling_driver").value_or("");
    }
  }
  settings.governor = fmt::format("{}", fmt::join(governors, ", "));
}

std::optional<bool> read_switch(const std::filesystem::path& file, std::int64_t on) {
  const auto number = kernel_number(file);
  return number ? std::optional(*number == on) : std::nullopt;
}

}  // namespace

ProcessorSettings read_processor_settings(const std::filesystem::path& procfs,
                                          const std::filesystem::path& sysfs) {
  ProcessorSettings settings;
  const std::string status = kernel_text(procfs / "self/status").value_or("");
  settings.allowed_cpus = value_of(status, "Cpus_allowed_list");
  const std::vector<int> allowed = listed_numbers(settings.allowed_cpus);
  if (allowed.empty()) settings.allowed_cpus.clear();  // garbage
  settings.allowed_cpu_count = static_cast<int>(allowed.size());
  read_numa_nodes(sysfs, allowed, settings);

  const auto cpu = sysfs / "devices/system/cpu";
  read_scaling(cpu / "cpufreq", settings);
  settings.turbo = read_switch(cpu / "intel_pstate/no_turbo", 0);
  if (!settings.turbo) settings.turbo = read_switch(cpu / "cpufreq/boost", 1);
  settings.smt = read_switch(cpu / "smt/active", 1);
  return settings;
}

}  // namespace wattfor
