// How often a sound machine is called faulty: simulated sensors, read as the meter reads them, over
// windows of work at random.

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulation/load.h"
#include "support/simulated_machine.h"

namespace wattfor::test::false_alarms_test {
namespace {

// Some work as deep learning draws it, by a board that keeps what its own sensor says below its
// limit.
Load random_load(Board board, Random& random) {
  constexpr std::array waveforms{Waveform::constant,  Waveform::square,   Waveform::pseudo_random,
                                 Waveform::training,  Waveform::decoding, Waveform::thermal_ramp,
                                 Waveform::throttling};
  const double most = (limit - board.offset).value() / board.gain;
  Load load{.waveform = one_of(waveforms, random), .idle = Watts(random.uniform(20.0, 80.0))};
  load.low = Watts(random.uniform(80.0, 150.0));
  load.high = Watts(random.uniform() < 0.3 ? 0.99 * most : random.uniform(200.0, 0.95 * most));
  load.period = Seconds(random.uniform(0.02, 0.4));
  load.duty = random.uniform(0.2, 0.8);
  load.phase = random.uniform();
  load.settling = Seconds(random.uniform(0.3, 2.0));
  load.rise = random.uniform() < 0.5 ? Seconds(0.0) : Seconds(0.004);
  load.noise = random.uniform() < 0.5 ? Watts(0.0) : Watts(random.uniform(1.0, 10.0));
  return load;
}

// Work and pauses at random for some 20 s, and windows of it: each work, some of it, what lies
// between two, and several with the pauses between.
struct Session {
  PowerCourse course;
  std::vector<Window> windows;
  Seconds until;
};

Session random_session(const Load& load, Random& random) {
  const Seconds pause(2.0);
  PowerCourse course(Seconds(0.0), load.idle);
  course.then(load.idle, pause);
  std::vector<Window> works;
  while (course.end() < Seconds(20.0)) {
    const Seconds from = course.end();
    const Seconds length(random.uniform(0.2, 3.0));
    const PowerCourse drawn = work(load, from, length, load.idle, random);
    for (std::size_t i = 0; i < drawn.powers().size(); ++i) {
      course.then(drawn.powers()[i], drawn.edges()[i + 1] - drawn.edges()[i]);
    }
    works.push_back({from, from + length});
    course.then(load.idle, Seconds(random.uniform(0.3, 3.0)));
  }
  const Seconds until = course.end() + Seconds(4.0);
  course.finally(load.idle);
  Session session{.course = std::move(course), .windows = works, .until = until};
  for (std::size_t i = 0; i < works.size(); ++i) {
    const auto& [from, to] = works[i];
    const double share = random.uniform(0.1, 0.9);
    session.windows.push_back({from + share * (to - from), to});
    if (i == 0) continue;
    session.windows.push_back({works[i - 1].to, from});
    const auto first = static_cast<std::size_t>(random.uniform() * static_cast<double>(i));
    session.windows.push_back({works[first].from, to});
  }
  return session;
}

enum class Boards { one_for_all_sensors, one_for_each_sensor };

// Counts windows of which anything was said, by what.
struct Alarms {
  int windows = 0;
  int alarms = 0;
  std::map<std::string, int> said;

  std::string text() const {
    std::string lines = std::to_string(alarms) + " of " + std::to_string(windows) + " windows\n";
    for (const auto& [words, times] : said) lines += std::to_string(times) + " × " + words + "\n";
    return lines;
  }
};

void run_session(Boards boards, Random& random, Alarms& alarms) {
  const Board board = random_board(random);
  const Kernel kernel = one_of(gauges, random);
  const Board gauges_board = boards == Boards::one_for_all_sensors ? board : random_board(random);
  const Session session = random_session(random_load(board, random), random);

  std::vector<MachineSensor> described;
  const bool has_counter = random.uniform() < 0.7;
  if (has_counter) {
    described = {counter(board, random), outside_total(gauge(kernel, gauges_board, random))};
  } else {
    described = {gauge(kernel, board, random)};
  }
  if (random.uniform() < 0.3) {
    described.push_back(rapl("rapl:package-0", Domain::cpu_package, package_share, random));
    described.push_back(rapl("rapl:psys", Domain::platform, 1.5 * package_share, random));
    described.push_back(plug(random));
  }
  std::vector<std::unique_ptr<Metered>> sensors;
  sensors.reserve(described.size());
  for (MachineSensor& sensor : described) {
    sensors.push_back(
        std::make_unique<Metered>(std::move(sensor), session.course, session.until, random));
  }
  for (const Window& window : session.windows) {
    const auto said = complaints(components(sensors, window));
    ++alarms.windows;
    alarms.alarms += said.empty() ? 0 : 1;
    for (const std::string& words : said) ++alarms.said[words];
  }
}

Alarms alarms_of(Boards boards, int windows) {
  Random random(11);
  Alarms alarms;
  while (alarms.windows < windows) run_session(boards, random, alarms);
  return alarms;
}

constexpr int windows_to_see = 5000;  // of each kind of boards

TEST(FalseAlarmTest, FewerThanOneOfAThousandSoundWindowsIsCalledFaulty) {
  const Alarms one = alarms_of(Boards::one_for_all_sensors, windows_to_see);
  const Alarms each = alarms_of(Boards::one_for_each_sensor, windows_to_see);
  EXPECT_GE(one.windows + each.windows, 10'000);
  EXPECT_LT(1000 * (one.alarms + each.alarms), one.windows + each.windows)
      << "one board:\n"
      << one.text() << "a board each:\n"
      << each.text();
}

}  // namespace
}  // namespace wattfor::test::false_alarms_test
