#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "response/attention_test.h"
#include "response/kernel.h"
#include "response/power_course.h"
#include "response/profile.h"
#include "response/update_series.h"
#include "units/quantity.h"

namespace wattfor {

// A reading in equivalent time: `age` after the load's step, at `share` of the way that the step
// takes the readings. A step down is turned over; what neighbouring steps do to the reading is
// taken off by the fit.
struct StepPoint {
  Seconds age{0.0};
  double share = 0.0;
};

// What a gauge's readings tell of how it responds.
struct Identification {
  std::optional<ResponseKind> kind;  // nothing: it can't be told, and the profile's is none
  SensorProfile profile;             // what can't be told is absent
  std::vector<std::string> notes;    // what could not be told and why, what a figure rests on
  std::vector<StepPoint> points;     // in order of age
  // What a load in step with the updates showed, where there was one.
  std::optional<AttentionResult> attention_test = std::nullopt;
};

// A sensor's readings as a program polled them, in order of time; of a counter, joules as numbers.
// Nothing here throws for what a recording holds: what it does not tell stays absent, with a note.

// Against a reference of the same power: kind, T, d, W or τ, gain and offset. The load's true shape
// is known then, which is the best ground there is. The delay contains what the two clocks differ
// by.
Identification identify_from_reference(std::span<const Update> polls, const PowerCourse& reference);

// What identify_from_load() notes where gain and offset could be told otherwise.
inline constexpr std::string_view gain_needs_reference =
    "gain, offset: only a reference tells them";

// From the times at which a load ran, as a course of 0 and 1: kind, T, d, W or τ. Gain and offset
// are not told. The load's power may rise and fall exponentially, within 8 ms.
Identification identify_from_load(std::span<const Update> polls, const PowerCourse& load);

// From the readings alone, whose jumps are taken for a load's steps: T, and of a response that
// takes several updates its kind and W or τ.
Identification identify_from_readings(std::span<const Update> polls);

}  // namespace wattfor
