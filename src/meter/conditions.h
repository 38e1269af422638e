#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "measurement/energy.h"
#include "sensor/sensor.h"

namespace wattfor {

// A device's state over a stretch of time, summed up as its readings come. Means are weighted by
// time; what a driver reports tells of the time that led to it, so a reading counts for the time
// since the one before.
class ConditionsSum {
 public:
  explicit ConditionsSum(Instant from) : until_(from) {}

  // What the driver's counters had come to before the stretch began.
  void begin_with(const DeviceState& state) { throttled_then_ = state.throttled; }
  // `time` in order.
  void add(Instant time, const DeviceState& state);
  // Whether a reading tells of the time up to `time`.
  bool reached(Instant time) const { return any_ && until_ >= time; }
  // Nothing where no reading told anything.
  std::optional<DeviceConditions> conditions(const std::string& device) const;

 private:
  struct Mean {
    double sum = 0.0;
    double weight = 0.0;
    void add(const std::optional<double>& value, double by);
    std::optional<double> value() const;
  };

  Instant until_;
  bool any_ = false;
  Mean utilisation_;
  Mean clock_;
  std::optional<double> clock_minimum_;
  std::optional<double> memory_;
  std::optional<double> temperature_;
  std::optional<Watts> power_limit_;
  std::set<std::string> throttle_reasons_;
  std::map<std::string, Seconds> throttled_;       // in the window
  std::map<std::string, Seconds> throttled_then_;  // as the driver's counters stood last
};

struct TimedState {
  Instant time;
  DeviceState state;
};

// `sum` continued over the readings of [from, to], the first one after `to` among them where none
// has reached it; where there is no reading at all, the latest one before.
ConditionsSum over_window(ConditionsSum sum, const std::deque<TimedState>& recent, Instant from,
                          Instant to);

}  // namespace wattfor
