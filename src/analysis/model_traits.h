#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "analysis/model_family.h"
#include "measurement/model_table.h"

namespace wattfor {

// What the models' names tell, as columns to be limited: one number a row, NaN of a model whose
// family is not known.
struct TraitColumns {
  std::vector<double> model_class;  // number_of() the class
  std::vector<double> family;       // its place in model_families()
  std::vector<double> year;         // when the architecture was first public
};

TraitColumns traits_of(std::span<const ModelKey> models);

double number_of(ModelClass model_class);

}  // namespace wattfor
