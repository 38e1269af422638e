#include "sensor/amdgpu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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
#include "sensor/amdgpu_metrics.h"
#include "sensor/attribute_sensor.h"
#include "sensor/hwmon_chip.h"
#include "sensor/trial_read.h"

namespace wattfor {

namespace {

namespace fs = std::filesystem;

// One standard deviation of the gain. An estimate: AMD states none.
constexpr double gpu_gain_uncertainty = 0.05;
constexpr double watts_per_microwatt = 1e-6;
// A page, which is all that such a file can hold, and one byte to see that it was all.
constexpr std::size_t longest_table = 4097;

// How often the firmware makes its figures anew is not stated, so that no sensor here has a nominal
// update period. The driver asks it at most once a millisecond (swsmu/smu_cmn.c,
// smu_cmn_get_metrics_table).

class AccumulatorSensor final : public Sensor {
 public:
  explicit AccumulatorSensor(SensorInfo info)
      : Sensor(std::move(info)), file_(this->info().source, longest_table) {}

  Reading read() override {
    const auto table = file_.read();
    if (const int* error_number = std::get_if<int>(&table)) {
      return attribute_failure(*error_number, info().source);
    }
    const auto found = energy_accumulator(std::get<std::string_view>(table));
    if (const auto* reason = std::get_if<std::string>(&found)) {
      return ReadFailure{FailureKind::broken, fmt::format("{}: {}", info().source, *reason)};
    }
    const auto count = static_cast<double>(std::get<EnergyAccumulator>(found).count);
    return Joules(joules_per_accumulator_count * count);
  }

 private:
  AttributeFile file_;
};

std::optional<double> value_in(AttributeFile& file) {
  const auto count = read_count(file, "");
  if (!std::holds_alternative<std::int64_t>(count)) return std::nullopt;
  return static_cast<double>(std::get<std::int64_t>(count));
}

class AmdgpuDevice final : public Device {
 public:
  AmdgpuDevice(const HwmonChip& chip, std::string name,
               std::vector<std::unique_ptr<Sensor>> sensors, std::vector<std::string> details)
      : name_(std::move(name)),
        sensors_(std::move(sensors)),
        details_(std::move(details)),
        busy_percent_(chip.device() / "gpu_busy_percent"),
        memory_bytes_(chip.device() / "mem_info_vram_used"),
        temperature_(chip.attribute("temp1_input")),
        clock_(chip.attribute("freq1_input")),
        power_cap_(chip.attribute("power1_cap")) {}

  std::string name() const override { return name_; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::vector<std::string> details() const override { return details_; }

  DeviceState state() override {
    DeviceState state;
    state.utilisation_percent = value_in(busy_percent_);
    state.memory_bytes = value_in(memory_bytes_);
    // In thousandths of a degree, in Hz, and in microwatts (amdgpu_pm.c).
    if (const auto temperature = value_in(temperature_)) state.temperature_c = *temperature * 1e-3;
    if (const auto clock = value_in(clock_)) state.clock_mhz = *clock * 1e-6;
    const auto cap = value_in(power_cap_);
    if (cap && *cap > 0.0) state.power_limit = microwatts(*cap);
    return state;
  }

 private:
  std::string name_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
  std::vector<std::string> details_;
  AttributeFile busy_percent_;
  AttributeFile memory_bytes_;
  AttributeFile temperature_;
  AttributeFile clock_;
  AttributeFile power_cap_;
};

enum class Build {
  board,      // a card, an accelerator module
  processor,  // graphics in a CPU
  module,     // an accelerator with a CPU (MI300A)
};

// What is known of a GPU before its sensors are tried.
struct AmdGpu {
  HwmonChip chip;
  Build build = Build::board;
  int index = 0;       // among those of its build
  std::string pci_id;  // "1002:740f"
  std::variant<EnergyAccumulator, std::string> accumulator;

