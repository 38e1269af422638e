#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace wattfor {

// The word of a list that takes the fewest insertions, removals and replacements of a character to
// come from `typed`; the first of several. For "did you mean"; `words` must not be empty.
std::string nearest_word(std::string_view typed, std::span<const std::string> words);

// The same of models' names, one at least: who typed no dot meant an architecture, and gets one.
std::string nearest_model(const std::string& typed, std::vector<std::string> models);

// Error{not_found}: the store has no `what` ("setup") of the name; it lists those that are there.
Error unknown_name(std::string_view what, const std::string& asked,
                   const std::vector<std::string>& there);

}  // namespace wattfor
