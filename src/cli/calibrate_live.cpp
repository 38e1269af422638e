#include "cli/calibrate_live.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "calibration/cpu_load.h"
#include "calibration/cuda_load.h"
#include "calibration/load_ladder.h"
#include "calibration/phase_recording.h"
#include "calibration/step_recording.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/simulated_work.h"
#include "cli/terminal.h"
#include "meter/machine.h"
#include "response/attention_test.h"
#include "response/identify_attention.h"
#include "response/identify_counter.h"
#include "sensor/discovery.h"

namespace wattfor::cli {
namespace {

// A simulated device works while a calibration's load is on.
class SimulatedSteps final : public CalibrationLoad {
 public:
  SimulatedSteps(std::shared_ptr<SimulatedLoad> load, double share)
      : load_(std::move(load)), share_(share) {}
  std::string description() const override { return "the simulated device's own load"; }
  void switch_on() override { load_->begin_work(clock_.now(), share_); }
  void switch_off() override { load_->end_work(clock_.now()); }

 private:
  std::shared_ptr<SimulatedLoad> load_;
  double share_;
  SystemClock clock_;
};

using Sensors = std::vector<Sensor*>;

Sensors readable(const MeteredDevices& metered) {
  Sensors all;
  for (const auto& device : metered.found.devices) {
    for (const auto& sensor : device->sensors()) {
      if (sensor->info().assumption.empty()) all.push_back(sensor.get());
    }
  }
  return all;
}

// The one that an option names.
Sensor& named(const Sensors& all, std::string_view option, const std::string& id) {
  std::vector<std::string_view> ids;
  for (Sensor* each : all) {
    if (each->info().id == id) return *each;
    ids.push_back(each->info().id);
  }
  throw Error(ErrorCode::usage, fmt::format("{}: no sensor '{}' can be read here; there are: {}",
                                            option, id, fmt::join(ids, ", ")));
}

// The one of that id, or the first gauge: a counter needs no response, only its period.
Sensor& choose(const Sensors& all, const std::optional<std::string>& id) {
  if (all.empty()) {
    throw Error(
        ErrorCode::unsupported,
        "calibrate: there is no power sensor to calibrate here; `wattfor sensors` says why, "
        "and --log FILE takes a recording from elsewhere");
  }
  if (id) return named(all, "--sensor", *id);
  for (Sensor* each : all) {
    if (each->info().kind == SensorKind::power_gauge) return *each;
  }
  return *all.front();
}

Sensor* choose_reference(const Sensors& all, const std::optional<std::string>& id,
                         const Sensor& sensor) {
  if (!id) return nullptr;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(*id, ignored)) {
    throw Error(ErrorCode::usage,
                fmt::format("--reference {}: a file of a meter's readings goes with --log FILE; "
                            "beside a load of wattfor's it takes a sensor's id",
                            *id));
  }
  Sensor* reference = &named(all, "--reference", *id);
  if (reference == &sensor) {
    throw Error(ErrorCode::usage,
                fmt::format("--reference {}: it is the sensor that is calibrated", *id));
  }
  return reference;
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
  if (metered.load) return std::make_unique<SimulatedSteps>(metered.load, share);
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

// Says what is done and for how long, shows the progress, and ends the process where a signal asks
// for it: `record` returns nothing then, and leaves the load off.
template <class Record>
auto recorded(SignalQueue& signals, const std::string& what, Seconds duration,
              const Record& record) {
  const SystemClock clock;
  std::optional<int> stopped_by;
  say(fmt::format("{}: {:.0f} s\n", what, duration.count()));
  auto recording = [&] {
    ProgressBar bar(clock);
    return record(
        RecordingHost{.clock = clock,
                      .wait_until = [](Instant time) { std::this_thread::sleep_until(time); },
                      .go_on =
                          [&](double share) {
                            bar.show(share, what);
                            while (const auto signal = signals.wait(std::chrono::milliseconds(0))) {
                              if (signal->number != SIGCHLD) stopped_by = signal->number;
                            }
                            return !stopped_by;
                          }});
  }();
  if (stopped_by) die_by(*stopped_by);
  return *std::move(recording);
}

Identification identified(const StepRecording& recording, const SensorInfo& info) {
  const auto reads = recording.polls.size() + static_cast<std::size_t>(recording.failures);
  if (2 * recording.polls.size() < reads) {
    throw Error(ErrorCode::io, fmt::format("{}: {} of {} reads failed, the last: {}", info.id,
                                           recording.failures, reads, recording.failure));
  }
  Identification found = info.kind == SensorKind::energy_counter
                             ? identify_counter(recording.polls, recording.load())
                             : identify_from_load(recording.polls, recording.load());
  if (found.kind == ResponseKind::counter && info.kind == SensorKind::power_gauge) {
    found.kind = std::nullopt;
    found.notes.push_back(fmt::format(
        "kind: {} calls itself a power gauge, and its readings only rise as a counter's", info.id));
  }
  if (recording.failures > 0) {
    found.notes.push_back(fmt::format("{} of {} reads failed, the last: {}", recording.failures,
                                      reads, recording.failure));
  }
  return found;
}

Seconds reach_of(const SensorProfile& profile) {
  return std::max(Seconds(0.0), wattfor::reach_of(profile.kernel()));
}

// How the load keeps step with the sensor's updates; nothing where that can't be, or its window is
// known to be longer than a period, so that it looks all the time.
std::optional<PhasePlan> phase_plan(Identification& found) {
  constexpr Seconds shortest{0.010};  // of which the load's switches are a hundredth
  constexpr Seconds longest{1.0};     // three minutes of a load
  constexpr Seconds unknown_reach{1.5};
  const SensorProfile& profile = found.profile;
  if (profile.attention == Uncertain<double>{1.0, 0.0}) return std::nullopt;
  if (!profile.update_period) {
    if (found.kind) {
      found.notes.emplace_back(
          "attention: no load keeps step with updates whose period is not known");
    }
    return std::nullopt;
  }
  const Seconds period = profile.update_period->value;
  if (period < shortest || period > longest) {
    found.notes.push_back(
        fmt::format("attention: a load keeps step with updates {:g} to {:g} ms apart only",
                    1e3 * shortest.count(), 1e3 * longest.count()));
    return std::nullopt;
  }
  return PhasePlan{.period = period,
                   .settling = period + (found.kind ? reach_of(profile) : unknown_reach)};
}

// Long enough for what either sensor shows to settle, and for ten updates of the slower one.
LadderPlan ladder_plan(const SensorProfile& found, const SensorInfo& reference) {
  constexpr Seconds load_settles{0.5};
  constexpr double updates = 10.0;
  constexpr Seconds shortest{1.0};
  constexpr Seconds longest{30.0};  // a GPU's load ends by itself after a minute
  constexpr double polls_an_update = 20.0;
  const Seconds reference_period = update_period_of(reference);
  const Seconds slower =
      std::max(found.update_period ? found.update_period->value : Seconds(0.0), reference_period);
  LadderPlan plan;
  plan.settling = std::min(longest, load_settles + 2.0 * slower +
                                        std::max(reach_of(found), reach_of(profile_of(reference))));
  plan.dwell = std::clamp(updates * slower, shortest, longest);
  plan.poll_reference = std::max(plan.poll, reference_period / polls_an_update);
  return plan;
}

}  // namespace

LiveCalibration calibrate_live(const CalibrateOptions& options) {
  SignalQueue signals;
  const DiscoveryRoots roots = roots_from_environment(meter_specs(options.meters));
  const MeteredDevices metered = devices_of(options.simulate, roots);
  refuse_silent_meters(metered.found.obstacles);
  const Sensors all = readable(metered);
  Sensor& sensor = choose(all, options.sensor);
  const SensorInfo& info = sensor.info();
  Sensor* const reference = choose_reference(all, options.reference, sensor);

  auto load = load_for(info, metered, options.share);
  const StepPlan steps{.steps = options.steps};
  const StepRecording recording =
      recorded(signals, fmt::format("calibrating {} with {}", info.id, load->description()),
               steps.duration(),
               [&](const RecordingHost& host) { return record_steps(sensor, *load, steps, host); });
  LiveCalibration result{.found = identified(recording, info),
                         .simulated = metered.load != nullptr};
  Identification& found = result.found;

  if (const auto plan = phase_plan(found)) {
    const PhaseRecording phases = recorded(
        signals, fmt::format("a load in step with the updates of {}", info.id), plan->duration(),
        [&](const RecordingHost& host) { return record_phases(sensor, *load, *plan, host); });
    if (auto test = attention_test(phases.launches, phases.swing,
                                   found.kind.value_or(ResponseKind::boxcar))) {
      take_attention(*std::move(test), found);
    } else {
      found.notes.emplace_back("attention: too few updates were seen of a load in step with them");
    }
  }
  load.reset();

  const std::string now = utc_now();
  SensorProfile& profile = found.profile;
  if (reference) {
    const LadderPlan plan = ladder_plan(profile, reference->info());
    const auto levels =
        recorded(signals, fmt::format("six levels of the load beside {}", reference->info().id),
                 plan.duration(), [&](const RecordingHost& host) {
                   return record_ladder(
                       sensor, *reference,
                       [&](double share) { return load_for(info, metered, options.share * share); },
                       plan, host);
                 });
    std::erase(found.notes, gain_needs_reference);
    found.notes.push_back(take_gain(levels, reference->info(), info, profile));
    if (profile.gain) profile.gain_origin = fmt::format("against {} {}", reference->info().id, now);
  }
  const bool stored_gain = !result.simulated && info.calibration && info.calibration->gain;
  if (!profile.gain && stored_gain) {
    profile.gain = info.calibration->gain;
    profile.offset = info.calibration->offset;
    profile.gain_origin = info.calibration->gain_origin;
    std::erase(found.notes, gain_needs_reference);
    found.notes.push_back(fmt::format("gain, offset: as stored before ({})", profile.gain_origin));
  }
  profile.device = info.id;
  profile.driver = info.driver;
  profile.field = info.source;
  profile.origin = fmt::format("calibrated {} with {}", now,
                               metered.load ? "a simulated load" : "a load of wattfor's");
  return result;
}

}  // namespace wattfor::cli
