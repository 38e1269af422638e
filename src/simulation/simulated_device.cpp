#include "simulation/simulated_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "response/profile.h"

namespace wattfor {
namespace {

class SharedLoad final : public SimulatedLoad {
 public:
  SharedLoad(const Load& load, std::uint64_t seed, std::shared_ptr<const Clock> clock)
      : clock_(std::move(clock)), origin_(clock_->now()), load_(load, seed) {}

  void begin_work(Instant time, double share) override {
    const std::lock_guard lock(mutex_);
    load_.begin_work(time - origin_, share);
  }
  void end_work(Instant time) override {
    const std::lock_guard lock(mutex_);
    load_.end_work(time - origin_);
  }
  Joules energy(Instant from, Instant to) override {
    const std::lock_guard lock(mutex_);
    load_.advance(to - origin_);
    return load_.course().energy(from - origin_, to - origin_);
  }

  // Since the course began.
  Seconds now() const { return clock_->now() - origin_; }
  // One more sensor that sees the load, and its number.
  std::size_t add(SensorStream stream) {
    const std::lock_guard lock(mutex_);
    watched_.push_back({std::move(stream), std::nullopt});
    return watched_.size() - 1;
  }

  // What that sensor published last, up to `now`. All others publish too, so that none needs a past
  // that the rest could forget.
  std::optional<Publication> latest(std::size_t sensor, Seconds now) {
    const std::lock_guard lock(mutex_);
    load_.advance(now);
    Seconds seen = now;
    for (auto& [stream, latest] : watched_) {
      while (const auto next = stream.next(load_.course(), now)) latest = next;
      seen = std::min(seen, stream.sees_from());
    }
    load_.forget_before(seen);
    return watched_[sensor].latest;
  }

 private:
  std::shared_ptr<const Clock> clock_;
  Instant origin_;
  std::mutex mutex_;
  LiveLoad load_;
  struct Watched {
    SensorStream stream;
    std::optional<Publication> latest;
  };
  std::vector<Watched> watched_;
};

class SimulatedSensor final : public Sensor {
 public:
  SimulatedSensor(SensorInfo info, const SimulatedSensorSpec& spec, std::uint64_t seed,
                  std::shared_ptr<SharedLoad> load)
      : Sensor(std::move(info)),
        random_(seed),
        faults_(spec.read_faults),
        load_(std::move(load)),
        number_(load_->add(SensorStream(spec.model, random_.seed(), Seconds(0.0)))) {}

  Reading read() override {
    const Seconds now = load_->now();
    const auto latest = load_->latest(number_, now);
    for (const ReadFault& fault : faults_) {
      const bool during = now >= fault.from && now < fault.from + fault.duration;
      if (during && random_.uniform() < fault.probability) {
        return ReadFailure{fault.kind, fmt::format("{}: a simulated failure", info().id)};
      }
    }
    if (!latest) return ReadFailure{FailureKind::try_again, info().id + ": no update yet"};
    if (info().kind == SensorKind::energy_counter) return Joules(latest->value);
    return Watts(latest->value);
  }

 private:
  Random random_;
  std::vector<ReadFault> faults_;
  std::shared_ptr<SharedLoad> load_;
  std::size_t number_;
};

// When and over what time it reads is known; how far its board is off is not, as of a real one.
SensorProfile as_described(const SensorInfo& info, const SensorModel& model) {
  SensorProfile profile{.device = info.id,
                        .driver = "",
                        .field = info.source,
                        .origin = "as described",
                        .kind = model.kernel.kind,
                        .update_period = Uncertain<Seconds>{.value = model.update_period},
                        .delay = Uncertain<Seconds>{.value = model.kernel.delay}};
  if (model.kernel.kind == ResponseKind::boxcar) {
    profile.window = Uncertain<Seconds>{.value = model.kernel.window};
  } else if (model.kernel.kind == ResponseKind::exponential) {
    profile.time_constant = Uncertain<Seconds>{.value = model.kernel.time_constant};
  }
  return profile;
}

SensorInfo info_of(const SimulationSpec& spec, const SimulatedSensorSpec& sensor, bool first) {
  const SensorModel& model = sensor.model;
  const bool counts = model.kernel.kind == ResponseKind::counter;
  SensorInfo info{.id = "simulated:" + sensor.id,
                  .kind = counts ? SensorKind::energy_counter : SensorKind::power_gauge,
                  .domain = Domain::gpu,
                  .unit = counts ? "J" : "W",
                  .source = "simulation",
                  .label = sensor.id,
                  .counter_range = model.counter_range,
                  .counts_from_opening = counts,
                  .update_period = model.update_period,
                  .averaging_window = std::nullopt,
                  .power_limit = spec.power_limit,
                  .gain_uncertainty = prior_gain_uncertainty,
                  .offset_uncertainty = prior_offset_uncertainty,
                  .in_total = first,
                  .why_not_in_total = first ? "" : "another sensor of the simulated device",
                  .simulated = true,
                  .assumption = ""};
  if (model.kernel.kind == ResponseKind::boxcar) info.averaging_window = model.kernel.window;
  info.calibration = as_described(info, model);
  return info;
}

}  // namespace

Simulation simulate(const SimulationSpec& spec, std::shared_ptr<const Clock> clock) {
  Random random(spec.seed);
  auto load = std::make_shared<SharedLoad>(spec.load, random.seed(), std::move(clock));
  std::vector<std::unique_ptr<Sensor>> sensors;
  for (SimulatedSensorSpec sensor : spec.sensors) {
    const double phase = random.uniform();
    if (sensor.random_phase) sensor.model.phase = phase * sensor.model.update_period;
    sensors.push_back(std::make_unique<SimulatedSensor>(info_of(spec, sensor, sensors.empty()),
                                                        sensor, random.seed(), load));
  }
  return {
      .device = std::make_unique<SensorGroup>(
          spec.device, std::move(sensors), std::vector<std::string>{spec.device + " (simulated)"}),
      .load = std::move(load)};
}

}  // namespace wattfor
