#include "sensor/host_heat.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

#include "sensor/kernel_text.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

std::string text_or_nothing(const fs::path& file) { return kernel_text(file).value_or(""); }

bool is_package(std::string_view driver, std::string_view label) {
  if (driver == "coretemp") return label.starts_with("Package id");
  return driver == "k10temp" && (label == "Tdie" || label == "Tctl");
}

std::vector<fs::path> package_temperatures(const fs::path& sysfs) {
  std::vector<fs::path> files;
  for (const fs::path& zone : entries_of(sysfs / "class/thermal")) {
    if (text_or_nothing(zone / "type") == "x86_pkg_temp") files.push_back(zone / "temp");
  }
  if (!files.empty()) return files;
  for (const fs::path& chip : entries_of(sysfs / "class/hwmon")) {
    const std::string driver = text_or_nothing(chip / "name");
    if (driver != "coretemp" && driver != "k10temp") continue;
    for (const fs::path& file : entries_of(chip)) {
      std::string name = file.filename().string();
      constexpr std::string_view label = "_label";
      if (!name.starts_with("temp") || !name.ends_with(label)) continue;
      if (!is_package(driver, text_or_nothing(file))) continue;
      files.push_back(chip / name.replace(name.size() - label.size(), label.size(), "_input"));
    }
  }
  return files;
}

// One processor of each package: what befell a package, each of its processors counts.
std::vector<fs::path> package_throttles(const fs::path& sysfs) {
  std::set<std::int64_t> packages;
  std::vector<fs::path> folders;
  for (const fs::path& cpu : entries_of(sysfs / "devices/system/cpu")) {
    const auto package = kernel_number(cpu / "topology/physical_package_id");
    const fs::path folder = cpu / "thermal_throttle";
    std::error_code unknown;
    if (!package || !fs::is_directory(folder, unknown)) continue;
    if (packages.insert(*package).second) folders.push_back(folder);
  }
  return folders;
}

std::string supply_in_use(const std::vector<fs::path>& supplies) {
  bool has_battery = false;
  for (const fs::path& supply : supplies) {
    const std::string type = text_or_nothing(supply / "type");
    if (type == "Battery") {
      has_battery = has_battery || text_or_nothing(supply / "status") == "Discharging";
    } else if (kernel_number(supply / "online").value_or(0) > 0) {
      return "mains";
    }
  }
  return has_battery ? "battery" : "";
}

}  // namespace

HeatReader::HeatReader(const fs::path& sysfs) : temperatures_(package_temperatures(sysfs)) {
  for (const fs::path& folder : package_throttles(sysfs)) {
    throttles_.push_back({.time = folder / "package_throttle_total_time_ms",
                          .count = folder / "package_throttle_count"});
  }
  // The battery of a mouse has the scope "Device".
  for (const fs::path& supply : entries_of(sysfs / "class/power_supply")) {
    if (text_or_nothing(supply / "scope") != "Device") supplies_.push_back(supply);
  }
}

HeatState HeatReader::read() const {
  HeatState state;
  for (const fs::path& file : temperatures_) {
    if (const auto thousandths = kernel_number(file)) {
      const double degrees = static_cast<double>(*thousandths) * 1e-3;
      state.package_temperature_c =
          std::max(state.package_temperature_c.value_or(degrees), degrees);
    }
  }
  for (const Throttle& package : throttles_) {
    HeatState::SlowedDown& slowed_down = state.slowed_down.emplace_back();
    if (const auto milliseconds = kernel_number(package.time)) {
      slowed_down.time = Seconds(static_cast<double>(*milliseconds) * 1e-3);
    }
    slowed_down.times = kernel_number(package.count);
  }
  state.power_supply = supply_in_use(supplies_);
  return state;
}

}  // namespace wattfor
