#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sensor/sensor.h"
#include "simulation/load.h"
#include "simulation/sensor_stream.h"

namespace wattfor {

// A read of a simulated sensor that fails, from `from` on for `duration`, with `probability`.
struct ReadFault {
  FailureKind kind = FailureKind::try_again;
  Seconds from{0.0};
  Seconds duration{0.0};
  double probability = 1.0;
};

struct SimulatedSensorSpec {
  std::string id;
  SensorModel model;
  bool random_phase = true;  // where the specification has no phase_s
  std::vector<ReadFault> read_faults;
};

// A simulated device, as `--simulate FILE` describes it.
struct SimulationSpec {
  std::string device = "simulated device";
  std::uint64_t seed = 1;
  std::optional<Watts> power_limit;
  Load load;
  std::vector<SimulatedSensorSpec> sensors;
};

// A board whose gauge looks at 25 of every 100 ms, under a load that keeps step with it: the
// example of docs/simulation.md.
SimulationSpec half_blind_board();

// Reads a specification, a JSON object; docs/simulation.md lists the keys. Throws
// Error{invalid_input} naming `source`, the key and what was expected, also for a key that is none:
// a misspelt one would silently leave its default.
SimulationSpec simulation_from_json(std::string_view text, const std::string& source);

}  // namespace wattfor
