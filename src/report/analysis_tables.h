#pragma once

#include "document/report.h"
#include "report/analyze.h"

// What an analysis found, as tables. A table without rows has nothing to say.
namespace wattfor {

ResultTable setups_table(const Analysis& analysis);
ResultTable correlations_table(const Analysis& analysis);
ResultTable reductions_table(const Analysis& analysis);
ResultTable front_table(const Analysis& analysis, const SetupFindings& setup);
ResultTable curves_table(const Analysis& analysis);
ResultTable classes_table(const Analysis& analysis);
ResultTable years_table(const Analysis& analysis);
ResultTable drivers_table(const Analysis& analysis);
ResultTable flawed_counts_table(const Analysis& analysis);
ResultTable naive_errors_table(const Analysis& analysis);
ResultTable input_area_table(const Analysis& analysis);
ResultTable power_table(const Analysis& analysis);

}  // namespace wattfor
