#pragma once

#include <optional>
#include <vector>

#include "calibration/calibration_load.h"
#include "calibration/polling.h"
#include "response/update_series.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// How a load is switched for an attention test: in step with the sensor's updates, at so many
// moments of their period.
struct PhasePlan {
  Seconds period{0.1};    // of the updates, and of the load
  Seconds settling{0.2};  // from a launch until updates show nothing but the load
  int phases = 8;
  int updates = 16;  // that are kept of each launch
  Seconds poll{0.002};

  Seconds each() const;      // launch
  Seconds duration() const;  // also with the load off, and on, for as long
};

struct PhaseRecording {
  std::vector<std::vector<Update>> launches;  // what attention_test() takes
  std::optional<Watts> swing;                 // the load's, as the sensor shows it
};

// Nothing where it was ended before. The load is off at its end, also where that is an exception.
std::optional<PhaseRecording> record_phases(Sensor& sensor, CalibrationLoad& load,
                                            const PhasePlan& plan, const RecordingHost& host);

}  // namespace wattfor
