#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "sensor/host.h"
#include "sensor/sensor.h"

namespace wattfor {

// What reading one sensor as fast as it answers showed.
struct SensorProbe {
  Seconds duration{0.0};
  std::int64_t reads = 0;    // that answered
  std::int64_t changes = 0;  // readings that differ from the one before
  std::optional<Watts>
      power;            // of a counter between its first and last change; a gauge's last word
  std::string failure;  // the last read that failed; empty where none did
};

struct SensorRow {
  std::string device;
  std::string component;
  SensorInfo info;
  std::optional<SensorProbe> probe;

  // What is known of a simulated sensor was not found by calibrating it.
  bool calibrated() const { return info.calibration && !info.simulated; }
  bool modelled() const { return !info.assumption.empty(); }
  // A counter that was read over more than two of its updates and always said the same: it counts
  // nothing. A gauge may well repeat itself.
  bool stuck() const;
};

// What `wattfor sensors` says: what can be read here, what is modelled instead, what can't be read
// and how to unlock it.
struct SensorsView {
  HostFacts host;
  std::vector<SensorRow> rows;
  std::vector<Obstacle> obstacles;
  std::vector<std::string> warnings = {};  // as discovery's
};

// `found` as devices_to_meter() gives it, the modelled fallback included.
SensorsView sensors_view(const HostFacts& host, const ProbeResult& found);

// Reads a sensor without pause for `duration` of `clock`.
SensorProbe probe_sensor(Sensor& sensor, const Clock& clock, Seconds duration);

// Called after each sensor: how many are done, of how many.
using ProbeProgress = std::function<void(std::size_t done, std::size_t all)>;

// Probes the sensors that `view` was made of, one after another so that none slows another, for
// `each`. Half a second sees five updates of a counter that moves every 100 ms.
void probe_sensors(SensorsView& view, const ProbeResult& found, const Clock& clock,
                   Seconds each = Seconds(0.5), const ProbeProgress& progress = {});

// For a person; lines are at most `width` columns where their words allow it.
std::string sensors_text(const SensorsView& view, int width);

// {"host": {…}, "sensors": [{…}], "obstacles": [{…}], "warnings": ["…"]}; keys carry their unit,
// unknown is null.
nlohmann::json sensors_json(const SensorsView& view);

}  // namespace wattfor
