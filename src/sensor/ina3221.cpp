#include "sensor/ina3221.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
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
#include "sensor/hwmon_chip.h"
#include "sensor/kernel_text.h"
#include "sensor/trial_read.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

// One standard deviation of a rail's gain. An estimate: shunts of 1 % (Jetson AGX Xavier Product
// Design Guide, Power Monitor) and the chip's own gain errors of 0.25 % (TI SBOS576), with room for
// its offset of up to 80 µV, which at the small currents of an idle board weighs more.
constexpr double rail_gain_uncertainty = 0.02;

constexpr int channels_of_a_chip = 3;

// The rails of NVIDIA's boards, as their device trees label them (kernel
// arch/arm64/boot/dts/nvidia/tegra{186,194,210,234}-p*; Jetson Linux has names of its own for
// some).

// What makes the module. The first set that is there whole counts.
//  - VDD_IN, "the total power of module" by NVIDIA's forum (topic 200883): TX1, TX2, Xavier NX,
//    Orin NX and Nano. POM_5V_IN, the overall 5 V input of the board (topic 73608): Nano.
//  - AGX Xavier has six inputs side by side (Product Design Guide, figure "Power Monitor": each but
//    SYS5V hangs on SYS_VIN_HV; SYS5V is SYS_VIN_MV).
//  - AGX Orin likewise has two on the high voltage and VIN_SYS_5V0. VDDQ_VDD2_1V8AO is taken as a
//    branch of the latter, as it shows its bus voltage; no document says so.
const std::vector<std::vector<std::string_view>>& modules() {
  static const std::vector<std::vector<std::string_view>> sets = {
      {"VDD_IN"},
      {"POM_5V_IN"},
      {"GPU", "CPU", "SOC", "CV", "VDDRQ", "SYS5V"},
      {"VDD_GPU_SOC", "VDD_CPU_CV", "VIN_SYS_5V0"},
  };
  return sets;
}

struct PartRail {
  std::string_view label;
  Domain domain;  // `other` where a rail feeds several
};

constexpr std::array part_rails = {
    PartRail{.label = "VDD_GPU", .domain = Domain::gpu},
    PartRail{.label = "VDD_SYS_GPU", .domain = Domain::gpu},
    PartRail{.label = "POM_5V_GPU", .domain = Domain::gpu},
    PartRail{.label = "GPU", .domain = Domain::gpu},
    PartRail{.label = "VDD_CPU", .domain = Domain::cpu_package},
    PartRail{.label = "VDD_SYS_CPU", .domain = Domain::cpu_package},
    PartRail{.label = "POM_5V_CPU", .domain = Domain::cpu_package},
    PartRail{.label = "CPU", .domain = Domain::cpu_package},
    PartRail{.label = "VDD_5V0_DDR", .domain = Domain::dram},
    PartRail{.label = "VDD_SYS_DDR", .domain = Domain::dram},
    PartRail{.label = "VDDRQ", .domain = Domain::dram},
    PartRail{.label = "VDD_3V8_WIFI", .domain = Domain::other},
    PartRail{.label = "VDD_4V0_WIFI", .domain = Domain::other},
    PartRail{.label = "VDD_SYS_SOC", .domain = Domain::other},
    PartRail{.label = "VDD_SOC", .domain = Domain::other},
    PartRail{.label = "SOC", .domain = Domain::other},
    PartRail{.label = "CV", .domain = Domain::other},
    PartRail{.label = "SYS5V", .domain = Domain::other},
    PartRail{.label = "VDD_CPU_GPU", .domain = Domain::other},
    PartRail{.label = "VDD_CPU_GPU_CV", .domain = Domain::other},
    PartRail{.label = "VDD_GPU_SOC", .domain = Domain::other},
    PartRail{.label = "VDD_CPU_CV", .domain = Domain::other},
    PartRail{.label = "VIN_SYS_5V0", .domain = Domain::other},
    PartRail{.label = "VDDQ_VDD2_1V8AO", .domain = Domain::other},
};

// A file whose number is one factor of a rail's power.
struct Factor {
  fs::path file;
  std::string unit;
};

struct Rail {
  std::string id;  // "1-0040:1": the chip's address and its channel
  std::string label;
  std::vector<Factor> factors;
  double scale = 0.0;  // of their product, to watts
  std::optional<Seconds> update_period;
};

