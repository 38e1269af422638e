#include "analysis/sam.h"

#include <cmath>
#include <optional>

namespace wattfor {
namespace {

std::optional<SamFault> fault_of(double accuracy_percent, double kwh, SamForm form,
                                 const SamConstants& constants) {
  const bool is_finite = std::isfinite(accuracy_percent) && std::isfinite(kwh) &&
                         std::isfinite(constants.alpha) && std::isfinite(constants.beta);
  if (!is_finite) return SamFault::not_finite;
  if (accuracy_percent < 0.0 || accuracy_percent > 100.0) {
    return SamFault::accuracy_is_no_percentage;
  }
  if (constants.alpha <= 0.0 || constants.beta <= 0.0) return SamFault::constants_not_positive;
  if (kwh <= 0.0) return SamFault::no_electricity;
  if (form == SamForm::published && kwh <= 1.0) return SamFault::too_little;
  return std::nullopt;
}

}  // namespace

std::string_view explain(SamFault fault) {
  switch (fault) {
    case SamFault::not_finite:
      return "the accuracy, the electricity or a constant is not a finite number";
    case SamFault::accuracy_is_no_percentage:
      return "the accuracy is not within 0 to 100 %";
    case SamFault::constants_not_positive:
      return "alpha and beta must be above zero";
    case SamFault::no_electricity:
      return "the electricity is not above zero";
    case SamFault::too_little:
      return "SAM divides by log10 of the kWh, which is zero or negative at or below 1 kWh; "
             "state the electricity of the whole training, or use the log1p variant";
  }
  return "";
}

std::variant<Sam, SamFault> sam(double accuracy_percent, Joules electricity, SamForm form,
                                SamConstants constants) {
  const double kwh = in_kilowatt_hours(electricity);
  if (const auto fault = fault_of(accuracy_percent, kwh, form, constants)) return *fault;
  const double decades =
      form == SamForm::log1p ? std::log1p(kwh) / std::log(10.0) : std::log10(kwh);
  const double value =
      constants.beta * std::pow(accuracy_percent / 100.0, constants.alpha) / decades;
  if (!std::isfinite(value)) return SamFault::not_finite;
  return Sam{.value = value, .is_inflated = kwh < 10.0};
}

}  // namespace wattfor
