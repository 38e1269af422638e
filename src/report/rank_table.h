#pragma once

#include <string>

#include "report/rank.h"

namespace wattfor {

// The ranked table and, below it, the Pareto plot and the models that could not be ranked. Fits
// `width` columns: less telling columns give way first, then model names are shortened in the
// middle, never so that two look alike.
std::string rank_table(const RankView& view, int width);

}  // namespace wattfor
