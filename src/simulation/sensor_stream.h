#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "measurement/names.h"
#include "response/kernel.h"
#include "response/power_course.h"
#include "simulation/random.h"
#include "units/quantity.h"

namespace wattfor {

// What can be wrong with the updates from `from` on, for `duration`.
enum class StreamFault {
  missed,        // an update does not appear, with `probability`
  duplicated,    // an update says what the one before said, with `probability`
  stuck,         // all say what was said before
  scope_change,  // readings are multiplied by `factor`: something else is in them (a module's
                 // power)
};
template <>
inline constexpr std::array enumerators<StreamFault>{StreamFault::missed, StreamFault::duplicated,
                                                     StreamFault::stuck, StreamFault::scope_change};

std::string_view name_of(StreamFault fault);

struct StreamFaultSpan {
  StreamFault fault = StreamFault::missed;
  Seconds from{0.0};
  Seconds duration{0.0};
  double probability = 1.0;
  double factor = 1.0;
};

// A sensor that publishes y_k = Q(g·(h_d * p)(t_k) + o) + noise at t_k = phase + k·T + jitter; a
// counter y_k = Q(g·∫p), in J since the course's start.
struct SensorModel {
  Kernel kernel = {};
  Seconds update_period{0.1};
  Seconds phase{0.0};
  Seconds period_jitter{0.0};  // standard deviation, of each update on its own
  double clock_skew = 0.0;     // its second is 1 + this of ours
  double gain = 1.0;
  Watts offset{0.0};
  Watts noise{0.0};      // standard deviation, of each update on its own; none of a counter
  double quantum = 0.0;  // of a reading, in W or J; 0: not rounded
  std::optional<Joules> counter_range = std::nullopt;  // where a counter starts again at zero
  std::vector<StreamFaultSpan> faults = {};
};

// One value as it was published: watts, of a counter joules.
struct Publication {
  Seconds time{0.0};
  double value = 0.0;
};

// The publications of one sensor one after another, as the course of power grows.
class SensorStream {
 public:
  // From the first update at or after `from`.
  SensorStream(SensorModel sensor, std::uint64_t seed, Seconds from);

  const SensorModel& model() const { return sensor_; }
  // The next one, where it is due by `now`, up to which the course must have been drawn. Each call
  // with the same course.
  std::optional<Publication> next(const PowerCourse& course, Seconds now);
  // The earliest moment whose power the publications to come depend on, beside what flowed up to
  // then.
  Seconds sees_from() const;

 private:
  double value_at(const PowerCourse& course, Seconds looked);
  Watts filtered(const PowerCourse& course, Seconds looked);
  const StreamFaultSpan* fault_at(Seconds time, StreamFault fault) const;
  Seconds period() const { return (1.0 + sensor_.clock_skew) * sensor_.update_period; }

  SensorModel sensor_;
  Random random_;
  long k_;              // of the next update …
  Seconds time_{0.0};   // … its time
  bool drawn_ = false;  // whether that time has been drawn
  std::optional<double> last_value_;

  // An RC filter's state: what it shows at a time.
  Watts shown_;
  std::optional<Seconds> shown_at_;
};

// All that the sensor publishes in [from, to], in order of time.
std::vector<Publication> publications(const PowerCourse& course, const SensorModel& sensor,
                                      Seconds from, Seconds to, Random& random);

// What a program sees that asks for the latest publication every `interval` from `from` to `to`,
// each time up to `lateness` late. Nothing is seen before the first publication.
std::vector<Publication> polled(const std::vector<Publication>& published, Seconds from, Seconds to,
                                Seconds interval, Seconds lateness, Random& random);

}  // namespace wattfor
