#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// The processors' heat and what the machine is fed by, at one moment. Kernel documents:
// Documentation/driver-api/thermal/sysfs-api.rst, Documentation/hwmon/coretemp.rst and
// k10temp.rst, Documentation/admin-guide/thermal/intel_thermal_throttle.rst,
// Documentation/ABI/testing/sysfs-class-power.
struct HeatState {
  // Since boot, of one package. Old kernels only count how often.
  struct SlowedDown {
    std::optional<Seconds> time;
    std::optional<std::int64_t> times;
  };

  std::optional<double> package_temperature_c;  // the hottest package's
  std::vector<SlowedDown> slowed_down;          // by heat, of each package that says so
  std::string power_supply;  // "mains", "battery"; empty where no supply is shown
};

// Finds its files once, so that a reading costs a few system calls.
class HeatReader {
 public:
  explicit HeatReader(const std::filesystem::path& sysfs = "/sys");

  HeatState read() const;

 private:
  struct Throttle {
    std::filesystem::path time;
    std::filesystem::path count;
  };

  std::vector<std::filesystem::path> temperatures_;  // in thousandths of a degree
  std::vector<Throttle> throttles_;                  // one of each package
  std::vector<std::filesystem::path> supplies_;
};

}  // namespace wattfor
