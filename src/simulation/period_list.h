#pragma once

#include <string_view>
#include <vector>

#include "units/quantity.h"

namespace wattfor {

// Periods of a load to try.
struct PeriodList {
  std::vector<Seconds> all;     // rising, each once
  std::vector<Seconds> single;  // those that were named by themselves, rising
};

// "20:250:10,90,110": milliseconds, and stretches of them as FROM:TO:STEP with both ends. Throws
// Error{usage} that names the item for what is none of these, for a period that no load has (below
// 0.1 ms, above 600 s), and for more than 1,000 of them.
PeriodList period_list(std::string_view text);

}  // namespace wattfor
