#include "cli/calibrate_live.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "calibration/cpu_load.h"
#include "calibration/cuda_load.h"
#include "calibration/step_recording.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "sensor/discovery.h"

namespace wattfor::cli {
namespace {

// A simulated device works while a calibration's load is on.
class SimulatedSteps final : public CalibrationLoad {
 public:
  explicit SimulatedSteps(std::shared_ptr<SimulatedLoad> load) : load_(std::move(load)) {}
  std::string description() const override { return "the simulated device's own load"; }
  void switch_on() override { load_->begin_work(clock_.now()); }
  void switch_off() override { load_->end_work(clock_.now()); }

 private:
  std::shared_ptr<SimulatedLoad> load_;
  SystemClock clock_;
};

struct Chosen {
  Device* device = nullptr;
  Sensor* sensor = nullptr;
};

std::vector<Chosen> readable(const MeteredDevices& metered) {
  std::vector<Chosen> all;
  for (const auto& device : metered.found.devices) {
    for (const auto& sensor : device->sensors()) {
      if (sensor->info().assumption.empty()) all.push_back({device.get(), sensor.get()});
    }
  }
  return all;
}

// The one of that id, or the first gauge: a counter needs no response, only its period.
Chosen choose(const MeteredDevices& metered, const std::optional<std::string>& id) {
  const std::vector<Chosen> all = readable(metered);
  if (all.empty()) {
    throw Error(
        ErrorCode::unsupported,
        "calibrate: there is no power sensor to calibrate here; `wattfor sensors` says why, "
        "and --log FILE takes a recording from elsewhere");
  }
  std::vector<std::string_view> ids;
  for (const Chosen& each : all) {
    if (id && each.sensor->info().id == *id) return each;
    ids.push_back(each.sensor->info().id);
  }
  if (id) {
    throw Error(ErrorCode::usage, fmt::format("--sensor: no sensor '{}' can be read here; there "
                                              "are: {}",
                                              *id, fmt::join(ids, ", ")));
  }
  for (const Chosen& each : all) {
    if (each.sensor->info().kind == SensorKind::power_gauge) return each;
  }
  return all.front();
}

// "nvml:GPU-5a0d…:power_instant" is of the GPU of that UUID.
std::optional<std::string> gpu_uuid(std::string_view sensor) {
  const auto begin = sensor.find("GPU-");
  if (!sensor.starts_with("nvml:") || begin == std::string_view::npos) return std::nullopt;
  return std::string(sensor.substr(begin, sensor.find(':', begin) - begin));
}

bool moved_by_processors(Domain domain) {
  switch (domain) {
    case Domain::cpu_package:
    case Domain::cpu_core:
    case Domain::module:
    case Domain::platform:
    case Domain::battery:
    case Domain::wall:
      return true;
    default:
      return false;
  }
}

std::unique_ptr<CalibrationLoad> load_for(const SensorInfo& sensor, const MeteredDevices& metered,
                                          double share) {
  if (metered.load) return std::make_unique<SimulatedSteps>(metered.load);
  if (const auto uuid = gpu_uuid(sensor.id)) return cuda_load(*uuid, share);
  if (moved_by_processors(sensor.domain)) {
    std::vector<int> processors = allowed_processors();
    if (processors.empty()) {
      throw Error(ErrorCode::unsupported,
                  "the processors that this process may run on can't be told");
    }
    const auto busy =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(processors.size())));
    processors.resize(std::clamp<std::size_t>(busy, 1, processors.size()));
    return cpu_load(processors);
  }
  throw Error(ErrorCode::unsupported,
              fmt::format("{}: there is no load of ours for it; record one of yours and use --log",
                          sensor.id));
}

}  // namespace

Identification calibrate_live(const CalibrateOptions& options) {
  SignalQueue signals;
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  const MeteredDevices metered = devices_of(options.simulate, roots);
  const Chosen chosen = choose(metered, options.sensor);
  const SensorInfo& info = chosen.sensor->info();
  const StepPlan plan{.steps = options.steps};

  const SystemClock clock;
  std::optional<int> stopped_by;
  std::optional<StepRecording> recording;
  {
    const auto load = load_for(info, metered, options.share);
    say(fmt::format("calibrating {} with {}: {:.0f} s\n", info.id, load->description(),
                    plan.duration().count()));
    ProgressBar bar(clock);
    recording =
        record_steps(*chosen.sensor, *load, plan,
                     {.clock = clock,
                      .wait_until = [](Instant time) { std::this_thread::sleep_until(time); },
                      .go_on =
                          [&](double share) {
                            bar.show(share, fmt::format("calibrating {}", info.id));
                            while (const auto signal = signals.wait(std::chrono::milliseconds(0))) {
                              if (signal->number != SIGCHLD) stopped_by = signal->number;
                            }
                            return !stopped_by;
                          }});
  }
  if (stopped_by) die_by(*stopped_by);
  const auto reads = recording->polls.size() + static_cast<std::size_t>(recording->failures);
  if (2 * recording->polls.size() < reads) {
    throw Error(ErrorCode::io, fmt::format("{}: {} of {} reads failed, the last: {}", info.id,
                                           recording->failures, reads, recording->failure));
  }
  Identification found = identify_from_load(recording->polls, recording->load());
  if (recording->failures > 0) {
    found.notes.push_back(fmt::format("{} of {} reads failed, the last: {}", recording->failures,
                                      reads, recording->failure));
  }
  found.profile.device = chosen.device->name();
  found.profile.driver = fmt::format("{}", fmt::join(chosen.device->details(), "; "));
  found.profile.field = info.id;
  found.profile.origin = fmt::format("calibrated {} with {}", utc_now(),
                                     metered.load ? "a simulated load" : "a load of wattfor's");
  return found;
}

}  // namespace wattfor::cli
