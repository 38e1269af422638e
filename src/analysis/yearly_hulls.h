#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/judged_models.h"
#include "analysis/model_family.h"

namespace wattfor {

// The third of the hull's energies, by their logarithm, that a movement is told for.
enum class EnergyThird { low, middle, high };

// The upper-left hull of all models published up to a year (inference study, figure 3).
struct YearlyHull {
  int year = 0;
  std::size_t models = 0;      // up to it
  std::size_t new_models = 0;  // of it
  JudgedModels corners;        // from the least energy to the most accurate
  // By how many points the hull rose over the year before's, on average over the energies of the
  // third at which there was one; the thirds are those of the last year's hull. Right of its last
  // corner a hull is level: a model of less energy is there to be taken.
  std::array<std::optional<double>, 3> rise_percent;
  // What the least energy for the accuracies of the year before's hull came to be, as a factor on
  // average over them (geometric): below one where the hull moved to the left.
  std::optional<double> energy_factor;
};

// From the first year that has models on. Models of unknown families don't count.
std::vector<YearlyHull> yearly_hulls(const JudgedModels& models,
                                     std::span<const ModelFamily* const> families);

}  // namespace wattfor
