#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "calibration/calibration_load.h"
#include "calibration/polling.h"
#include "response/power_course.h"
#include "response/update_series.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// How a calibration's load is switched: so many times on and off, each stretch of another length,
// evenly distributed, so that it keeps step with nothing.
struct StepPlan {
  int steps = 60;
  Seconds shortest{0.5};
  Seconds longest{0.7};
  Seconds poll{0.002};  // between two readings
  Seconds beside{2.0};  // of rest before the first step and after the last
  std::uint64_t seed = 1;

  // On average.
  Seconds duration() const { return 2.0 * beside + steps * (shortest + longest); }
};

// When a load was on: it was switched at these times, in turn, off at first.
struct StepRecording {
  std::vector<Update> polls;  // as a Poller's, in seconds since the recording began
  std::vector<Seconds> switches;
  Seconds duration{0.0};
  int failures = 0;     // reads that failed, …
  std::string failure;  // … the last of them

  // The load as a course of 1 and 0, as identification takes it.
  PowerCourse load() const;
};

// Reads `sensor` again and again while `load` is switched. The load is off at its end, also where
// that is an exception. Nothing where it was ended before.
std::optional<StepRecording> record_steps(Sensor& sensor, CalibrationLoad& load,
                                          const StepPlan& plan, const RecordingHost& host);

}  // namespace wattfor
