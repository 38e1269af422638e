#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "response/identify.h"

namespace wattfor {

// What a calibration found. A kind that could not be told is null; `notes` says what else was not
// told and why, and what a figure rests on; `attention_test` what a load in step with the updates
// read at each launch phase, or null. Otherwise the keys of a profile.
nlohmann::json calibration_json(const Identification& found);

// The same for a person: a table with units, and the notes below in `width` columns.
std::string calibration_text(const Identification& found, int width);

// A profile in a line: "calibrated 2026-…: T 100.3 ms, W 24.9 ms, gain 0.961 ± 0.2 % (against …)".
std::string profile_words(const SensorProfile& profile);

}  // namespace wattfor