// The power of one rail or of several together.
class RailSensor final : public Sensor {
 public:
  RailSensor(SensorInfo info, const std::vector<const Rail*>& rails) : Sensor(std::move(info)) {
    for (const Rail* rail : rails) {
      Term& term = terms_.emplace_back();
      term.scale = rail->scale;
      for (const Factor& factor : rail->factors) {
        term.factors.push_back({.file = AttributeFile(factor.file), .unit = factor.unit});
      }
    }
  }

  // The files are read one after the other: a rail's voltage hardly changes meanwhile.
  Reading read() override {
    double watts = 0.0;
    for (Term& term : terms_) {
      double product = term.scale;
      for (OpenFactor& factor : term.factors) {
        const auto count = read_count(factor.file, factor.unit);
        if (const auto* failure = std::get_if<ReadFailure>(&count)) return *failure;
        product *= static_cast<double>(std::get<std::int64_t>(count));
      }
      watts += product;
    }
    return Watts(watts);
  }

 private:
  struct OpenFactor {
    AttributeFile file;
    std::string unit;
  };
  struct Term {
    double scale = 0.0;
    std::vector<OpenFactor> factors;
  };

  std::vector<Term> terms_;
};

bool is_connected(const std::string& label) { return label != "NC"; }

// The driver of the kernel, and of Jetson Linux from release 35 on.
void add_hwmon_rails(const fs::path& sysfs_root, std::vector<Rail>& rails) {
  constexpr double watts_per_product = 1e-6;  // mV × mA
  for (const HwmonChip& chip : hwmon_chips(sysfs_root)) {
    if (chip.name != "ina3221") continue;
    const auto interval_ms = chip.number("update_interval");
    for (int channel = 1; channel <= channels_of_a_chip; ++channel) {
      const fs::path voltage = chip.attribute(fmt::format("in{}_input", channel));
      const fs::path current = chip.attribute(fmt::format("curr{}_input", channel));
      std::error_code ignored;
      if (!fs::exists(voltage, ignored) || !fs::exists(current, ignored)) continue;
      if (chip.number(fmt::format("in{}_enable", channel)) == 0.0) continue;
      std::string label = chip.text(fmt::format("in{}_label", channel));
      if (label.empty()) label = chip.text(fmt::format("curr{}_label", channel));
      if (!is_connected(label)) continue;
      Rail rail{.id = fmt::format("{}:{}", chip.address, channel),
                .label = std::move(label),
                .factors = {{voltage, "mV"}, {current, "mA"}},
                .scale = watts_per_product,
                .update_period = std::nullopt};
      if (interval_ms && *interval_ms > 0.0) rail.update_period = Seconds(*interval_ms * 1e-3);
      rails.push_back(std::move(rail));
    }
  }
}

// Jetson Linux up to release 32: …/ina3221x/1-0040/iio:device0/{rail_name_0,in_power0_input}.
void add_iio_rails(const fs::path& sysfs_root, std::vector<Rail>& rails) {
  constexpr double watts_per_milliwatt = 1e-3;
  std::error_code unreadable;
  std::vector<fs::path> folders;
  for (const fs::path& chip : entries_of(sysfs_root / "bus/i2c/drivers/ina3221x")) {
    for (const fs::path& folder : entries_of(chip)) {
      if (folder.filename().string().starts_with("iio:device")) folders.push_back(folder);
    }
  }
  for (const fs::path& folder : folders) {
    for (int channel = 0; channel < channels_of_a_chip; ++channel) {
      const auto label = read_attribute(folder / fmt::format("rail_name_{}", channel));
      const fs::path power = folder / fmt::format("in_power{}_input", channel);
      if (!label || !is_connected(*label) || !fs::exists(power, unreadable)) continue;
      rails.push_back(
          {.id = fmt::format("{}:{}", folder.parent_path().filename().string(), channel),
           .label = *label,
           .factors = {{power, "mW"}},
           .scale = watts_per_milliwatt,
           .update_period = std::nullopt});
    }
  }
}

