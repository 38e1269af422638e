#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

// A device whose sensors answer what the test says. A sensor is a description and a script; the
// script is asked with the clock's time, so that a test which advances a ManualClock knows every
// reading.
//
//   ManualClock clock;
//   PowerTrace load(clock, Watts(10));
//   auto device = std::make_unique<FakeDevice>("fake", clock);
//   device->add(counter_info("fake:package-0", Domain::cpu_package), load.counter());
//   load.set(Watts(50));
//   clock.advance(std::chrono::seconds(2));  // the counter is 100 J further
namespace wattfor::test {

// What a sensor reads at a moment.
using Script = std::function<Reading(Instant)>;

inline SensorInfo counter_info(std::string id, Domain domain, int domain_index = 0) {
  SensorInfo info;
  info.id = std::move(id);
  info.kind = SensorKind::energy_counter;
  info.domain = domain;
  info.domain_index = domain_index;
  info.unit = "J";
  info.source = "a test";
  info.update_period = Seconds(0.0);  // it is always up to date
  return info;
}

inline SensorInfo gauge_info(std::string id, Domain domain, int domain_index = 0) {
  SensorInfo info = counter_info(std::move(id), domain, domain_index);
  info.kind = SensorKind::power_gauge;
  info.unit = "W";
  return info;
}

class FakeSensor final : public Sensor {
 public:
  FakeSensor(SensorInfo info, const Clock& clock, Script script)
      : Sensor(std::move(info)), clock_(clock), script_(std::move(script)) {}

  Reading read() override {
    ++reads_;
    return script_(clock_.now());
  }

  // How often it was read.
  int reads() const { return reads_; }

 private:
  const Clock& clock_;
  Script script_;
  std::atomic<int> reads_ = 0;
};

class FakeDevice final : public Device {
 public:
  FakeDevice(std::string name, const Clock& clock) : name_(std::move(name)), clock_(clock) {}

  // The sensor belongs to the device; the reference lives as long as it.
  FakeSensor& add(SensorInfo info, Script script) {
    auto sensor = std::make_unique<FakeSensor>(std::move(info), clock_, std::move(script));
    FakeSensor& added = *sensor;
    sensors_.push_back(std::move(sensor));
    return added;
  }
  void script_state(std::function<DeviceState(Instant)> script) { state_ = std::move(script); }
  void describe(std::vector<std::string> details) { details_ = std::move(details); }

  std::string name() const override { return name_; }
  const std::vector<std::unique_ptr<Sensor>>& sensors() const override { return sensors_; }
  DeviceState state() override { return state_ ? state_(clock_.now()) : DeviceState{}; }
  std::vector<std::string> details() const override { return details_; }

 private:
  std::string name_;
  const Clock& clock_;
  std::vector<std::unique_ptr<Sensor>> sensors_;
  std::function<DeviceState(Instant)> state_;
  std::vector<std::string> details_;
};

// Piecewise constant power, changed by the test as its clock goes on, and the exact energy of it.
// Must outlive the scripts it gives.
class PowerTrace {
 public:
  PowerTrace(const Clock& clock, Watts power)
      : clock_(clock), steps_{{clock.now(), Joules(0.0), power}} {}

  // From now on.
  void set(Watts power) {
    const Instant now = clock_.now();
    steps_.push_back({now, energy_at(now), power});
  }

  Watts power_at(Instant time) const { return step_at(time).power; }
  // Since the trace was made.
  Joules energy_at(Instant time) const {
    const Step& step = step_at(time);
    return step.energy + step.power * Seconds(time - step.from);
  }

  // A counter that starts at `start` and is always up to date.
  Script counter(Joules start = Joules(0.0)) const {
    return [this, start](Instant time) -> Reading { return start + energy_at(time); };
  }
  // A gauge of the power now.
  Script gauge() const {
    return [this](Instant time) -> Reading { return power_at(time); };
  }

 private:
  struct Step {
    Instant from;
    Joules energy;  // up to `from`
    Watts power;
  };

  const Step& step_at(Instant time) const {
    const auto after = std::upper_bound(steps_.begin(), steps_.end(), time,
                                        [](Instant t, const Step& step) { return t < step.from; });
    return after == steps_.begin() ? steps_.front() : *std::prev(after);
  }

  const Clock& clock_;
  std::vector<Step> steps_;
};

// `script` as a source that publishes a value only every `period`, counted from `phase`, and holds
// it.
inline Script updated_every(std::chrono::nanoseconds period, Script script, Instant phase = {}) {
  return [period, script = std::move(script), phase](Instant time) {
    return script(phase + (time - phase) / period * period);
  };
}

// `script` as a counter that starts again at zero after `range`.
inline Script wrapping_after(Joules range, Script script) {
  return [range, script = std::move(script)](Instant time) -> Reading {
    const Reading reading = script(time);
    const auto* energy = std::get_if<Joules>(&reading);
    return energy == nullptr ? reading : Joules(std::fmod(energy->value(), range.value()));
  };
}

// `script`, but a failure from `from` until `until`.
inline Script failing_between(Instant from, Instant until, ReadFailure failure, Script script) {
  return [from, until, failure = std::move(failure),
          script = std::move(script)](Instant time) -> Reading {
    if (time >= from && time < until) return failure;
    return script(time);
  };
}

// One reading after another, the last one again and again.
inline Script in_turn(std::vector<Reading> readings) {
  auto next = std::make_shared<std::size_t>(0);
  return [readings = std::move(readings), next](Instant) -> Reading {
    const Reading& reading = readings.at(*next);
    if (*next + 1 < readings.size()) ++*next;
    return reading;
  };
}

// A device of one sensor.
inline std::unique_ptr<FakeDevice> device_of(const Clock& clock, SensorInfo info, Script script) {
  auto device = std::make_unique<FakeDevice>("fake", clock);
  device->add(std::move(info), std::move(script));
  return device;
}

// The list that a Meter takes, of one device or several.
template <class... Devices>
std::vector<std::unique_ptr<Device>> devices_of(std::unique_ptr<Devices>... devices) {
  std::vector<std::unique_ptr<Device>> list;
  (list.push_back(std::move(devices)), ...);
  return list;
}

}  // namespace wattfor::test
