#pragma once

#include <nlohmann/json.hpp>

#include "report/analyze.h"

namespace wattfor {

// {"setups":[…], "correlations":[…], "reductions":[…], "pareto":{…}, …}: stable keys that carry
// their unit; energies are joules per image, what is unknown or undefined is null. `batch_curves`
// is there only where something was measured at two batch sizes.
nlohmann::json to_json(const Analysis& analysis);

}  // namespace wattfor
