#include "meter/unwrap.h"

#include <fmt/format.h>

#include <algorithm>

namespace wattfor {
namespace {

constexpr double overshoot = 1.2;
constexpr Watts impossible_part{10'000.0};
constexpr Watts impossible_machine{200'000.0};
constexpr Watts usual_limit{1'000.0};

// A counter that is written now and then may jump by two updates between two readings that lie one
// update apart. What drivers say of their period is not exact: boards take up to 0.1 s.
constexpr Seconds least_slack{0.1};

}  // namespace

Watts implausible_power(const SensorInfo& sensor) {
  if (sensor.power_limit) return overshoot * *sensor.power_limit;
  return sensor.domain == Domain::wall ? impossible_machine : impossible_part;
}

std::variant<Joules, CounterFault> energy_between(const SensorInfo& sensor, Joules before,
                                                  Joules after, CounterAge age) {
  if (sensor.counter_range) {
    const Watts power = sensor.power_limit.value_or(usual_limit);
    if (power * age.since_reading >= *sensor.counter_range) {
      return CounterFault{
          fmt::format("{}: not read for {:.1f} s, in which it may have wrapped more than once",
                      sensor.id, age.since_reading.count())};
    }
  }
  Joules energy = after - before;
  if (energy < Joules(0.0)) {
    if (!sensor.counter_range) {
      return CounterFault{fmt::format("{}: the counter went back from {} J to {} J", sensor.id,
                                      before.value(), after.value())};
    }
    energy += *sensor.counter_range;
  }
  const Seconds slack = std::max(2.0 * update_period_of(sensor), least_slack);
  const Joules plausible = implausible_power(sensor) * (age.since_change + slack);
  if (energy < Joules(0.0) || energy > plausible) {
    return CounterFault{fmt::format(
        "{}: the counter went from {} J to {} J in {:.3f} s, which would take more than {:.0f} W",
        sensor.id, before.value(), after.value(), age.since_change.count(),
        implausible_power(sensor).value())};
  }
  return energy;
}

}  // namespace wattfor
