#pragma once

#include <optional>
#include <span>
#include <string>

#include "measurement/measurement.h"
#include "measurement/model_table.h"
#include "report/top_view.h"

namespace wattfor {

// What Prometheus reads (its text format 0.0.4): the power and energy of this machine's components
// where a meter runs, the measurements that are going on in the store, and how many models it has.
// Names follow its rules:
// base units, `_total` of what only grows.
std::string metrics_text(const std::optional<TopView>& live, std::span<const Measurement> running,
                         const ModelTable& models);

}  // namespace wattfor
