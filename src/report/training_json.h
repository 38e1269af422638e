#pragma once

#include <nlohmann/json.hpp>

#include "report/analyze.h"

namespace wattfor {

// What an analysis found of training runs: {"sam":[…], "sam_alpha":[…], "training_conditions":[…],
// "training_lines":[…], "training_phases":[…], "pretraining":[…], "training_years":[…]}.
nlohmann::json training_json(const Analysis& analysis);

}  // namespace wattfor
