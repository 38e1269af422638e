#pragma once

#include <map>
#include <optional>
#include <span>

#include "analysis/model_family.h"

namespace wattfor {

// How far a prediction was off, in standard deviations that it had claimed for itself.
struct ClaimedError {
  std::optional<ModelClass> model_class;  // nothing where it is unknown
  double deviations = 0.0;                // not negative
};

// How many of its standard deviations a prediction's 90 % interval reaches to each side, from
// predictions that are known to be off by so much: the least that holds 90 % of them and would hold
// one more (split conformal prediction: Lei et al., "Distribution-Free Predictive Inference for
// Regression", 2018). Of each class by its own errors where there are 50 or more.
class IntervalWidth {
 public:
  explicit IntervalWidth(std::span<const ClaimedError> errors);

  double deviations(std::optional<ModelClass> model_class) const;

 private:
  double of_all_;
  std::map<ModelClass, double> of_class_;
};

}  // namespace wattfor