  fs::path metrics() const { return chip.device() / "gpu_metrics"; }
};

std::string without_prefix(const std::string& text) {
  return text.starts_with("0x") ? text.substr(2) : text;
}

Build build_of(const HwmonChip& chip, std::string_view pci_id, std::string_view table) {
  constexpr std::string_view mi300a = "1002:74a0";
  if (pci_id == mi300a) return Build::module;
  // "only APUs have vddnb" (amdgpu_pm.c), the voltage of the part of the chip beside the cores.
  const bool processor = chip.text("in1_label") == "vddnb" || is_processor_table(table);
  return processor ? Build::processor : Build::board;
}

// The accelerators whose accumulators AMD's library was made for: MI100 (Arcturus), MI200
// (Aldebaran) and MI300 (Aqua Vanjaram), by the kernel's drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c
// and pci.ids. The PCI class does not tell them: some Radeons are "display controllers" too.
bool is_accelerator(std::string_view pci_id) {
  constexpr std::array<std::string_view, 16> accelerators = {
      "1002:7388", "1002:738c", "1002:738e", "1002:7390", "1002:7408", "1002:740c",
      "1002:740f", "1002:7410", "1002:74a0", "1002:74a1", "1002:74a2", "1002:74a5",
      "1002:74a9", "1002:74b5", "1002:74b9", "1002:74bd"};
  return std::ranges::find(accelerators, pci_id) != accelerators.end();
}

// MI250 and MI250X (pci.ids): two dies on one board, a GPU each. The first is told the board's
// power, the second always zero (swsmu/smu13/aldebaran_ppt.c: "Valid power data is available only
// from primary die").
bool has_two_dies(const AmdGpu& gpu) {
  return gpu.pci_id == "1002:7408" || gpu.pci_id == "1002:740c";
}

bool is_second_die(const AmdGpu& gpu) {
  const auto* accumulator = std::get_if<EnergyAccumulator>(&gpu.accumulator);
  const bool counts = accumulator != nullptr && accumulator->count != 0;
  auto power = gpu.chip.number("power1_average");
  if (!power) power = gpu.chip.number("power1_input");
  return has_two_dies(gpu) && !counts && power == 0.0;
}

AmdGpu examine_gpu(const HwmonChip& chip) {
  AmdGpu gpu;
  gpu.chip = chip;
  const auto id = [&](const char* file) {
    return without_prefix(read_attribute(chip.device() / file).value_or(""));
  };
  gpu.pci_id = fmt::format("{}:{}", id("vendor"), id("device"));
  AttributeFile metrics(gpu.metrics(), longest_table);
  const auto read = metrics.read();
  const auto* table = std::get_if<std::string_view>(&read);
  gpu.build = build_of(chip, gpu.pci_id, table == nullptr ? "" : *table);
  gpu.accumulator = table == nullptr ? "can't be read" : energy_accumulator(*table);
  const auto* accumulator = std::get_if<EnergyAccumulator>(&gpu.accumulator);
  if (accumulator != nullptr && !accumulator->unit_is_documented && !is_accelerator(gpu.pci_id)) {
    gpu.accumulator = "the unit of a graphics card's energy accumulator is not documented";
  }
  return gpu;
}

std::string name_of(const AmdGpu& gpu) {
  const std::string product = read_attribute(gpu.chip.device() / "product_name").value_or("");
  const std::string name = product.empty() ? fmt::format("AMD GPU {}", gpu.pci_id) : product;
  return fmt::format("{} ({})", name, gpu.chip.address);
}

// A board can be set to the greatest cap; one that tells none has the one that is set.
std::optional<Watts> highest_cap(const HwmonChip& chip) {
  for (const char* attribute : {"power1_cap_max", "power1_cap"}) {
    const auto cap = chip.number(attribute);
    if (cap && *cap > 0.0) return microwatts(*cap);
  }
  return std::nullopt;
}

SensorInfo describe_gpu(const AmdGpu& gpu, std::string_view quantity, const fs::path& file) {
  SensorInfo info;
  info.id = fmt::format("amdgpu:{}:{}", gpu.chip.address, quantity);
  info.domain_index = gpu.index;
  info.source = file.string();
  info.power_limit = highest_cap(gpu.chip);
  info.gain_uncertainty = gpu_gain_uncertainty;
  switch (gpu.build) {
    case Build::board:
      info.domain = Domain::gpu;
      if (has_two_dies(gpu) && !is_second_die(gpu)) info.shared_with = "both dies of this board";
      break;
    case Build::processor:
      info.domain = Domain::cpu_package;
      break;
    case Build::module:
      // Its memory is that of the CPU too. Its GPU, which nothing else reads, is not told: the
      // sensor of another board would take its place.
      info.domain = Domain::module;
      info.contains = {Domain::cpu_package, Domain::dram};
      break;
  }
  return info;
}

std::vector<std::unique_ptr<Sensor>> sensors_of(const AmdGpu& gpu) {
  std::vector<std::unique_ptr<Sensor>> sensors;
  if (const auto* accumulator = std::get_if<EnergyAccumulator>(&gpu.accumulator)) {
    SensorInfo info = describe_gpu(gpu, "energy", gpu.metrics());
    info.kind = SensorKind::energy_counter;
    info.unit = "15.259 µJ";
    info.counter_range = accumulator->range;
    sensors.push_back(std::make_unique<AccumulatorSensor>(std::move(info)));
  }
  // Which of the two there is depends on the chip and the kernel.
  for (const auto& [quantity, attribute] :
       {std::pair{"power", "power1_average"}, std::pair{"power-instant", "power1_input"}}) {
    const fs::path file = gpu.chip.attribute(attribute);
    std::error_code ignored;
    if (!fs::exists(file, ignored)) continue;
    SensorInfo info = describe_gpu(gpu, quantity, file);
    info.kind = SensorKind::power_gauge;
    info.unit = "µW";
    info.label = gpu.chip.text("power1_label");
    sensors.push_back(std::make_unique<AttributeSensor>(std::move(info), watts_per_microwatt));
  }
  return sensors;
}

// Sensors that answer, or would if the board did not sleep; the first of them is in the total.
void add_gpu(const AmdGpu& gpu, const std::string& why_not_in_total, ProbeResult& result) {
  std::vector<std::unique_ptr<Sensor>> sensors;
  std::vector<std::string> details = {gpu.pci_id};
  std::vector<std::string> reasons;
  std::vector<fs::path> forbidden;
  bool has_total = false;
  bool sleeps = false;
  for (auto& sensor : sensors_of(gpu)) {
    if (!why_not_in_total.empty()) sensor->leave_out_of_total(why_not_in_total);
    if (has_total) sensor->leave_out_of_total("another sensor of this gpu is");
    const Trial trial = try_sensor(*sensor, {sensor->info().source});
    const ReadFailure* failure = trial.failure();
    // The driver's own refusal (EPERM of a file that may be opened) is what a board that is
    // suspended answers (amdgpu_pm.c, amdgpu_pm_get_access_if_active).
    const bool refused =
        failure != nullptr && failure->kind == FailureKind::forbidden && trial.forbidden.empty();
    if (failure != nullptr && !refused) {
      reasons.push_back(failure->reason);
      forbidden.insert(forbidden.end(), trial.forbidden.begin(), trial.forbidden.end());
      continue;
    }
    sleeps = sleeps || refused;
    has_total = has_total || sensor->info().in_total;
    sensors.push_back(std::move(sensor));
  }
  if (sleeps) details.emplace_back("asleep: gives no reading until a program uses it");
  const std::string name = name_of(gpu);
  if (sensors.empty() && reasons.empty()) {
    reasons.push_back(
        fmt::format("{} has neither power1_average nor power1_input", gpu.chip.folder.string()));
  }
  if (!reasons.empty()) {
    result.obstacles.push_back(
        silent("Power of " + name, fmt::format("{}", fmt::join(reasons, "; ")), forbidden));
  }
  result.devices.push_back(
      std::make_unique<AmdgpuDevice>(gpu.chip, name, std::move(sensors), std::move(details)));
}

std::string why_not_in_total(const AmdGpu& gpu, bool has_board) {
  if (is_second_die(gpu)) return "the other die of its board reports for both";
  // kgd_pp_interface.h of a processor's socket power: "dGPU + APU power on A + A platform".
  if (gpu.build == Build::processor && has_board) {
    return "may hold the power of the AMD GPU beside it";
  }
  return "";
}

}  // namespace

ProbeResult find_amdgpu(const fs::path& sysfs_root) {
  std::vector<AmdGpu> gpus;
  for (const HwmonChip& chip : hwmon_chips(sysfs_root)) {
    if (chip.name == "amdgpu") gpus.push_back(examine_gpu(chip));
  }
  for (const Build build : {Build::board, Build::processor, Build::module}) {
    int index = 0;
    for (AmdGpu& gpu : gpus) {
      if (gpu.build == build) gpu.index = index++;
    }
  }
  const bool has_board =
      std::ranges::any_of(gpus, [](const AmdGpu& gpu) { return gpu.build == Build::board; });
  ProbeResult result;
  for (const AmdGpu& gpu : gpus) {
    add_gpu(gpu, why_not_in_total(gpu, has_board), result);
  }
  return result;
}

}  // namespace wattfor
