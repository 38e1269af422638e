#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// One entry of the kernel's hwmon class (Documentation/hwmon/sysfs-interface.rst).
struct HwmonChip {
  std::string name;     // of its driver: "amdgpu", "power_meter"
  std::string address;  // of its device: "0000:03:00.0"; "hwmon3" where it has none of its own
  std::filesystem::path folder;  // …/class/hwmon/hwmon3

  std::filesystem::path device() const { return folder / "device"; }
  // Where an attribute lies: in the entry itself or, with drivers of the older interface, in its
  // device's folder.
  std::filesystem::path attribute(std::string_view attribute_name) const;
  // What it says; empty where it is missing or can't be read.
  std::string text(std::string_view attribute_name) const;
  // Nothing where it is no number.
  std::optional<double> number(std::string_view attribute_name) const;
};

// Every entry that has a name, ordered by name and address: the numbers of the folders change from
// boot to boot. Entries that repeat a power supply's attributes are left out.
std::vector<HwmonChip> hwmon_chips(const std::filesystem::path& sysfs_root);

// What is measured at one place: the files "energy2_…" or "power1_…".
struct HwmonChannel {
  enum class Kind { energy, power };

  Kind kind = Kind::power;
  int number = 0;
  bool averages = false;  // of power: there is an attribute of the mean; else of the power now

  std::string name() const;             // "power1"
  std::string value_attribute() const;  // "power1_average"
};

// Counters first, each kind by number.
std::vector<HwmonChannel> hwmon_channels(const HwmonChip& chip);

}  // namespace wattfor
