#pragma once

#include <span>
#include <string>
#include <string_view>

namespace wattfor {

// The word of a list that takes the fewest insertions, removals and replacements of a character to
// come from `typed`; the first of several. For "did you mean"; `words` must not be empty.
std::string nearest_word(std::string_view typed, std::span<const std::string> words);

}  // namespace wattfor
