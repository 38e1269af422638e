#include "meter/unwrap.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sensor/sensor.h"

namespace wattfor::unwrap_test {
namespace {

SensorInfo counter(std::optional<Joules> range, std::optional<Watts> limit) {
  SensorInfo info;
  info.id = "rapl:package-0";
  info.kind = SensorKind::energy_counter;
  info.counter_range = range;
  info.power_limit = limit;
  info.update_period = Seconds(0.001);
  return info;
}

TEST(UnwrapTest, FollowsTheTable) {
  const std::optional<Joules> none;
  const std::optional<Joules> rapl = Joules(262'144);
  const std::optional<Watts> unknown;
  struct Case {
    std::string what;
    std::optional<Joules> range;
    std::optional<Watts> limit;
    double before;
    double after;
    double seconds;
    std::optional<double> energy;  // absent: a fault
  };
  const std::vector<Case> cases = {
      {"plain", none, unknown, 100.0, 150.0, 1.0, 50.0},
      {"wrapped once", rapl, unknown, 262'100.0, 6.0, 1.0, 50.0},
      {"went back without a range", none, unknown, 100.0, 99.0, 1.0, std::nullopt},
      {"reset to a small value", none, unknown, 5e6, 0.5, 1.0, std::nullopt},
      {"reset of a counter with a range", rapl, unknown, 150'000.0, 0.5, 1.0, std::nullopt},
      {"at the limit", none, Watts(300), 0.0, 300.0, 1.0, 300.0},
      {"overshoot of a fifth", none, Watts(300), 0.0, 360.0, 1.0, 360.0},
      {"half as much again", none, Watts(300), 0.0, 450.0, 1.0, std::nullopt},
      {"two updates within one interval", none, Watts(300), 0.0, 60.0, 0.1, 60.0},
      {"more than 10 kW without a limit", none, unknown, 0.0, 20'000.0, 1.0, std::nullopt},
      {"2^64 mJ after a driver reload", none, Watts(700), 5e6, 1.8e16, 1.0, std::nullopt},
      {"may have wrapped twice at 350 W", Joules(66'000), Watts(350), 10.0, 20.0, 190.0,
       std::nullopt},
      {"can't have wrapped twice at 350 W", Joules(66'000), Watts(350), 10.0, 20.0, 180.0, 10.0},
      {"may have wrapped twice at 1 kW", Joules(66'000), unknown, 10.0, 20.0, 66.0, std::nullopt},
  };
  for (const Case& c : cases) {
    const Seconds age(c.seconds);
    const auto result = energy_between(counter(c.range, c.limit), Joules(c.before), Joules(c.after),
                                       {.since_change = age, .since_reading = age});
    const auto* energy = std::get_if<Joules>(&result);
    ASSERT_EQ(energy != nullptr, c.energy.has_value()) << c.what;
    if (energy == nullptr) continue;
    EXPECT_NEAR(energy->value(), *c.energy, 1e-6) << c.what;
  }
}

TEST(UnwrapTest, ReadingsBetweenTellThatNothingWrapped) {
  // 200 s without a change, but the counter was read a second ago and stood still.
  const auto result =
      energy_between(counter(Joules(66'000), Watts(350)), Joules(10), Joules(12),
                     {.since_change = Seconds(200.0), .since_reading = Seconds(1.0)});
  ASSERT_TRUE(std::holds_alternative<Joules>(result));
  EXPECT_DOUBLE_EQ(std::get<Joules>(result).value(), 2.0);
}

TEST(UnwrapTest, AWholeMachineMayTakeMoreThanAnyPartOfIt) {
  SensorInfo wall = counter(std::nullopt, std::nullopt);
  EXPECT_EQ(implausible_power(wall), Watts(10'000));
  wall.domain = Domain::wall;
  EXPECT_EQ(implausible_power(wall), Watts(200'000));  // a rack of 72 GPUs takes some 130 kW
}

TEST(UnwrapTest, AFaultNamesTheSensorAndTheValues) {
  const auto result = energy_between(counter(std::nullopt, std::nullopt), Joules(100), Joules(3),
                                     {.since_change = Seconds(1.0), .since_reading = Seconds(1.0)});
  ASSERT_TRUE(std::holds_alternative<CounterFault>(result));
  EXPECT_EQ(std::get<CounterFault>(result).reason,
            "rapl:package-0: the counter went back from 100 J to 3 J");
}

}  // namespace
}  // namespace wattfor::unwrap_test
