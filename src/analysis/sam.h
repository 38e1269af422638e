#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "units/quantity.h"

namespace wattfor {

// The Sustainable-Accuracy Metric of the training study ("Watt for What", equation 1):
//
//   SAM = β · a^α / log₁₀(kWh)
//
// a is the accuracy as a share, α = β = 5 in the study, and kWh the electricity to train the model,
// pre-training included where there was any; that of the tests is not in it. No unit; more is
// better. It compares runs of one batch size on like hardware only (section 5.7).
struct SamConstants {
  double alpha = 5.0;
  double beta = 5.0;
};

enum class SamForm {
  published,
  // β · a^α / log₁₀(1 + kWh): defined for every electricity above zero. A variant, no substitute:
  // it tends to the published one for large runs, and to ln 10 · β · a^α / kWh for small ones.
  log1p,
};

struct Sam {
  double value = 0.0;
  // Below 10 kWh the logarithm is below one and hands out the score: 80 % at 1.01 kWh has 379.
  bool is_inflated = false;
};

// Why there is no score.
enum class SamFault {
  not_finite,                 // accuracy, electricity or a constant
  accuracy_is_no_percentage,  // outside 0 … 100
  constants_not_positive,
  no_electricity,  // not above zero
  too_little,      // log₁₀ is zero or negative at or below 1 kWh; the published form only
};

// In words for a user: what is wrong and what would help.
std::string_view explain(SamFault fault);

std::variant<Sam, SamFault> sam(double accuracy_percent, Joules electricity,
                                SamForm form = SamForm::published, SamConstants constants = {});

}  // namespace wattfor
