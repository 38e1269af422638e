// How often a sound machine is called faulty, and whether a faulty one is called so: simulated
// sensors, read as the meter reads them, over windows of work at random.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meter/energy_curve.h"
#include "meter/window_report.h"
#include "response/profile.h"
#include "simulation/load.h"
#include "simulation/sensor_stream.h"

namespace wattfor {
namespace {

constexpr Seconds interval{0.1};  // at which the meter reads, as it does by default
constexpr Watts limit{400.0};
const Instant start{std::chrono::seconds(1000)};

Instant at(Seconds time) { return start + ticks(time); }

// One sensor: what is known of it, and what it does.
struct SimulatedSensor {
  SensorInfo info;
  SensorModel model;
};

struct Window {
  Seconds from;
  Seconds to;
};

// Gain and offset of a board, as they scatter over boards.
struct Board {
  double gain = 1.0;
  Watts offset{0.0};
};

Board random_board(Random& random) {
  return {.gain = 1.0 + prior_gain_uncertainty * random.normal(),
          .offset = random.normal() * prior_offset_uncertainty};
}

SimulatedSensor gpu_sensor(std::string id, const Kernel& kernel, Seconds period, Board board,
                           Random& random) {
  const bool counts = kernel.kind == ResponseKind::counter;
  SimulatedSensor sensor;
  sensor.model = {.kernel = kernel,
                  .update_period = period,
                  .phase = Seconds(random.uniform(0.0, period.count())),
                  .period_jitter = Seconds(0.0005),
                  .gain = board.gain,
                  .offset = counts ? Watts(0.0) : board.offset,
                  .noise = counts ? Watts(0.0) : Watts(random.uniform(0.5, 2.0)),
                  .quantum = 0.001};
  SensorInfo& info = sensor.info;
  info.id = std::move(id);
  info.kind = counts ? SensorKind::energy_counter : SensorKind::power_gauge;
  info.domain = Domain::gpu;
  info.update_period = period;
  info.power_limit = limit;
  info.enforced_limit = limit;
  info.gain_uncertainty = prior_gain_uncertainty;
  info.offset_uncertainty = prior_offset_uncertainty;
  if (kernel.kind == ResponseKind::boxcar) info.averaging_window = kernel.window;
  if (kernel.kind == ResponseKind::exponential) {
    info.calibration =
        SensorProfile{.kind = kernel.kind,
                      .time_constant = Uncertain<Seconds>{.value = kernel.time_constant}};
  }
  return sensor;
}

// The kinds of gauges that boards have.
const std::array gauges{
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.025)},
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(0.1)},
    Kernel{.kind = ResponseKind::boxcar, .window = Seconds(1.0)},
    Kernel{.kind = ResponseKind::exponential, .time_constant = Seconds(0.2)},
};

SimulatedSensor gauge(const Kernel& kernel, Board board, Random& random) {
  return gpu_sensor("nvml:0:power", kernel, Seconds(0.1), board, random);
}

SimulatedSensor counter(Board board, Random& random) {
  const Kernel counts{.kind = ResponseKind::counter};
  return gpu_sensor("nvml:0:energy", counts, Seconds(random.uniform(0.02, 0.1)), board, random);
}

SimulatedSensor outside_total(SimulatedSensor sensor) {
  sensor.info.in_total = false;
  return sensor;
}

// A processor that works as the GPU does: its package, what psys sees of it, and the plug.
SimulatedSensor rapl(std::string id, Domain domain, double share, Random& random) {
  SimulatedSensor sensor;
  sensor.model = {.kernel = {.kind = ResponseKind::counter},
                  .update_period = Seconds(0.001),
                  .gain = share * (1.0 + 0.05 * random.normal()),
                  .quantum = 61e-6,
                  .counter_range = Joules(random.uniform(1e3, 262e3))};
  sensor.info.id = std::move(id);
  sensor.info.kind = SensorKind::energy_counter;
  sensor.info.domain = domain;
  sensor.info.update_period = sensor.model.update_period;
  sensor.info.counter_range = sensor.model.counter_range;
  sensor.info.gain_uncertainty = 0.05;
  sensor.info.in_total = domain != Domain::platform;
  return sensor;
}

constexpr double package_share = 0.4;  // of the GPU's power
constexpr double supply_efficiency = 0.92;

