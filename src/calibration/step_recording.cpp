#include "calibration/step_recording.h"

#include <algorithm>
#include <exception>
#include <random>
#include <variant>

namespace wattfor {
namespace {

// Switches the load off, however the recording ends.
class SwitchedOff {
 public:
  explicit SwitchedOff(CalibrationLoad& load) : load_(load) {}
  SwitchedOff(const SwitchedOff&) = delete;
  SwitchedOff& operator=(const SwitchedOff&) = delete;
  ~SwitchedOff() {
    try {
      load_.switch_off();
    } catch (const std::exception&) {
      return;  // the load's own end switches it off once more
    }
  }

 private:
  CalibrationLoad& load_;
};

// The lengths of all stretches, the rests at both ends among them.
std::vector<Seconds> stretches(const StepPlan& plan) {
  std::mt19937_64 random(plan.seed);
  const auto uniform = [&random] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  std::vector<Seconds> lengths{plan.beside};
  for (int i = 0; i + 1 < 2 * plan.steps; ++i) {
    lengths.push_back(plan.shortest + uniform() * (plan.longest - plan.shortest));
  }
  lengths.push_back(plan.beside);
  return lengths;
}

}  // namespace

PowerCourse StepRecording::load() const {
  PowerCourse course(switches.empty() ? Seconds(0.0) : switches.front(), Watts(0.0));
  for (std::size_t i = 0; i + 1 < switches.size(); ++i) {
    course.then(Watts(i % 2 == 0 ? 1.0 : 0.0), switches[i + 1] - switches[i]);
  }
  return course;
}

std::optional<StepRecording> record_steps(Sensor& sensor, CalibrationLoad& load,
                                          const StepPlan& plan, const RecordingHost& host) {
  const SwitchedOff at_the_end(load);
  StepRecording recording;
  const std::vector<Seconds> lengths = stretches(plan);
  const Instant start = host.clock.now();
  const auto now = [&] { return Seconds(host.clock.now() - start); };
  Seconds planned{0.0};
  Seconds next_poll{0.0};
  Seconds all{0.0};
  for (const Seconds length : lengths) all += length;

  const auto poll_until = [&](Seconds end) {
    while (now() < end) {
      const Seconds before = now();
      const Reading reading = sensor.read();
      const Seconds time = before + 0.5 * (now() - before);
      if (const auto* power = std::get_if<Watts>(&reading)) {
        recording.polls.push_back({time, *power});
      } else if (const auto* energy = std::get_if<Joules>(&reading)) {
        recording.polls.push_back({time, Watts(energy->value())});
      } else {
        ++recording.failures;
        recording.failure = std::get<ReadFailure>(reading).reason;
      }
      next_poll = std::max(next_poll + plan.poll, now());
      host.wait_until(start + ticks(std::min(next_poll, end)));
    }
  };
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (i > 0) {
      const Seconds before = now();
      const bool on = i % 2 == 1;
      on ? load.switch_on() : load.switch_off();
      recording.switches.push_back(before + 0.5 * (now() - before));
    }
    planned += lengths[i];
    poll_until(planned);
    if (!host.go_on(planned / all)) return std::nullopt;
  }
  recording.duration = now();
  return recording;
}

}  // namespace wattfor
