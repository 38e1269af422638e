#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "calibration/calibration_load.h"
#include "response/update_series.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// What a recording needs of the world around it.
struct RecordingHost {
  const Clock& clock;
  std::function<void(Instant)> wait_until;  // a test's moves its clock
  std::function<bool(double)> go_on;        // told the share that is done; false ends it
};

// Seconds since a recording began.
class RecordingTime {
 public:
  explicit RecordingTime(const RecordingHost& host) : host_(host), start_(host.clock.now()) {}
  Seconds now() const { return host_.clock.now() - start_; }
  void wait_until(Seconds time) const { host_.wait_until(start_ + ticks(time)); }

 private:
  const RecordingHost& host_;
  Instant start_;
};

// Reads one sensor again and again and keeps what it says: watts; of a counter joules since the
// first reading, across its restarts.
class Poller {
 public:
  Poller(Sensor& sensor, const RecordingTime& time, Seconds interval)
      : sensor_(sensor), time_(time), interval_(interval) {}

  void poll();
  Seconds next() const { return next_; }  // when it is due again
  const std::vector<Update>& polls() const { return polls_; }
  int failures() const { return failures_; }               // reads that failed, …
  const std::string& failure() const { return failure_; }  // … the last of them

 private:
  double counted(Joules reading);

  Sensor& sensor_;
  const RecordingTime& time_;
  Seconds interval_;
  Seconds next_{0.0};
  std::vector<Update> polls_;
  int failures_ = 0;
  std::string failure_;
  std::optional<double> last_j_;
  double counted_j_ = 0.0;
};

// Each when it is due, until `end`.
void poll_until(std::initializer_list<Poller*> pollers, const RecordingTime& time, Seconds end);

// Switches the load off at its end, however a recording ends.
class SwitchedOff {
 public:
  explicit SwitchedOff(CalibrationLoad& load) : load_(load) {}
  SwitchedOff(const SwitchedOff&) = delete;
  SwitchedOff& operator=(const SwitchedOff&) = delete;
  ~SwitchedOff();

 private:
  CalibrationLoad& load_;
};

}  // namespace wattfor
