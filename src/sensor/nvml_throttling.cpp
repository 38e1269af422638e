#include "sensor/nvml_throttling.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <utility>

#include "sensor/nvml_reading.h"

namespace wattfor {
namespace {

constexpr const char* power_cap = "power cap";
constexpr const char* sync_boost = "sync boost";
constexpr const char* software_thermal = "software thermal slowdown";
constexpr const char* hardware_thermal = "hardware thermal slowdown";
constexpr const char* power_brake = "power brake";
constexpr const char* thermal_limit = "thermal limit";

constexpr std::array<std::pair<unsigned, const char*>, 8> throttle_counters = {{
    {nvml_field_limited_by_power, power_cap},
    {nvml_field_limited_by_heat, thermal_limit},
    {nvml_field_limited_by_sync_boost, sync_boost},
    {nvml_field_limited_by_board, "board limit"},
    {nvml_field_limited_by_reliability, "reliability limit"},
    {nvml_field_software_thermal_slowdown, software_thermal},
    {nvml_field_hardware_thermal_slowdown, hardware_thermal},
    {nvml_field_power_brake, power_brake},
}};

}  // namespace

std::vector<std::string> throttle_words(unsigned long long reasons) {
  constexpr unsigned long long gpu_idle = 0x1;
  static constexpr std::array<std::pair<unsigned long long, const char*>, 8> words = {{
      {0x2, "application clocks"},
      {0x4, power_cap},
      {0x8, "hardware slowdown"},
      {0x10, sync_boost},
      {0x20, software_thermal},
      {0x40, hardware_thermal},
      {0x80, power_brake},
      {0x100, "display clocks"},
  }};
  std::vector<std::string> found;
  unsigned long long unknown = reasons & ~gpu_idle;
  for (const auto& [bit, word] : words) {
    if ((reasons & bit) != 0) found.emplace_back(word);
    unknown &= ~bit;
  }
  if (unknown != 0) found.push_back(fmt::format("unknown reason {:#x}", unknown));
  return found;
}

std::map<std::string, Seconds> throttle_times(const NvmlFunctions& nvml, nvmlDevice_t gpu) {
  std::map<std::string, Seconds> times;
  if (nvml.field_values == nullptr) return times;
  std::array<nvmlFieldValue_t, throttle_counters.size()> fields{};
  for (std::size_t i = 0; i < throttle_counters.size(); ++i)
    fields[i].fieldId = throttle_counters[i].first;
  if (nvml.field_values(gpu, static_cast<int>(fields.size()), fields.data()) !=
      NvmlReturn::success) {
    return times;
  }
  for (std::size_t i = 0; i < throttle_counters.size(); ++i) {
    const nvmlFieldValue_t& field = fields[i];
    // Counters of nanoseconds have 64 bits; what has fewer is another field under the same number,
    // see nvml_api.h.
    if (field.nvmlReturn != NvmlReturn::success || field.valueType != NvmlValueType::uint64) {
      continue;
    }
    const NvmlAnswer answer = value_of(field.valueType, field.value);
    if (const auto* nanoseconds = std::get_if<double>(&answer)) {
      times[throttle_counters[i].second] = Seconds(*nanoseconds * 1e-9);
    }
  }
  // The older counter of all heat would count again what the newer ones tell apart.
  if (times.contains(software_thermal) || times.contains(hardware_thermal)) {
    times.erase(thermal_limit);
  }
  return times;
}

}  // namespace wattfor
