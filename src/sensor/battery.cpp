#include "sensor/battery.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/attribute_file.h"
#include "base/file.h"
#include "sensor/attribute_sensor.h"
#include "sensor/kernel_text.h"
#include "sensor/trial_read.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

// The kernel asks a laptop's firmware at most once a second (drivers/acpi/battery.c, cache_time);
// how often the battery measures anew is not stated.
constexpr Seconds asked_every{1.0};
// One standard deviation of the gain. An estimate: gauges state none.
constexpr double battery_gain_uncertainty = 0.05;

// A battery has power_now, in µW, or current_now and voltage_now, in µA and µV (kernel
// Documentation/ABI/testing/sysfs-class-power and Documentation/power/power_supply_class.rst).
std::vector<std::string> power_attributes(const fs::path& folder) {
  std::error_code ignored;
  if (fs::exists(folder / "power_now", ignored)) return {"power_now"};
  if (fs::exists(folder / "current_now", ignored) && fs::exists(folder / "voltage_now", ignored)) {
    return {"current_now", "voltage_now"};
  }
  return {};
}

class BatterySensor final : public Sensor {
 public:
  BatterySensor(SensorInfo info, const fs::path& folder, const std::vector<std::string>& attributes)
      : Sensor(std::move(info)), status_(folder / "status") {
    for (const std::string& attribute : attributes) factors_.emplace_back(folder / attribute);
  }

  Reading read() override {
    const auto status = status_.read();
    if (const int* error_number = std::get_if<int>(&status)) {
      return attribute_failure(*error_number, status_.path().string());
    }
    std::string_view word = std::get<std::string_view>(status);
    word = word.substr(0, word.find('\n'));
    if (word != "Discharging") {
      return ReadFailure{
          FailureKind::try_again,
          fmt::format("{}: {:?}: a battery gives the machine's power only while it discharges",
                      status_.path().string(), word)};
    }
    double watts = 1.0;
    for (AttributeFile& factor : factors_) {
      const auto count = read_count(factor, info().unit);
      if (const auto* failure = std::get_if<ReadFailure>(&count)) return *failure;
      // Some drivers count what flows out as negative.
      watts *= 1e-6 * std::abs(static_cast<double>(std::get<std::int64_t>(count)));
    }
    return Watts(watts);
  }

 private:
  AttributeFile status_;
  std::vector<AttributeFile> factors_;
};

// "scope" says whether it feeds the machine or a device of its own; most do not say.
bool feeds_the_machine(const fs::path& folder) {
  return read_attribute(folder / "type") == "Battery" &&
         read_attribute(folder / "scope") != "Device" && read_attribute(folder / "present") != "0";
}

}  // namespace

ProbeResult find_batteries(const fs::path& sysfs_root) {
  std::vector<fs::path> folders;
  for (const fs::path& folder : entries_of(sysfs_root / "class/power_supply")) {
    if (feeds_the_machine(folder)) folders.push_back(folder);
  }

  ProbeResult result;
  int index = 0;
  for (const fs::path& folder : folders) {
    const std::string name = folder.filename().string();
    const std::vector<std::string> attributes = power_attributes(folder);
    SensorInfo info;
    info.id = "battery:" + name;
    info.kind = SensorKind::power_gauge;
    info.domain = Domain::battery;
    info.domain_index = index++;
    info.unit = attributes.size() == 1 ? "µW" : "µA × µV";
    info.update_period = asked_every;
    info.gain_uncertainty = battery_gain_uncertainty;
    info.in_total = false;
    info.why_not_in_total = "the whole machine, also what does not compute: screen, radios";
    if (attributes.empty()) {
      result.obstacles.push_back(
          silent(info.id, fmt::format("{} has neither power_now nor current_now and voltage_now",
                                      folder.string())));
      continue;
    }
    std::vector<fs::path> files = {folder / "status"};
    for (const std::string& attribute : attributes) {
      files.push_back(folder / attribute);
      info.source += (info.source.empty() ? "" : " × ") + files.back().string();
    }
    auto sensor = std::make_unique<BatterySensor>(std::move(info), folder, attributes);
    const Trial trial = try_sensor(*sensor, files);
    if (const ReadFailure* failure = trial.failure()) {
      result.obstacles.push_back(silent(sensor->info().id, failure->reason, trial.forbidden));
      continue;
    }
    std::vector<std::unique_ptr<Sensor>> sensors;
    sensors.push_back(std::move(sensor));
    result.devices.push_back(std::make_unique<SensorGroup>("battery " + name, std::move(sensors)));
  }
  return result;
}

}  // namespace wattfor
