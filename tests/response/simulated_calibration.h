#pragma once

#include <cmath>
#include <vector>

#include "response/power_course.h"
#include "simulation/random.h"
#include "simulation/sensor_stream.h"

namespace wattfor {

// How many of so many random rounds are run: a sanitizer makes each some thirty times as long.
constexpr std::size_t rounds_of(std::size_t all) {
#if defined(__SANITIZE_ADDRESS__)
  return (all + 19) / 20;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  return (all + 19) / 20;
#else
  return all;
#endif
#else
  return all;
#endif
}

// What a calibration is made of: a load stepping on and off at moments that are in no step with
// anything, as a program marks it and as it draws power.
struct SteppedLoad {
  PowerCourse marks{Seconds(0.5), Watts(0.0)};
  PowerCourse power{Seconds(0.5), Watts(0.0)};
};

// `rise` draws the power's steps out exponentially, in pieces of 0.5 ms.
inline SteppedLoad stepped_load(int steps, Seconds shortest, Seconds longest, Seconds rise,
                                Random& random) {
  constexpr Watts low{60.0};
  constexpr Watts high{300.0};
  constexpr Seconds piece{0.0005};
  SteppedLoad load{.power = PowerCourse(Seconds(0.5), low)};
  Watts power = low;
  for (int i = 0; i < 2 * steps; ++i) {
    const bool on = i % 2 == 0;
    const Seconds length(random.uniform(shortest.count(), longest.count()));
    load.marks.then(Watts(on ? 1.0 : 0.0), length);
    const Watts towards = on ? high : low;
    Seconds left = length;
    for (Seconds age{0.0}; age < 8.0 * rise; age += piece) {
      const double kept = std::exp(-piece / rise);
      load.power.then(towards + (1.0 - kept) / (piece / rise) * (power - towards), piece);
      power = towards + kept * (power - towards);
      left -= piece;
    }
    load.power.then(towards, left);
    power = towards;
  }
  load.power.finally(low);
  return load;
}

inline std::vector<Update> polls_of(const PowerCourse& power, const SensorModel& sensor,
                                    Seconds interval, Random& random) {
  const Seconds to = power.end() + Seconds(1.0);
  const auto published =
      publications(power, sensor, power.start() - Seconds(0.5) - sensor.update_period, to, random);
  std::vector<Update> polls;
  for (const Publication& seen :
       polled(published, power.start() - Seconds(0.4), to, interval, Seconds(0.0001), random)) {
    polls.push_back({seen.time, Watts(seen.value)});
  }
  return polls;
}

}  // namespace wattfor