SimulatedSensor plug(Random& random) {
  SimulatedSensor sensor;
  sensor.model = {
      .kernel = {.kind = ResponseKind::boxcar,
                 .window = Seconds(1.0),
                 .delay = Seconds(random.uniform(0.0, 1.0))},  // a logger may be late
      .update_period = Seconds(1.0),
      .phase = Seconds(random.uniform()),
      .gain = (1.0 + package_share) / supply_efficiency * (1.0 + 0.01 * random.normal()),
      .offset = Watts(random.uniform(5.0, 50.0)),
      .noise = Watts(0.5),
      .quantum = 0.1};
  sensor.info.id = "csv:w.csv:power";
  sensor.info.kind = SensorKind::power_gauge;
  sensor.info.domain = Domain::wall;
  sensor.info.update_period = Seconds(1.0);
  sensor.info.averaging_window = Seconds(1.0);
  sensor.info.gain_uncertainty = 0.01;
  sensor.info.in_total = false;
  return sensor;
}

// Some work as deep learning draws it, by a board that keeps what its own sensor says below its
// limit.
Load random_load(Board board, Random& random) {
  constexpr std::array waveforms{Waveform::constant,  Waveform::square,   Waveform::pseudo_random,
                                 Waveform::training,  Waveform::decoding, Waveform::thermal_ramp,
                                 Waveform::throttling};
  const double most = (limit - board.offset).value() / board.gain;
  Load load{.idle = Watts(random.uniform(20.0, 80.0))};
  load.waveform = waveforms[static_cast<std::size_t>(random.uniform() * waveforms.size())];
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

// What happens to a poll on its way; nothing where it is lost.
using OnTheWay = std::function<std::optional<Reading>(Seconds, Reading)>;

// A sensor and its curve, as the meter reads it up to `until`.
class Metered {
 public:
  Metered(SimulatedSensor sensor, const PowerCourse& course, Seconds until, Random& random,
          const OnTheWay& on_the_way = {})
      : info_(std::move(sensor.info)), curve_(curve_of(info_, interval)) {
    const auto published =
        publications(course, sensor.model, course.start() - Seconds(1.0), until, random);
    const Seconds each = reading_interval(info_, interval);
    for (const auto& [time, value] :
         polled(published, course.start(), until, each, Seconds(0.001), random)) {
      Reading reading = Watts(value);
      if (info_.kind == SensorKind::energy_counter) reading = Joules(value);
      const auto arrived = on_the_way ? on_the_way(time, reading) : std::optional(reading);
      if (arrived) curve_->add({.time = at(time), .reading = *arrived});
    }
  }
  SensorCurve get() const { return {.sensor = &info_, .curve = curve_.get()}; }

 private:
  SensorInfo info_;
  std::unique_ptr<EnergyCurve> curve_;
};

std::vector<ComponentEnergy> components(const std::vector<std::unique_ptr<Metered>>& sensors,
                                        const Window& window) {
  std::vector<SensorCurve> curves;
  curves.reserve(sensors.size());
  for (const auto& sensor : sensors) curves.push_back(sensor->get());
  return component_energies(curves, at(window.from), at(window.to), {});
}

// Everything that a record would say is wrong.
std::vector<std::string> complaints(const std::vector<ComponentEnergy>& components) {
  std::vector<std::string> all;
  for (const ComponentEnergy& component : components) {
    if (!component.gross) all.push_back(component.name + ": no figure");
    all.insert(all.end(), component.faults.begin(), component.faults.end());
    for (const Gap& gap : component.gaps) all.push_back(component.name + ": " + gap.reason);
  }
  return all;
}

// Work and pauses at random for some 20 s, and windows of it: each work, some of it, what lies
// between two, and several with the pauses between.
struct Session {
  PowerCourse course;
  std::vector<Window> windows;
  Seconds until;
};

Session random_session(const Load& load, Random& random) {
  LiveLoad live(load, random.seed());
  std::vector<Window> works;
  Seconds time(2.0);
  while (time < Seconds(20.0)) {
    const Window work{time, time + Seconds(random.uniform(0.2, 3.0))};
    live.advance(work.from);
    live.begin_work(work.from);
    live.advance(work.to);
    live.end_work(work.to);
    works.push_back(work);
    time = work.to + Seconds(random.uniform(0.3, 3.0));
  }
  const Seconds until = time + Seconds(4.0);
  live.advance(until);
  Session session{.course = live.course(), .windows = works, .until = until};
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
  const auto kernel = gauges[static_cast<std::size_t>(random.uniform() * gauges.size())];
  const Board gauges_board =
      boards == Boards::one_for_all_sensors ? board : random_board(random);
  const Session session = random_session(random_load(board, random), random);

  std::vector<SimulatedSensor> described;
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
  for (SimulatedSensor& sensor : described) {
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
      << "one board:\n" << one.text() << "a board each:\n" << each.text();
}

}  // namespace
}  // namespace wattfor
