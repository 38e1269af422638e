#include "sensor/nvml.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "sensor/nvml_library.h"
#include "sensor/nvml_obstacles.h"
#include "sensor/nvml_timing.h"

namespace wattfor {

namespace {

// Boards' gain errors have this standard deviation, proportional and different on every board: 19
// boards in the result sheet of github JimZeyuYang/GPU_Power_Benchmark.
constexpr double board_gain_uncertainty = 0.037;

// No machine has more; a count beyond it is an error of the driver's.
constexpr unsigned most_gpus = 1024;

using SharedNvml = std::shared_ptr<NvmlLibrary>;

// What NVML answered: a count of milliwatts or millijoules, or why not.
using Answer = std::variant<double, NvmlReturn>;

// All ones is NVML's sign for "not available" (NVML_VALUE_NOT_AVAILABLE), also beside a success.
template <class Integer>
Answer counted(Integer value) {
  if (value == static_cast<Integer>(-1)) return NvmlReturn::no_data;
  return static_cast<double>(value);
}

Answer value_of(const nvmlFieldValue_t& field) {
  switch (field.valueType) {
    case NvmlValueType::float64:
      return field.value.dVal;
    case NvmlValueType::uint32:
      return counted(field.value.uiVal);
    case NvmlValueType::unsigned_long:
      return counted(field.value.ulVal);
    case NvmlValueType::uint64:
      return counted(field.value.ullVal);
    case NvmlValueType::int64:
      return counted(field.value.sllVal);
    case NvmlValueType::int32:
      return counted(field.value.siVal);
    case NvmlValueType::uint16:
      return counted(field.value.usVal);
  }
  return NvmlReturn::unknown;
}

Answer read_field(const NvmlFunctions& nvml, nvmlDevice_t gpu, unsigned field, unsigned scope) {
  if (nvml.field_values == nullptr) return NvmlReturn::function_not_found;
  nvmlFieldValue_t value{};
  value.fieldId = field;
  value.scopeId = scope;
  const NvmlReturn status = nvml.field_values(gpu, 1, &value);
  if (status != NvmlReturn::success) return status;
  return value.nvmlReturn == NvmlReturn::success ? value_of(value) : value.nvmlReturn;
}

Answer read_total_energy(const NvmlFunctions& nvml, nvmlDevice_t gpu) {
  if (nvml.total_energy == nullptr) return NvmlReturn::function_not_found;
  unsigned long long millijoules = 0;
  const NvmlReturn status = nvml.total_energy(gpu, &millijoules);
  return status == NvmlReturn::success ? counted(millijoules) : status;
}

// For the functions that answer one unsigned number.
Answer read_number(NvmlReturn (*function)(nvmlDevice_t, unsigned*), nvmlDevice_t gpu) {
  if (function == nullptr) return NvmlReturn::function_not_found;
  unsigned number = 0;
  const NvmlReturn status = function(gpu, &number);
  return status == NvmlReturn::success ? counted(number) : status;
}

FailureKind kind_of(NvmlReturn status) {
  switch (status) {
    case NvmlReturn::gpu_is_lost:
    case NvmlReturn::reset_required:
    case NvmlReturn::uninitialized:
    case NvmlReturn::driver_not_loaded:
      return FailureKind::gone;
    case NvmlReturn::no_permission:
      return FailureKind::forbidden;
    case NvmlReturn::not_supported:
    case NvmlReturn::function_not_found:
      return FailureKind::broken;
    default:
      return FailureKind::try_again;
  }
}

using Reader = std::function<Answer()>;

class NvmlSensor final : public Sensor {
 public:
  NvmlSensor(SharedNvml nvml, SensorInfo info, Reader reader)
      : Sensor(std::move(info)), nvml_(std::move(nvml)), reader_(std::move(reader)) {}

  Reading read() override {
    const Answer answer = reader_();
    if (const auto* status = std::get_if<NvmlReturn>(&answer)) {
      return ReadFailure{kind_of(*status),
                         fmt::format("{}: {}", info().source, nvml_->explain(*status))};
    }
    const double count = std::get<double>(answer);
    if (info().kind == SensorKind::energy_counter) return millijoules(count);
    return milliwatts(count);
  }

 private:
  SharedNvml nvml_;
  Reader reader_;
};

class NvmlDevice final : public Device {
 public:
  NvmlDevice(SharedNvml nvml, nvmlDevice_t gpu, std::string name, std::vector<std::string> details,
             std::vector<std::unique_ptr<Sensor>> sensors)
      : nvml_(std::move(nvml)),
        gpu_(gpu),
        name_(std::move(name)),
        details_(std::move(details)),
        sensors_(std::move(sensors)) {}

