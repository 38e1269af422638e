#include "calibration/step_recording.h"

#include <random>

namespace wattfor {
namespace {

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
  const RecordingTime time(host);
  Poller poller(sensor, time, plan.poll);
  Seconds planned{0.0};
  Seconds all{0.0};
  for (const Seconds length : lengths) all += length;

  for (std::size_t i = 0; i < lengths.size(); ++i) {
    if (i > 0) {
      const Seconds before = time.now();
      const bool on = i % 2 == 1;
      on ? load.switch_on() : load.switch_off();
      recording.switches.push_back(before + 0.5 * (time.now() - before));
    }
    planned += lengths[i];
    poll_until({&poller}, time, planned);
    if (!host.go_on(planned / all)) return std::nullopt;
  }
  recording.duration = time.now();
  recording.polls = poller.polls();
  recording.failures = poller.failures();
  recording.failure = poller.failure();
  return recording;
}

}  // namespace wattfor
