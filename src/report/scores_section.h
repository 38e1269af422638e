#pragma once

#include <nlohmann/json.hpp>

#include "document/report.h"
#include "report/analyze.h"

namespace wattfor {

// The models that each score puts first, how far the scores agree, and what a least accuracy
// changes.
ReportSection scores_section(const Analysis& analysis);

// One entry a setup: {"setup":…, "weight":…, "rankings":[…], "agreements":[…], "thresholds":[…], …}
nlohmann::json scores_json(const Analysis& analysis);

}  // namespace wattfor
