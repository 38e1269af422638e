#include "sensor/nvml_sensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <variant>

#include "sensor/nvml_reading.h"
#include "sensor/nvml_timing.h"

namespace wattfor {
namespace {

using Reader = std::function<NvmlAnswer(const NvmlFunctions&, nvmlDevice_t)>;

class NvmlSensor final : public Sensor {
 public:
  NvmlSensor(std::shared_ptr<NvmlGpu> gpu, SensorInfo info, Reader reader)
      : Sensor(std::move(info)), gpu_(std::move(gpu)), reader_(std::move(reader)) {}

  Reading read() override {
    const NvmlAnswer answer = gpu_->ask(reader_);
    if (const auto* status = std::get_if<NvmlReturn>(&answer)) {
      return ReadFailure{kind_of(*status),
                         fmt::format("{}: {}", info().source, gpu_->library().explain(*status))};
    }
    const double count = std::get<double>(answer);
    if (info().kind == SensorKind::energy_counter) return millijoules(count);
    return milliwatts(count);
  }

 private:
  std::shared_ptr<NvmlGpu> gpu_;
  Reader reader_;
};

// One way to read a quantity of a GPU, of its memory, or of the module that it is on.
struct Way {
  NvmlQuantity quantity = NvmlQuantity::energy;
  std::string name;  // in the sensor's id: "power-instant"
  std::string source;
  Reader reader;
  Domain domain = Domain::gpu;
};

// The ways to read one quantity, from the best to the worst.
using Ways = std::vector<Way>;

Way of_counter() {
  return {NvmlQuantity::energy, "energy", "nvmlDeviceGetTotalEnergyConsumption", read_total_energy};
}

Way of_field(NvmlQuantity quantity, std::string name, unsigned field, unsigned scope) {
  Way way{quantity, std::move(name), "",
          [field, scope](const NvmlFunctions& nvml, nvmlDevice_t gpu) {
            return read_field(nvml, gpu, field, scope);
          }};
  std::string_view of;
  if (scope == nvml_scope_module) {
    way.domain = Domain::module;
    way.name = "module-" + way.name;
    of = ", module";
  } else if (scope == nvml_scope_memory) {
    way.domain = Domain::gpu_memory;
    way.name = "memory-" + way.name;
    of = ", memory";
  }
  way.source = fmt::format("nvmlDeviceGetFieldValues (field {}{})", field, of);
  return way;
}

Way of_samples(int type) {
  const bool module = type == nvml_samples_module_power;
  auto samples = std::make_shared<NvmlPowerSamples>(type);
  return {NvmlQuantity::power_samples, module ? "module-power-samples" : "power-samples",
          fmt::format("nvmlDeviceGetSamples ({} power)", module ? "module" : "total"),
          [samples = std::move(samples)](const NvmlFunctions& nvml, nvmlDevice_t gpu) {
            return samples->read(nvml, gpu);
          },
          module ? Domain::module : Domain::gpu};
}

Way of_power_usage() {
  return {NvmlQuantity::power_usage, "power", "nvmlDeviceGetPowerUsage",
          [](const NvmlFunctions& nvml, nvmlDevice_t gpu) {
            return read_number(nvml.power_usage, gpu);
          }};
}

// A field by its widest scope: the GPU, or where that is refused the module (GH200).
Ways of_gpu_or_module(NvmlQuantity quantity, const std::string& name, unsigned field) {
  return {of_field(quantity, name, field, nvml_scope_gpu),
          of_field(quantity, name, field, nvml_scope_module)};
}

// The quantities from the best to the worst, as long as none of the GPU's power answers.
std::vector<Ways> ways_of_gauges() {
  using enum NvmlQuantity;
  return {of_gpu_or_module(power_instant, "power-instant", nvml_field_power_instant),
          of_gpu_or_module(power_average, "power-average", nvml_field_power_average)};
}

std::vector<Ways> ways_of_last_resort() {
  return {{of_samples(nvml_samples_total_power), of_samples(nvml_samples_module_power)},
          {of_power_usage()}};
}

Ways ways_of_memory() {
  using enum NvmlQuantity;
  return {of_field(power_instant, "power-instant", nvml_field_power_instant, nvml_scope_memory),
          of_field(power_average, "power-average", nvml_field_power_average, nvml_scope_memory)};
}

SensorInfo info_of(const NvmlGpu& gpu, const Way& way) {
  const NvmlTiming timing = nominal_timing(way.quantity, gpu.architecture(), gpu.board());
  const bool energy = way.quantity == NvmlQuantity::energy;
  SensorInfo info;
  info.id = fmt::format("nvml:{}:{}", gpu.id(), way.name);
  info.kind = energy ? SensorKind::energy_counter : SensorKind::power_gauge;
  info.domain = way.domain;
  if (way.domain == Domain::module) {
    info.contains = {Domain::cpu_package, Domain::dram, Domain::gpu};
    info.index_is_of_gpu = true;
  }
  info.domain_index = static_cast<int>(gpu.index());
  info.unit = energy ? "mJ" : "mW";
  info.source = way.source;
  info.update_period = timing.update_period;
  info.averaging_window = timing.averaging_window;
  // Nothing says what a whole module may draw.
  if (way.domain != Domain::module) {
    info.power_limit = gpu.believable_power();
    info.enforced_limit = gpu.enforced_limit();
  }
  info.gain_uncertainty = prior_gain_uncertainty;
  info.offset_uncertainty = prior_offset_uncertainty;
  info.driver = fmt::format("nvidia {}", gpu.driver_version());
  info.in_total = false;
  // Power and energy are known of the undivided board only.
  if (gpu.mig_enabled()) info.shared_with = "all MIG instances of this GPU";
  return info;
}

// What answered at discovery, before it is known which of them counts.
class Candidates {
 public:
  explicit Candidates(std::shared_ptr<NvmlGpu> gpu) : gpu_(std::move(gpu)) {}

