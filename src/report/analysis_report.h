#pragma once

#include "document/report.h"
#include "report/analyze.h"

namespace wattfor {

// The whole of an analysis to be read: sections of words, figures and tables. `sources` are where
// imported figures came from.
Report report_of(const Analysis& analysis, const std::vector<Source>& sources = {});

}  // namespace wattfor
