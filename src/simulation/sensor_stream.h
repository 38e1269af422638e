#pragma once

#include <optional>
#include <vector>

#include "response/kernel.h"
#include "simulation/power_course.h"
#include "simulation/random.h"
#include "units/quantity.h"

namespace wattfor {

// A sensor that publishes y_k = Q(g·(h_d * p)(t_k) + o) + noise at t_k = phase + k·T + jitter; a
// counter y_k = Q(g·∫p), in J since the course's start.
struct SensorModel {
  Kernel kernel = {};
  Seconds update_period{0.1};
  Seconds phase{0.0};
  Seconds period_jitter{0.0};  // standard deviation, of each update on its own
  double gain = 1.0;
  Watts offset{0.0};
  Watts noise{0.0};      // standard deviation, of each update on its own; none of a counter
  double quantum = 0.0;  // of a reading, in W or J; 0: not rounded
  std::optional<Joules> counter_range = std::nullopt;  // where a counter starts again at zero
};

// One value as it was published: watts, of a counter joules.
struct Publication {
  Seconds time{0.0};
  double value = 0.0;
};

// All that the sensor publishes in [from, to], in order of time, as a driver would without faults.
std::vector<Publication> publications(const PowerCourse& course, const SensorModel& sensor,
                                      Seconds from, Seconds to, Random& random);

// What a program sees that asks for the latest publication every `interval` from `from` to `to`,
// each time up to `lateness` late. Nothing is seen before the first publication.
std::vector<Publication> polled(const std::vector<Publication>& published, Seconds from, Seconds to,
                                Seconds interval, Seconds lateness, Random& random);

}  // namespace wattfor
