#pragma once

#include <string>
#include <vector>

namespace wattfor {

// The names in at most `width` terminal columns, cut in the middle ("vit_ba…_384") where they must
// be. Two different names never come out alike: where no cut of that width tells them apart they
// stay longer than asked for.
std::vector<std::string> shorten_names(const std::vector<std::string>& names, int width);

}  // namespace wattfor
