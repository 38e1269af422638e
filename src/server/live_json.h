#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>

#include "measurement/measurement.h"
#include "report/top_view.h"

namespace wattfor {

// {"time":…, "scope":…, "power_w":…, "energy_j":…, "components":[…]}: the latest interval's power
// and the energy since the meter was started. `time` is the wall clock's, in UTC.
nlohmann::json power_json(const TopView& view, const std::string& time);

// {"runs": […]}, each of a record that is not finished.
nlohmann::json running_json(std::span<const Measurement> records);

}  // namespace wattfor
