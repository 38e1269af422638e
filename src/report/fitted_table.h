#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "document/text_table.h"

namespace wattfor {

// A table in whose column `name_place` stand names of models, of any length and by others, in at
// most `width` columns of a terminal: less telling columns give way first, then the names are
// shortened in the middle, never so that two look alike.
std::string fitted_table(const std::vector<TextColumn>& columns,
                         const std::vector<std::vector<std::string>>& rows, std::size_t name_place,
                         int width);

}  // namespace wattfor
