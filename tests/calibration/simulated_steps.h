#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "calibration/calibration_load.h"
#include "calibration/polling.h"
#include "simulation/simulated_device.h"
#include "simulation/simulation_spec.h"

namespace wattfor::test {

// A simulated device's load, on and off as a calibration's, by a clock held by hand.
class SimulatedSteps final : public CalibrationLoad {
 public:
  SimulatedSteps(SimulatedLoad& load, const Clock& clock, double share = 1.0)
      : load_(load), clock_(clock), share_(share) {}
  std::string description() const override { return "simulated"; }
  void switch_on() override {
    load_.begin_work(clock_.now(), share_);
    on = true;
  }
  void switch_off() override {
    load_.end_work(clock_.now());
    on = false;
  }

  bool on = false;

 private:
  SimulatedLoad& load_;
  const Clock& clock_;
  double share_;
};

// A device, and the world of a recording of it, whose waiting moves the clock. It goes on until
// this share is done.
struct SimulatedRecording {
  explicit SimulatedRecording(const std::string& spec, double until = 2.0)
      : simulation(simulate(simulation_from_json(spec, "spec"), clock)),
        host{.clock = *clock,
             .wait_until =
                 [this](Instant time) {
                   clock->advance(std::max(time - clock->now(), Instant::duration(1000)));
                 },
             .go_on = [until](double share) { return share < until; }} {}

  Sensor& sensor(std::size_t i = 0) const { return *simulation.device->sensors().at(i); }

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  Simulation simulation;
  RecordingHost host;
};

}  // namespace wattfor::test
