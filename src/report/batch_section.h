#pragma once

#include <nlohmann/json.hpp>

#include "document/report.h"
#include "report/analyze.h"

namespace wattfor {

// The energy of an image over the batch size: a figure a setup, the best batch sizes and every
// point. Empty where nothing was measured here at two batch sizes.
ReportSection batch_section(const Analysis& analysis);

// [{"setup":…, "model":…, "points":[…], "best_batch_size":…, …}]
nlohmann::json batch_curves_json(const Analysis& analysis);

}  // namespace wattfor
