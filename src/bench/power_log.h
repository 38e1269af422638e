#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "bench/worker.h"
#include "measurement/energy.h"
#include "meter/meter.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// One sensor's log as the inference study reads it: reduced to its changed readings, each of which
// is held backwards to the one before (a reading tells of the time that led to it), and cut at the
// edges asked for. Held backwards, the energy up to a reading is exact and grows linearly between
// readings, so cutting is interpolating that.
//
// Of an energy counter the log is its differences: between two changes it stands for their mean
// power.
class PowerLog {
 public:
  explicit PowerLog(const SensorInfo& info) : info_(info) {}

  // In the order of time. A failed reading adds nothing: what follows is held back over it.
  void add(Instant time, const Reading& reading);

  // Nothing where the log does not reach from `begin` to `end`. Behind its last change a gauge goes
  // on with that reading for as long as it was read again.
  std::optional<Joules> energy_between(Instant begin, Instant end) const;

 private:
  struct Point {
    Instant time;
    Joules energy;  // since the first point
  };
  std::optional<Joules> energy_at(Instant time) const;

  SensorInfo info_;
  std::vector<Point> points_;
  std::optional<Reading> last_;
  Instant last_seen_;
};

// The logs of every sensor that `scope` sums, filled by a meter's sampling threads.
class PowerLogs {
 public:
  explicit PowerLogs(Scope scope) : scope_(scope) {}

  void add(const Sample& sample);
  void clear();
  // Summed over the sensors; nothing where one of them does not know.
  std::optional<Joules> energy_between(Instant begin, Instant end) const;

 private:
  Scope scope_;
  mutable std::mutex mutex_;
  std::map<const SensorInfo*, PowerLog> logs_;
};

}  // namespace wattfor