  std::string name() const override { return name_; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  std::vector<std::string> details() const override { return details_; }

  DeviceState state() override {
    const NvmlFunctions& nvml = nvml_->functions();
    DeviceState state;
    nvmlUtilization_t rates{};
    if (nvml.utilisation != nullptr && nvml.utilisation(gpu_, &rates) == NvmlReturn::success) {
      state.utilisation_percent = rates.gpu;
    }
    nvmlMemory_t memory{};
    if (nvml.memory != nullptr && nvml.memory(gpu_, &memory) == NvmlReturn::success) {
      state.memory_bytes = static_cast<double>(memory.used);
    }
    unsigned number = 0;
    if (nvml.temperature != nullptr &&
        nvml.temperature(gpu_, nvml_temperature_gpu, &number) == NvmlReturn::success) {
      state.temperature_c = number;
    }
    if (nvml.clock != nullptr && nvml.clock(gpu_, nvml_clock_sm, &number) == NvmlReturn::success) {
      state.clock_mhz = number;
    }
    unsigned long long reasons = 0;
    if (nvml.clock_reasons != nullptr &&
        nvml.clock_reasons(gpu_, &reasons) == NvmlReturn::success) {
      state.throttle_reasons = throttle_words(reasons);
    }
    return state;
  }

 private:
  SharedNvml nvml_;
  nvmlDevice_t gpu_;
  std::string name_;
  std::vector<std::string> details_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
};

// Asks for a text; empty where there is none.
template <class Ask>
std::string text_of(Ask ask) {
  std::array<char, nvml_text_length> text{};
  if (ask(text.data(), nvml_text_length) != NvmlReturn::success) return "";
  text.back() = '\0';
  return text.data();
}

// What is known of a GPU before its sensors are tried.
struct Gpu {
  SharedNvml nvml;
  nvmlDevice_t handle = nullptr;
  int index = 0;
  std::string board;
  std::string uuid;
  std::optional<unsigned> architecture;
  std::optional<Watts> enforced_limit;  // whoever administers the machine may change it
  std::optional<Watts> highest_limit;   // that the board can be set to

