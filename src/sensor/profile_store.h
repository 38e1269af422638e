#pragma once

#include <filesystem>

#include "response/profile.h"
#include "sensor/sensor.h"

namespace wattfor {

// What calibrations found, a JSON file for each device, driver and field in one folder, as
// to_json() writes them. What a file says counts, not its name; whose device is not found here is
// left alone, so that machines may share the folder where their sensors' ids tell them apart.

// $WATTFOR_PROFILES, else "profiles" in the user's data folder. Empty where there is neither.
std::filesystem::path profile_folder();

// Gives each sensor of `found` the profile that was stored of it. One of another driver or field is
// not used, nor one that the sensor's kind contradicts, nor a file that is no profile: for each
// there is a line in `found.warnings`. Nothing here throws; no folder, or an empty name, is no
// profile.
void apply_profiles(ProbeResult& found, const std::filesystem::path& folder);

// Stores a profile in place of that of the same device, driver and field, making the folder where
// there is none, and answers with its file. Throws Error naming the path.
std::filesystem::path store_profile(const std::filesystem::path& folder,
                                    const SensorProfile& profile);

}  // namespace wattfor
