#include "support/probe_rigs.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "sensor/amdgpu.h"
#include "sensor/battery.h"
#include "sensor/hwmon.h"
#include "sensor/ina3221.h"
#include "sensor/rapl.h"
#include "support/csv_rig.h"
#include "support/file_rig.h"
#include "support/nvml_rig.h"
#include "support/perf_rig.h"
#include "support/probed.h"

namespace wattfor::test {
namespace {

std::string count(double value) { return std::to_string(std::llround(value)) + "\n"; }

std::string microjoules_text(Joules energy, Watts) { return count(energy.value() * 1e6); }
std::string microwatts_text(Joules, Watts power) { return count(power.value() * 1e6); }

// The first device of a probe that was told to look at a tree.
std::unique_ptr<Device> only_device(ProbeResult found) {
  if (found.devices.size() != 1) throw std::runtime_error("the probe should find one device");
  return std::move(found.devices.front());
}

FileRig::Source powercap() {
  constexpr const char* zone = "class/powercap/intel-rapl:0/";
  return {.kind = SensorKind::energy_counter,
          .counter_range = Joules(262'143.32885),
          .file = std::string(zone) + "energy_uj",
          .compose =
              [](const TempTree& tree) {
                tree.write(std::string(zone) + "name", "package-0\n");
                tree.write(std::string(zone) + "max_energy_range_uj", "262143328850\n");
              },
          .text = microjoules_text,
          .find =
              [](const TempTree& tree) {
                return only_device(find_rapl(tree.root(), tree / "no-procfs", nullptr));
              }};
}

FileRig::Source intel_gpu_counter() {
  return {.kind = SensorKind::energy_counter,
          .counter_range = std::nullopt,
          .file = "class/hwmon/hwmon1/energy1_input",
          .compose = [](const TempTree& tree) { add_hwmon(tree, "hwmon1", "xe", "0000:03:00.0"); },
          .text = microjoules_text,
          .find = [](const TempTree& tree) { return only_device(find_hwmon(tree.root())); }};
}

FileRig::Source grace_gauge() {
  return {.kind = SensorKind::power_gauge,
          .counter_range = std::nullopt,
          .file = "class/hwmon/hwmon1/power1_average",
          .compose =
              [](const TempTree& tree) {
                const std::string chip = add_hwmon(tree, "hwmon1", "power_meter", "ACPI000D:00");
                tree.write(chip + "power1_oem_info", "Grace Power Socket 0\n");
                tree.write(chip + "power1_average_interval", "50\n");
              },
          .text = microwatts_text,
          .find = [](const TempTree& tree) { return only_device(find_hwmon(tree.root())); }};
}

FileRig::Source amdgpu_gauge() {
  return {.kind = SensorKind::power_gauge,
          .counter_range = std::nullopt,
          .file = "class/hwmon/hwmon1/power1_average",
          .compose =
              [](const TempTree& tree) {
                const std::string chip = add_hwmon(tree, "hwmon1", "amdgpu", "0000:0b:00.0");
                tree.write(chip + "power1_cap", "300000000\n");
              },
          .text = microwatts_text,
          .find = [](const TempTree& tree) { return only_device(find_amdgpu(tree.root())); }};
}

// gpu_metrics 1.3, as accelerators have it: 120 bytes, the energy's 64 bits at 24.
std::string metrics_table(Joules energy, Watts) {
  constexpr std::uint16_t size = 120;
  std::string table(size, '\0');
  std::memcpy(table.data(), &size, sizeof size);
  table[2] = 1;
  table[3] = 3;
  const auto units = static_cast<std::uint64_t>(energy.value() * 65536.0);
  std::memcpy(table.data() + 24, &units, sizeof units);
  return table;
}

FileRig::Source amdgpu_accumulator() {
  return {.kind = SensorKind::energy_counter,
          .counter_range = std::nullopt,
          .file = "devices/0000:0b:00.0/gpu_metrics",
          .compose =
              [](const TempTree& tree) {
                add_hwmon(tree, "hwmon1", "amdgpu", "0000:0b:00.0");
                tree.write("devices/0000:0b:00.0/vendor", "0x1002\n");
                tree.write("devices/0000:0b:00.0/device", "0x740f\n");  // MI210
              },
          .text = metrics_table,
          .find = [](const TempTree& tree) { return only_device(find_amdgpu(tree.root())); }};
}

FileRig::Source jetson_rail() {
  constexpr double volts = 5.08;
  return {.kind = SensorKind::power_gauge,
          .counter_range = std::nullopt,
          .file = "class/hwmon/hwmon1/curr1_input",
          .compose =
              [](const TempTree& tree) {
                const std::string chip = add_hwmon(tree, "hwmon1", "ina3221", "1-0040");
                tree.write(chip + "in1_label", "VDD_IN\n");
                tree.write(chip + "in1_input", count(volts * 1e3));
              },
          .text = [](Joules, Watts power) { return count(power.value() / volts * 1e3); },
          .find = [](const TempTree& tree) { return only_device(find_ina3221(tree.root())); }};
}

FileRig::Source battery() {
  constexpr const char* folder = "class/power_supply/BAT0/";
  return {.kind = SensorKind::power_gauge,
          .counter_range = std::nullopt,
          .file = std::string(folder) + "power_now",
          .compose =
              [](const TempTree& tree) {
                tree.write(std::string(folder) + "type", "Battery\n");
                tree.write(std::string(folder) + "status", "Discharging\n");
              },
          .text = microwatts_text,
          .find = [](const TempTree& tree) { return only_device(find_batteries(tree.root())); }};
}

NamedRig file_rig(std::string name, FileRig::Source (*source)()) {
  const FileRig::Source what = source();
  return {.name = std::move(name),
          .is_counter = what.kind == SensorKind::energy_counter,
          .wraps = what.counter_range.has_value(),
          .can_be_garbled = true,
          .make = [source] { return std::make_unique<FileRig>(source()); }};
}

NamedRig nvml_rig(std::string name, SensorKind kind) {
  return {.name = std::move(name),
          .is_counter = kind == SensorKind::energy_counter,
          .wraps = false,
          .can_be_garbled = true,
          .make = [kind] { return std::make_unique<NvmlRig>(kind); }};
}

NamedRig csv_rig(std::string name, SensorKind kind) {
  return {.name = std::move(name),
          .is_counter = kind == SensorKind::energy_counter,
          .wraps = false,
          .can_be_garbled = true,
          .make = [kind] { return std::make_unique<CsvRig>(kind); }};
}

}  // namespace

std::vector<NamedRig> probe_rigs() {
  return {{.name = "perf",
           .is_counter = true,
           .wraps = false,
           .can_be_garbled = false,
           .make = [] { return std::make_unique<PerfRig>(); }},
          file_rig("powercap", powercap),
          nvml_rig("nvml_counter", SensorKind::energy_counter),
          nvml_rig("nvml_gauge", SensorKind::power_gauge),
          file_rig("hwmon_counter", intel_gpu_counter),
          file_rig("hwmon_gauge", grace_gauge),
          file_rig("amdgpu_gauge", amdgpu_gauge),
          file_rig("amdgpu_accumulator", amdgpu_accumulator),
          file_rig("ina3221", jetson_rail),
          file_rig("battery", battery),
          csv_rig("csv_counter", SensorKind::energy_counter),
          csv_rig("csv_gauge", SensorKind::power_gauge)};
}

}  // namespace wattfor::test
