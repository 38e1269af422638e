#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "calibration/calibration_load.h"
#include "calibration/polling.h"
#include "response/gain_fit.h"
#include "response/profile.h"
#include "sensor/sensor.h"
#include "units/quantity.h"

namespace wattfor {

// A load's levels, up and down again, so that what drifts meanwhile (heat) is in both ways alike.
struct LadderPlan {
  int levels = 6;
  Seconds settling{1.0};  // at each level, before anything counts …
  Seconds dwell{2.0};     // … and how long counts
  Seconds poll{0.002};
  Seconds poll_reference{0.002};

  Seconds duration() const { return 2.0 * levels * (settling + dwell); }
};

// A load that keeps `share` of the device busy; of 0 none is asked for.
using LoadOfShare = std::function<std::unique_ptr<CalibrationLoad>(double share)>;

// Reads both sensors at each level. Nothing where it was ended before.
std::optional<std::vector<LoadLevel>> record_ladder(Sensor& sensor, Sensor& reference,
                                                    const LoadOfShare& load, const LadderPlan& plan,
                                                    const RecordingHost& host);

// Whether a reference has more in its readings than the sensor: a wall meter, or a module around a
// GPU. Its differences tell a gain then, its level no offset.
bool sees_more(const SensorInfo& reference, const SensorInfo& sensor);

// Gain and offset of the sensor as its levels beside the reference tell them, into `profile`: what
// the reference's own gain and offset leave open is in their errors. A line for the notes: what it
// rests on, or why nothing is told.
std::string take_gain(const std::vector<LoadLevel>& levels, const SensorInfo& reference,
                      const SensorInfo& sensor, SensorProfile& profile);

}  // namespace wattfor
