#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/line_fit.h"
#include "measurement/model_table.h"

namespace wattfor {

// What a larger image costs a model and gives it (inference study, section 4.2 and figure 5): each
// weight set that stands at several input sizes against itself at the smallest. Sizes count by
// area, the side's square.
// Increases over a weight set's smallest size, in percent of what it has there: accuracy's, too, as
// the study has it, and not in points.
struct SizeStep {
  std::size_t row = 0;
  double area_percent = 0.0;
  double energy_percent = 0.0;
  double accuracy_percent = 0.0;  // NaN where it is unknown
};

struct InputAreaEffect {
  std::string setup;
  std::size_t weights = 0;  // that stand at two sizes or more
  // Of each weight set the slope of ln E over ln area, 1 where energy is in proportion to the area:
  // the 2.5 % quantile over the weight sets, the median, the 97.5 % quantile.
  double exponent_low = 0.0;
  double exponent_median = 0.0;
  double exponent_high = 0.0;
  std::vector<SizeStep> steps;  // of all weight sets
  // energy (accuracy) = intercept + slope · area, through all steps
  std::optional<LineFit> energy_percent;
  std::optional<LineFit> accuracy_percent;
};

// `accuracy_percent`, a place a row, NaN where it is unknown.
std::vector<InputAreaEffect> input_area_effects(const ModelTable& table,
                                                std::span<const double> accuracy_percent,
                                                std::span<const SetupColumns* const> setups);

}  // namespace wattfor