// The rails that make the whole module; none on a board that is not known.
std::vector<const Rail*> rails_of_module(const std::vector<Rail>& rails) {
  for (const auto& labels : modules()) {
    std::vector<const Rail*> found;
    for (const std::string_view label : labels) {
      const auto rail = std::ranges::find(rails, label, &Rail::label);
      if (rail != rails.end()) found.push_back(&*rail);
    }
    if (found.size() == labels.size()) return found;
  }
  return {};
}

std::string source_of(const std::vector<const Rail*>& rails) {
  std::vector<std::string> products;
  for (const Rail* rail : rails) {
    std::vector<std::string> files;
    files.reserve(rail->factors.size());
    for (const Factor& factor : rail->factors) files.push_back(factor.file.string());
    products.push_back(fmt::format("{}", fmt::join(files, " × ")));
  }
  return fmt::format("{}", fmt::join(products, " + "));
}

SensorInfo describe_rails(const std::vector<const Rail*>& rails) {
  const Rail& first = *rails.front();
  SensorInfo info;
  info.kind = SensorKind::power_gauge;
  info.unit = first.factors.size() == 1 ? "mW" : "mV × mA";
  info.source = source_of(rails);
  // The chip's converter integrates, and goes round its channels, its samples spread over the
  // interval: taken as the mean over all of it.
  for (const Rail* rail : rails) {
    info.update_period = std::max(info.update_period, rail->update_period);
  }
  info.averaging_window = info.update_period;
  info.gain_uncertainty = rail_gain_uncertainty;
  return info;
}

SensorInfo describe_module(const std::vector<const Rail*>& rails) {
  std::vector<std::string> labels;
  labels.reserve(rails.size());
  for (const Rail* rail : rails) labels.push_back(rail->label);
  SensorInfo info = describe_rails(rails);
  info.id = "ina3221:module";
  info.label = fmt::format("{}", fmt::join(labels, " + "));
  info.domain = Domain::module;
  // Its GPU, which nothing else reads, is not told: the sensor of a board in its PCIe slot would
  // take that GPU's place and the module leave the total.
  info.contains = {Domain::cpu_package, Domain::dram};
  return info;
}

SensorInfo describe_rail(const Rail& rail, bool module_is_known) {
  SensorInfo info = describe_rails({&rail});
  info.id = "ina3221:" + rail.id;
  info.label = rail.label.empty() ? "INA3221 " + rail.id : rail.label;
  info.in_total = false;
  const auto* const part = std::ranges::find(part_rails, rail.label, &PartRail::label);
  if (part == part_rails.end()) {
    info.why_not_in_total = "what it feeds is not known to wattfor";
    return info;
  }
  info.domain = part->domain;
  info.why_not_in_total =
      module_is_known ? "lies inside module 0" : "a part of a board that is not known to wattfor";
  return info;
}

}  // namespace

ProbeResult find_ina3221(const fs::path& sysfs_root) {
  std::vector<Rail> rails;
  add_hwmon_rails(sysfs_root, rails);
  add_iio_rails(sysfs_root, rails);
  const std::vector<const Rail*> module = rails_of_module(rails);

  ProbeResult result;
  std::vector<std::unique_ptr<Sensor>> sensors;
  const auto add = [&](SensorInfo info, const std::vector<const Rail*>& of) {
    std::vector<fs::path> files;
    for (const Rail* rail : of) {
      for (const Factor& factor : rail->factors) files.push_back(factor.file);
    }
    auto sensor = std::make_unique<RailSensor>(std::move(info), of);
    const Trial trial = try_sensor(*sensor, files);
    if (trial.failure() == nullptr) {
      sensors.push_back(std::move(sensor));
    } else {
      result.obstacles.push_back(
          silent(sensor->info().id, trial.failure()->reason, trial.forbidden));
    }
  };
  if (!module.empty()) add(describe_module(module), module);
  for (const Rail& rail : rails) {
    const bool is_module = module.size() == 1 && module.front() == &rail;
    if (!is_module) add(describe_rail(rail, !module.empty()), {&rail});
  }
  if (!sensors.empty()) {
    result.devices.push_back(std::make_unique<SensorGroup>(
        module.empty() ? "INA3221 power monitor" : "Jetson (INA3221 power monitor)",
        std::move(sensors)));
  }
  return result;
}

}  // namespace wattfor
