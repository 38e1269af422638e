#pragma once

#include "document/report.h"
#include "report/analyze.h"

namespace wattfor {

// What an analysis found of training runs, to be read. Empty where there are none.
ReportSection training_section(const Analysis& analysis);

}  // namespace wattfor
