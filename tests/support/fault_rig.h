#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

// What a probe reads, in a test's hands: the truth is written where the probe looks (a kernel file,
// a fake library), and what can go wrong with it is done to it there.
namespace wattfor::test {

// Power that changes from second to second about a mean of 100 W, and its exact energy.
class Truth {
 public:
  explicit Truth(const Clock& clock) : clock_(clock), start_(clock.now()) {}

  Watts power() const { return power_in(whole_seconds()); }
  Joules energy() const {
    Joules sum;
    const long whole = whole_seconds();
    for (long second = 0; second < whole; ++second) sum += power_in(second) * Seconds(1.0);
    return sum + power() * (elapsed() - Seconds(static_cast<double>(whole)));
  }

 private:
  static Watts power_in(long second) {
    constexpr double pattern[] = {100.013, 80.027, 80.441, 120.041, 119.703};
    return Watts(pattern[second % 5]);
  }
  Seconds elapsed() const { return clock_.now() - start_; }
  long whole_seconds() const { return static_cast<long>(elapsed().count() + 1e-9); }

  const Clock& clock_;
  Instant start_;
};

enum class SourceFault {
  none,
  error_code,       // an input/output error of the driver
  garbage,          // an answer that is no number
  empty,            // an answer without anything in it
  permission_lost,  // readable a moment ago
  vanished,         // the device is gone, and comes back
};

// One probe with its source.
class FaultRig {
 public:
  virtual ~FaultRig() = default;

  virtual SensorKind kind() const = 0;
  // The range of its counter, where it wraps.
  virtual std::optional<Joules> counter_range() const { return std::nullopt; }
  // The device as its probe finds it; called once, when the truth has been shown.
  virtual std::unique_ptr<Device> find() = 0;

  // Writes a reading to the source: `energy` where it is a counter, else `power`.
  virtual void show(Joules energy, Watts power) = 0;
  // From now on.
  virtual void put(SourceFault fault) = 0;
  // What the next read does before it answers (blocks while the clock goes on).
  virtual void before_next_read(std::function<void()> action) = 0;
};

struct NamedRig {
  std::string name;
  bool is_counter = false;
  bool wraps = false;
  bool can_be_garbled = true;  // false where any bits are a count
  std::function<std::unique_ptr<FaultRig>()> make;
};

// What a failed test shows of its parameter.
inline void PrintTo(const NamedRig& rig, std::ostream* out) { *out << rig.name; }

}  // namespace wattfor::test
