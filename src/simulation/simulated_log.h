#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "recording/known_truth.h"
#include "recording/marks.h"
#include "recording/nvidia_smi_log.h"
#include "response/power_course.h"
#include "response/profile.h"
#include "simulation/sensor_stream.h"
#include "simulation/simulation_spec.h"
#include "units/quantity.h"

namespace wattfor {

// A program that polls a gauge through stretches of work with idle before, between and after them.
struct WorkPlan {
  int windows = 10;
  Seconds length{5.0};
  // Each is longer by up to an update of the gauge, by chance: the work begins at any moment of its
  // beat.
  Seconds idle{3.0};
  Seconds poll_interval{0.005};
};

// What it would have left behind, on a virtual clock that begins at 2026-01-01 00:00:00 UTC; and
// what truly flowed.
struct SimulatedLog {
  Seconds begin{0.0};                  // since 1970
  PowerCourse course;                  // in seconds since `begin`, as are …
  std::vector<Publication> published;  // … the gauge's updates
  std::vector<Mark> marks;
  std::vector<Joules> truths;  // of each mark
  std::string text;            // as nvidia-smi writes it
};

// The gauge of that id, of the first where none is named. Throws Error{invalid_input} that lists
// the gauges for a counter, as a log holds watts, and for an id that is none.
const SimulatedSensorSpec& gauge_of(const SimulationSpec& spec,
                                    const std::optional<std::string>& id);

// The same for a seed on every machine. Reads that fail are in the log as nvidia-smi words them.
// Throws Error{usage} for a plan of more than a few million lines or periods of the load.
SimulatedLog simulated_log(const SimulationSpec& spec, const SimulatedSensorSpec& gauge,
                           const WorkPlan& plan);

// How the gauge responds, to the last digit, as a profile for replay(); of its gain and offset
// nothing, as of a board that was never held against a meter.
SensorProfile profile_of(const SimulationSpec& spec, const SimulatedSensorSpec& gauge);

// What replay() makes of the log with that profile, beside the truth. `file` is the log's name.
struct CheckedReplay {
  Replay replay;
  std::vector<CheckedWindow> windows;
};
CheckedReplay checked_replay(const SimulatedLog& log, const SensorProfile& profile,
                             const std::string& file);

// The same work at each of these periods of its load. Throws Error{invalid_input} for a waveform
// that has none.
std::vector<PeriodErrors> errors_by_period(const SimulationSpec& spec,
                                           const SimulatedSensorSpec& gauge, const WorkPlan& plan,
                                           std::span<const Seconds> periods);

}  // namespace wattfor
