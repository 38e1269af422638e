#pragma once

#include <string>
#include <variant>

#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// Power above which a reading of this sensor is a fault: 1.2 × its limit, because drivers let power
// overshoot the enforced limit for moments. Of a sensor without a limit: 10 kW, several times what
// any single package or board draws today, and of a whole machine 200 kW, more than a rack of 72
// GPUs takes: only a broken reading lies above it.
Watts implausible_power(const SensorInfo& sensor);

// How long ago a counter was read before.
struct CounterAge {
  Seconds since_change;   // since the value `before` was first seen
  Seconds since_reading;  // since the last good reading, which may have been `before` again
};

struct CounterFault {
  std::string reason;
};

// Energy between two readings of a counter that starts again at zero after `counter_range`. Right
// for at most one such wrap. A fault, never a guess, where
//  - so long nothing was read that it may have wrapped more than once at `power_limit` (1 kW where
//    unknown),
//  - it went backwards and has no range (a driver that was loaded again counts from zero), or
//  - the energy would take more than implausible_power().
std::variant<Joules, CounterFault> energy_between(const SensorInfo& sensor, Joules before,
                                                  Joules after, CounterAge age);

}  // namespace wattfor