  // GPUs of a machine are told apart by their UUID; their order may change.
  std::string id() const { return uuid.empty() ? fmt::format("gpu-{}", index) : uuid; }
  std::string name() const {
    return fmt::format("{} (gpu {})", board.empty() ? "NVIDIA GPU" : board, index);
  }
};

std::optional<Watts> watts_in(const Answer& answer) {
  const auto* count = std::get_if<double>(&answer);
  return count != nullptr && *count > 0 ? std::optional(milliwatts(*count)) : std::nullopt;
}

std::optional<Watts> highest_limit(const NvmlFunctions& nvml, nvmlDevice_t gpu) {
  if (nvml.power_limit_constraints == nullptr) return std::nullopt;
  unsigned least = 0;
  unsigned most = 0;
  const NvmlReturn status = nvml.power_limit_constraints(gpu, &least, &most);
  return status == NvmlReturn::success ? watts_in(counted(most)) : std::nullopt;
}

Gpu describe(const SharedNvml& nvml, nvmlDevice_t handle, int index) {
  const NvmlFunctions& f = nvml->functions();
  Gpu gpu;
  gpu.nvml = nvml;
  gpu.handle = handle;
  gpu.index = index;
  if (f.name != nullptr) {
    gpu.board = text_of([&](char* text, unsigned n) { return f.name(handle, text, n); });
  }
  if (f.uuid != nullptr) {
    gpu.uuid = text_of([&](char* text, unsigned n) { return f.uuid(handle, text, n); });
  }
  unsigned architecture = 0;
  if (f.architecture != nullptr && f.architecture(handle, &architecture) == NvmlReturn::success) {
    gpu.architecture = architecture;
  }
  gpu.enforced_limit = watts_in(read_number(f.enforced_power_limit, handle));
  gpu.highest_limit = highest_limit(f, handle);
  return gpu;
}

std::vector<std::string> details_of(const Gpu& gpu) {
  std::vector<std::string> details;
  const NvmlFunctions& f = gpu.nvml->functions();
  if (f.driver_version != nullptr) {
    const std::string driver = text_of(f.driver_version);
    if (!driver.empty()) details.push_back("driver " + driver);
  }
  if (!gpu.uuid.empty()) details.push_back(gpu.uuid);
  if (gpu.enforced_limit) {
    details.push_back(fmt::format("power limit {:g} W", gpu.enforced_limit->value()));
  }
  return details;
}

// One way to read a GPU's energy or power.
struct Way {
  NvmlQuantity quantity = NvmlQuantity::energy;
  std::string source;
  Reader reader;
  bool of_module = false;  // a GPU together with the CPU and the memory on its board (GH200)
};

std::string_view suffix_of(NvmlQuantity quantity) {
  switch (quantity) {
    case NvmlQuantity::energy:
      return "energy";
    case NvmlQuantity::power_instant:
      return "power-instant";
    case NvmlQuantity::power_average:
      return "power-average";
    case NvmlQuantity::power_usage:
      break;
  }
  return "power";
}

// Each quantity's ways from the best to the worst, the quantities too. The readers keep the library
// open through the sensor that owns them.
std::vector<std::vector<Way>> ways_of(const Gpu& gpu) {
  const NvmlFunctions& f = gpu.nvml->functions();
  const auto field = [&f, handle = gpu.handle](NvmlQuantity quantity, unsigned id, unsigned scope) {
    const bool module = scope == nvml_scope_module;
    return Way{quantity,
               fmt::format("nvmlDeviceGetFieldValues (field {}{})", id, module ? ", module" : ""),
               [&f, handle, id, scope] { return read_field(f, handle, id, scope); }, module};
  };
  return {
      {{NvmlQuantity::energy, "nvmlDeviceGetTotalEnergyConsumption",
        [&f, handle = gpu.handle] { return read_total_energy(f, handle); }},
       field(NvmlQuantity::energy, nvml_field_total_energy, nvml_scope_gpu)},
      {field(NvmlQuantity::power_instant, nvml_field_power_instant, nvml_scope_gpu),
       field(NvmlQuantity::power_instant, nvml_field_power_instant, nvml_scope_module)},
      {field(NvmlQuantity::power_average, nvml_field_power_average, nvml_scope_gpu),
       field(NvmlQuantity::power_average, nvml_field_power_average, nvml_scope_module)},
      {{NvmlQuantity::power_usage, "nvmlDeviceGetPowerUsage",
        [&f, handle = gpu.handle] { return read_number(f.power_usage, handle); }}},
  };
}

SensorInfo info_of(const Gpu& gpu, const Way& way) {
  const NvmlTiming timing = nominal_timing(way.quantity, gpu.architecture, gpu.board);
  const bool energy = way.quantity == NvmlQuantity::energy;
  SensorInfo info;
  info.id = fmt::format("nvml:{}:{}{}", gpu.id(), way.of_module ? "module-" : "",
                        suffix_of(way.quantity));
  info.kind = energy ? SensorKind::energy_counter : SensorKind::power_gauge;
  info.domain = way.of_module ? Domain::module : Domain::gpu;
  if (way.of_module) info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
  info.domain_index = gpu.index;
  info.unit = energy ? "mJ" : "mW";
  info.source = way.source;
  info.update_period = timing.update_period;
  info.averaging_window = timing.averaging_window;
  // Nothing says what a whole module may draw. A limit that is enforced now may be raised later; a
  // board that tells no highest one does not let it be changed.
  if (!way.of_module) info.power_limit = gpu.highest_limit ? gpu.highest_limit : gpu.enforced_limit;
  info.gain_uncertainty = board_gain_uncertainty;
  return info;
}

// The sensors of a GPU that answer, the best of each quantity, and the reasons of those that don't.
struct Found {
  std::vector<std::unique_ptr<Sensor>> sensors;
  std::vector<std::string> reasons;
  bool forbidden = false;
  bool has_total = false;  // one of them is of the GPU alone
};

Found find_sensors(const Gpu& gpu) {
  Found found;
  std::vector<SensorInfo> infos;
  std::vector<Reader> readers;
  // A counter that stands at zero, on a driver that has drawn power since it was loaded, counts
  // nothing: it may stay in view but must not be the total while a gauge answers.
  std::optional<std::size_t> best;
  bool best_is_silent = false;
  for (const std::vector<Way>& ways : ways_of(gpu)) {
    const bool has_gauge = std::ranges::any_of(infos, [](const SensorInfo& info) {
      return info.kind == SensorKind::power_gauge && info.domain == Domain::gpu;
    });
    if (ways.front().quantity == NvmlQuantity::power_usage && has_gauge) continue;
    for (const Way& way : ways) {
      const Answer answer = way.reader();
      if (const auto* status = std::get_if<NvmlReturn>(&answer)) {
        found.reasons.push_back(fmt::format("{}: {}", way.source, gpu.nvml->explain(*status)));
        found.forbidden = found.forbidden || *status == NvmlReturn::no_permission;
        continue;
      }
      infos.push_back(info_of(gpu, way));
      readers.push_back(way.reader);
      // A module's power is that of the CPU too, which has its own place in the total.
      if (!way.of_module && (!best || best_is_silent)) {
        best = infos.size() - 1;
        best_is_silent = way.quantity == NvmlQuantity::energy && std::get<double>(answer) == 0.0;
      }
      break;
    }
  }
  found.has_total = best.has_value();
  // What is all that answers counts, the CPU in it too; discovery settles what lies inside.
  if (!best && !infos.empty()) best = 0;
  for (std::size_t i = 0; i < infos.size(); ++i) {
    infos[i].in_total = i == best;
    if (!infos[i].in_total) infos[i].why_not_in_total = "another sensor of this gpu is";
    found.sensors.push_back(
        std::make_unique<NvmlSensor>(gpu.nvml, std::move(infos[i]), std::move(readers[i])));
  }
  return found;
}

void examine(const SharedNvml& nvml, nvmlDevice_t handle, int index, ProbeResult& result) {
  const Gpu gpu = describe(nvml, handle, index);
  Found found = find_sensors(gpu);
  if (!found.has_total || found.forbidden) {
    const std::string_view which = found.sensors.empty() ? "no sensor"
                                   : found.has_total     ? "not every sensor"
                                                         : "no sensor of the GPU alone";
    result.obstacles.push_back(
        {"Power of " + gpu.name(),
         fmt::format("{} answers: {}", which, fmt::join(found.reasons, "; ")),
         found.forbidden ? "sudo wattfor sensors" : ""});
  }
  result.devices.push_back(std::make_unique<NvmlDevice>(nvml, handle, gpu.name(), details_of(gpu),
                                                        std::move(found.sensors)));
}

void examine_all(const SharedNvml& nvml, ProbeResult& result) {
  const NvmlFunctions& f = nvml->functions();
  unsigned count = 0;
  const NvmlReturn status = f.count != nullptr && f.handle_by_index != nullptr
                                ? f.count(&count)
                                : NvmlReturn::function_not_found;
  if (status != NvmlReturn::success) {
    result.obstacles.push_back(
        {"NVIDIA GPUs", fmt::format("NVML does not list them: {}", nvml->explain(status)), ""});
    return;
  }
  if (count > most_gpus) {
    result.obstacles.push_back(
        {"NVIDIA GPUs",
         fmt::format("NVML claims {} of them, at most {} are believed", count, most_gpus),
         "nvidia-smi -L"});
  }
  for (unsigned i = 0; i < std::min(count, most_gpus); ++i) {
    nvmlDevice_t handle = nullptr;
    const NvmlReturn opened = f.handle_by_index(i, &handle);
    if (opened == NvmlReturn::success) {
      examine(nvml, handle, static_cast<int>(i), result);
      continue;
    }
    result.obstacles.push_back({fmt::format("NVIDIA GPU {}", i),
                                fmt::format("NVML can't open it: {}", nvml->explain(opened)),
                                opened == NvmlReturn::no_permission ? open_nvidia_files : ""});
    // There are no more: the count was wrong.
    if (opened == NvmlReturn::invalid_argument) break;
  }
}

}  // namespace

ProbeResult find_nvml(const std::string& library, const std::string& sysfs_root) {
  const std::vector<PciGpu> gpus = nvidia_gpus_on_pci(sysfs_root);
  // A library that the user named is expected to be there; without it a machine that shows no such
  // GPU misses nothing.
  const bool expected = !gpus.empty() || library != "libnvidia-ml.so.1";
  ProbeResult result;
  SharedNvml nvml;
  try {
    nvml = std::make_shared<NvmlLibrary>(library);
  } catch (const Error& error) {
    if (expected) result.obstacles.push_back(nvml_missing(gpus, error.what()));
    return result;
  }
  const NvmlReturn status = nvml->initialise();
  if (status == NvmlReturn::success) {
    examine_all(nvml, result);
  } else if (expected || status != NvmlReturn::driver_not_loaded) {
    result.obstacles.push_back(nvml_not_initialised(gpus, status, nvml->explain(status)));
  }
  return result;
}

}  // namespace wattfor
