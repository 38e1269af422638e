#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measurement/model_table.h"

namespace wattfor {

// "resnet50" where a model has one input size or is no image's, "resnet50@224" at the one meant.
std::string words_of(const ModelKey& key);

// The row that a user's words mean, MODEL or MODEL@INPUT_SIZE, among the `eligible` ones (one flag
// a row). Throws Error{usage} where a model has several sizes (it lists them), Error{not_found}
// with what is nearest where there is none; `place` tells where it was looked for: "on A100_TRT".
std::size_t required_model(const ModelTable& table, const std::string& words,
                           const std::vector<bool>& eligible, const std::string& place);

}  // namespace wattfor
