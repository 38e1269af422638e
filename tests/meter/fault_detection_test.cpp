// Whether a faulty machine is called so: one fault at a time in a simulated one, at random moments
// of its work.

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "support/simulated_machine.h"

namespace wattfor::test::fault_detection_test {
namespace {

// A machine with something wrong, and the window of work over which it is.
struct Trial {
  Watts idle{60.0};
  Watts power{300.0};
  Seconds work{8.0};
  std::vector<MachineSensor> sensors;
  OnTheWay on_the_way = {};  // of the first sensor's readings
};

constexpr Seconds work_begins{2.0};

// What is said of it.
std::vector<std::string> complaints_of(const Trial& trial, Random& random) {
  const Window window{work_begins, work_begins + trial.work};
  PowerCourse course(Seconds(0.0), trial.idle);
  course.then(trial.idle, work_begins);
  course.then(trial.power, trial.work);
  course.finally(trial.idle);
  std::vector<std::unique_ptr<Metered>> sensors;
  for (const MachineSensor& sensor : trial.sensors) {
    const auto& on_the_way = sensors.empty() ? trial.on_the_way : OnTheWay{};
    sensors.push_back(
        std::make_unique<Metered>(sensor, course, window.to + Seconds(3.0), random, on_the_way));
  }
  return complaints(components(sensors, window));
}

// One that sees all the time alike: the others' bounds hold what they may have overlooked.
Kernel attentive_kernel(Random& random) { return one_of(std::span(gauges).subspan(1, 2), random); }

MachineSensor any_gpu_sensor(Random& random) {
  const Board board = random_board(random);
  return random.uniform() < 0.5 ? counter(board, random)
                                : gauge(one_of(gauges, random), board, random);
}

// Updates that say nothing new, for one reason or another.
StreamFaultSpan silence(Seconds from, Seconds duration, Random& random) {
  constexpr std::array faults{StreamFault::missed, StreamFault::duplicated, StreamFault::stuck};
  return {.fault = one_of(faults, random), .from = from, .duration = duration};
}

// From a moment within the work on.
Seconds some_time(const Trial& trial, Random& random) {
  return work_begins + random.uniform(0.1, 0.6) * trial.work;
}

void gauge_repeats_itself(Trial& trial, Random& random) {
  trial.work = Seconds(85.0);
  trial.sensors = {gauge(one_of(gauges, random), random_board(random), random)};
  trial.sensors[0].model.faults = {
      silence(Seconds(random.uniform(3.0, 10.0)), Seconds(random.uniform(65.0, 70.0)), random)};
}

void counter_stands_still(Trial& trial, Random& random) {
  trial.sensors = {counter(random_board(random), random)};
  trial.sensors[0].model.faults = {silence(some_time(trial, random), Seconds(100.0), random)};
}

void counter_begins_anew(Trial& trial, Random& random) {
  const Seconds reset = some_time(trial, random);
  MachineSensor package = rapl("rapl:package-0", Domain::cpu_package, package_share, random);
  package.model.counter_range = package.info.counter_range = Joules(262'144.0);
  trial.sensors = {random.uniform() < 0.5 ? counter(random_board(random), random) : package};
  trial.on_the_way = [reset, last = Joules(0.0)](Seconds time, const Reading& reading) mutable {
    const auto count = std::get<Joules>(reading);
    if (time < reset) last = count;
    return std::optional<Reading>(time < reset ? count : count - last);
  };
}

void reads_fail(Trial& trial, Random& random) {
  constexpr std::array kinds{FailureKind::try_again, FailureKind::gone, FailureKind::broken,
                             FailureKind::forbidden};
  trial.sensors = {any_gpu_sensor(random)};
  const Seconds from = some_time(trial, random);
  const Seconds to = from + Seconds(random.uniform(0.3, 2.0));
  trial.on_the_way = [from, to, kind = one_of(kinds, random)](Seconds time,
                                                              const Reading& reading) {
    const bool fails = time >= from && time < to;
    return std::optional<Reading>(fails ? ReadFailure{kind, "no"} : reading);
  };
}

void reads_of_a_gauge_block(Trial& trial, Random& random) {
  trial.sensors = {gauge(one_of(gauges, random), random_board(random), random)};
  const Seconds from = some_time(trial, random);
  const Seconds to = from + Seconds(random.uniform(0.3, 2.0));
  trial.on_the_way = [from, to](Seconds time, const Reading& reading) {
    return time >= from && time < to ? std::nullopt : std::optional(reading);
  };
}

void readings_are_impossible(Trial& trial, Random& random) {
  trial.sensors = {any_gpu_sensor(random)};
  const Seconds from = some_time(trial, random);
  const std::array powers{random.uniform(1.25, 100.0) * limit.value(), -random.uniform(1.0, 1e3),
                          std::nan(""), HUGE_VAL};
  trial.on_the_way = [from, power = one_of(powers, random), done = false](
                         Seconds time, const Reading& reading) mutable {
    if (done || time < from) return std::optional<Reading>(reading);
    done = true;
    if (std::holds_alternative<Watts>(reading)) return std::optional<Reading>(Watts(power));
    return std::optional<Reading>(std::get<Joules>(reading) + Joules(power));
  };
}

void gauge_and_counter_are_of_other_things(Trial& trial, Random& random) {
  const Board board = random_board(random);
  MachineSensor power = gauge(attentive_kernel(random), board, random);
  const double factor =
      random.uniform() < 0.5 ? random.uniform(0.2, 0.45) : random.uniform(1.8, 3.0);
  power.model.faults = {
      {.fault = StreamFault::scope_change, .duration = Seconds(100.0), .factor = factor}};
  trial.power = Watts(random.uniform(150.0, 250.0));
  trial.sensors = {counter(board, random), outside_total(power)};
}

void power_lies_above_the_enforced_limit(Trial& trial, Random& random) {
  const Board board = random_board(random);
  trial.power = Watts(random.uniform(200.0, 350.0));
  trial.work = Seconds(random.uniform(8.0, 15.0));
  trial.sensors = {random.uniform() < 0.5 ? counter(board, random)
                                          : gauge(attentive_kernel(random), board, random)};
  trial.sensors[0].info.enforced_limit = random.uniform(0.3, 0.65) * trial.power;
}

void plug_sees_a_part_of_the_machine(Trial& trial, Random& random) {
  const Board board = random_board(random);
  trial.work = Seconds(random.uniform(15.0, 30.0));
  trial.power = Watts(random.uniform(200.0, 350.0));
  MachineSensor wall = plug(random);
  wall.model.gain *= random.uniform(0.1, 0.5);
  trial.sensors = {counter(board, random),
                   rapl("rapl:package-0", Domain::cpu_package, package_share, random), wall};
}

void psys_sees_less_than_its_package(Trial& trial, Random& random) {
  trial.sensors = {
      rapl("rapl:package-0", Domain::cpu_package, package_share, random),
      rapl("rapl:psys", Domain::platform, random.uniform(0.1, 0.6) * package_share, random)};
}

// What no reading shows is no fault here: an update that is late or said twice, a gauge of whole
// watts that repeats itself, one sensor alone that is off by a factor, a counter that pauses and
// makes up for it, another scope on a gauge that does not see all the time alike.
TEST(DetectionTest, EveryInjectedFaultIsSaid) {
  struct Fault {
    const char* name;
    void (*inject)(Trial&, Random&);
  };
  constexpr std::array faults{
      Fault{"a gauge repeats itself", gauge_repeats_itself},
      Fault{"a counter stands still", counter_stands_still},
      Fault{"a counter begins anew", counter_begins_anew},
      Fault{"reads fail", reads_fail},
      Fault{"reads of a gauge block", reads_of_a_gauge_block},
      Fault{"a reading is impossible", readings_are_impossible},
      Fault{"gauge and counter are of other things", gauge_and_counter_are_of_other_things},
      Fault{"the power lies above the enforced limit", power_lies_above_the_enforced_limit},
      Fault{"the plug sees a part of the machine", plug_sees_a_part_of_the_machine},
      Fault{"psys sees less than its package", psys_sees_less_than_its_package},
  };
  Random random(12);
  for (const auto& [name, inject] : faults) {
    constexpr int trials = 50;
    int said = 0;
    for (int i = 0; i < trials; ++i) {
      Trial trial;
      inject(trial, random);
      said += complaints_of(trial, random).empty() ? 0 : 1;
    }
    EXPECT_EQ(said, trials) << name;
  }
}

}  // namespace
}  // namespace wattfor::test::fault_detection_test
