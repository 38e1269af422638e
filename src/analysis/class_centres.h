#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/judged_models.h"
#include "analysis/model_family.h"

namespace wattfor {

// Where the models of one class lie (inference study, figure 2): the means of ln E and of A.
struct ClassCentre {
  ModelClass model_class = ModelClass::cnn;
  std::size_t models = 0;
  double energy_j = 0.0;  // the geometric mean, per image
  double accuracy_percent = 0.0;
};

// Each row's family by the model's name; null for an unknown one.
std::vector<const ModelFamily*> families_of(const ModelTable& table);

// Of the classes that `models` has; those of unknown families are in none.
std::vector<ClassCentre> class_centres(const JudgedModels& models,
                                       std::span<const ModelFamily* const> families);

}  // namespace wattfor
