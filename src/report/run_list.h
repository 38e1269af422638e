#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "measurement/measurement.h"

namespace wattfor {

// The runs among a store's records, cells of sweeps left out, in their order: a line each with id,
// time, name, duration, energy with its interval and basis, epochs, share of the data and accuracy.
std::vector<const Measurement*> runs_among(std::span<const Measurement> records);
// What each job took on all its nodes (analysis/job_record.h), in the order of their first runs.
std::vector<Measurement> jobs_of(std::span<const Measurement> records);
// `empty` is said where there are none.
std::string run_list_text(std::span<const Measurement* const> runs, const std::string& empty,
                          int width);
// [{"id":…, "name":…, "started_at":…, "outcome":…, "duration_s":…, "basis":…, "scope":…,
// "energy_j":…, …, "training":{…}, "epochs":…, "steps":…}]
nlohmann::json run_list_json(std::span<const Measurement* const> runs);

}  // namespace wattfor
