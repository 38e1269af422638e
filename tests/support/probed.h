#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "sensor/sensor.h"
#include "sensor/totals.h"
#include "support/temp_tree.h"

// What tests of probes ask of a probe's result.
namespace wattfor::test {

// Null where there is none.
inline Sensor* sensor(const ProbeResult& found, std::string_view id) {
  for (const auto& device : found.devices) {
    for (const auto& candidate : device->sensors()) {
      if (candidate->info().id == id) return candidate.get();
    }
  }
  return nullptr;
}

// Ids of what is in the total once discovery has settled it, "a b".
inline std::string settled_total(const ProbeResult& found) {
  settle_totals(found.devices);
  std::string ids;
  for (const auto& device : found.devices) {
    for (const auto& candidate : device->sensors()) {
      if (candidate->info().in_total) ids += (ids.empty() ? "" : " ") + candidate->info().id;
    }
  }
  return ids;
}

// An hwmon entry whose device is at that address, as the kernel links it; the entry's folder.
inline std::string add_hwmon(const TempTree& sysfs, const std::string& entry,
                             const std::string& name, const std::string& address) {
  const std::string folder = "class/hwmon/" + entry + "/";
  sysfs.write(folder + "name", name + "\n");
  const auto device = sysfs / ("devices/" + address);
  std::filesystem::create_directories(device);
  std::filesystem::create_directory_symlink(device, sysfs / (folder + "device"));
  return folder;
}

}  // namespace wattfor::test
