#pragma once

#include "document/report.h"
#include "report/analyze.h"

namespace wattfor {

// The whole of an analysis to be read: sections of words, figures and tables. `sources` are those
// of what others published.
Report report_of(const Analysis& analysis, std::vector<ReportSource> sources = {});

}  // namespace wattfor