  // Takes the first way that answers.
  void add_first_of(const Ways& ways) {
    for (const Way& way : ways) {
      const NvmlAnswer answer = gpu_->ask(way.reader);
      if (const auto* status = std::get_if<NvmlReturn>(&answer)) {
        reasons_.push_back(fmt::format("{}: {}", way.source, gpu_->library().explain(*status)));
        forbidden_ = forbidden_ || *status == NvmlReturn::no_permission;
        continue;
      }
      add(way, std::get<double>(answer));
      return;
    }
  }

  // Memory tells its power on few boards, and 0 W on others that can't.
  void add_memory() {
    for (const Way& way : ways_of_memory()) {
      const NvmlAnswer answer = gpu_->ask(way.reader);
      const auto* milliwatts = std::get_if<double>(&answer);
      if (milliwatts == nullptr || *milliwatts <= 0.0) continue;
      infos_.push_back(info_of(*gpu_, way));
      infos_.back().why_not_in_total = "lies inside the gpu";
      readers_.push_back(way.reader);
      return;
    }
  }

  bool has_gauge_of_gpu() const {
    return std::ranges::any_of(infos_, [](const SensorInfo& info) {
      return info.kind == SensorKind::power_gauge && info.domain == Domain::gpu;
    });
  }

  NvmlSensors settled() && {
    NvmlSensors found{
        .reasons = std::move(reasons_), .forbidden = forbidden_, .has_total = best_.has_value()};
    // What is all that answers counts, the CPU in it too; discovery settles what lies inside.
    if (!best_ && !infos_.empty() && infos_[0].domain == Domain::module) best_ = 0;
    for (std::size_t i = 0; i < infos_.size(); ++i) {
      SensorInfo& info = infos_[i];
      info.in_total = i == best_;
      if (!info.in_total && info.why_not_in_total.empty()) {
        info.why_not_in_total = "another sensor of this gpu is";
      }
      found.sensors.push_back(
          std::make_unique<NvmlSensor>(gpu_, std::move(info), std::move(readers_[i])));
    }
    return found;
  }

 private:
  void add(const Way& way, double count) {
    infos_.push_back(info_of(*gpu_, way));
    readers_.push_back(way.reader);
    // A module's power is that of the CPU too, which has its own place in the total.
    if (way.domain != Domain::gpu || (best_ && !best_is_silent_)) return;
    best_ = infos_.size() - 1;
    best_is_silent_ = way.quantity == NvmlQuantity::energy && count == 0.0;
  }

  std::shared_ptr<NvmlGpu> gpu_;
  std::vector<SensorInfo> infos_;
  std::vector<Reader> readers_;
  std::vector<std::string> reasons_;
  bool forbidden_ = false;
  // A counter that stands at zero, on a driver that has drawn power since it was loaded, counts
  // nothing: it may stay in view but must not be the total while a gauge answers.
  std::optional<std::size_t> best_;
  bool best_is_silent_ = false;
};

}  // namespace

NvmlSensors find_nvml_sensors(const std::shared_ptr<NvmlGpu>& gpu) {
  Candidates found(gpu);
  found.add_first_of({of_counter(), of_field(NvmlQuantity::energy, "energy",
                                             nvml_field_total_energy, nvml_scope_gpu)});
  for (const Ways& ways : ways_of_gauges()) found.add_first_of(ways);
  // Both of them: where the samples stay away, the other stands in.
  if (!found.has_gauge_of_gpu()) {
    for (const Ways& ways : ways_of_last_resort()) found.add_first_of(ways);
  }
  found.add_memory();
  return std::move(found).settled();
}

}  // namespace wattfor
