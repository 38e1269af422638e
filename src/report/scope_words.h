#pragma once

#include <string>
#include <vector>

#include "measurement/energy.h"

namespace wattfor {

// A total's scope for a reader: what is of no kind that has a word goes by its own name, so that
// "other" becomes "module".
std::string scope_words(const std::string& scope, const std::vector<ComponentEnergy>& components);

}  // namespace wattfor
