#pragma once

#include <memory>

#include "base/clock.h"
#include "sensor/sensor.h"
#include "simulation/simulation_spec.h"

namespace wattfor {

// What a simulated device draws, as marks begin and end its work; shared by its sensors, which are
// read by other threads.
class SimulatedLoad {
 public:
  virtual ~SimulatedLoad() = default;
  // At `share` of the way from idle to its work's power.
  virtual void begin_work(Instant time, double share) = 0;
  void begin_work(Instant time) { begin_work(time, 1.0); }
  virtual void end_work(Instant time) = 0;
  // What truly flowed, up to the present. Exact between moments at which work begins or ends, the
  // beginning of all, and moments of the last seconds; of a moment that lies long back within a
  // work, a mean takes the place of its power.
  virtual Joules energy(Instant from, Instant to) = 0;
};

struct Simulation {
  std::unique_ptr<Device> device;
  std::shared_ptr<SimulatedLoad> load;
};

// A device that stands behind a meter as a real one does; the first sensor is in the total, and its
// figures have the basis `simulated`. Its course begins at the clock's now.
Simulation simulate(const SimulationSpec& spec, std::shared_ptr<const Clock> clock);

}  // namespace wattfor
